/** The name most like the wrong one, when there is one that could be meant. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const target = wrong.trim().toLowerCase();
  let best: string | undefined;
  // A third of the letters may be wrong, but never all of them.
  let bestDistance = Math.min(target.length, Math.max(2, Math.floor(target.length / 3)) + 1);
  for (const name of names.slice(0, 1000)) {
    const distance = editDistance(target, name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Letters to add, drop or change; `limit` when it is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 200) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] ?? limit, limit);
}
