/**
 * Place of a visit in n8n's v1 order, in which an execution would run one node at a time, depth first, the topmost branch
 * first: `[round, steps, index, steps, index, steps, …]`. The first number counts the rounds of nodes that ran with some of
 * their inputs missing once nothing else could reach them; then steps along a line alternate with the branch taken at a fork,
 * so that a path grows with forks and not with the length of a line or of a loop.
 */
export type Path = readonly number[];

export const ROOT_PATH: Path = [0, 0];

export function comparePaths(a: Path, b: Path): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Path of the `index`-th of `siblings` visits that follow from the one at `path`. */
export function childPath(path: Path, index: number, siblings: number): Path {
  const line = [...path.slice(0, -1), path[path.length - 1]! + 1];
  return siblings === 1 ? line : [...line, index, 0];
}

/** Path of a visit that runs with inputs missing, after everything of the round of its last arrival. */
export const nextRound = (path: Path): Path => [path[0]! + 1, ...path.slice(1)];
