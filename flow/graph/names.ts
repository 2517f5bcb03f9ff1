/** A name that no node has: `wanted`, else `wanted 1`, `wanted 2`, … as n8n counts. */
export function uniqueName(taken: Iterable<string>, wanted: string): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  const base = wanted.replace(/ ?\d+$/, "") || wanted;
  for (let count = 1; ; count++) {
    const candidate = `${base} ${count}`;
    if (!names.has(candidate)) return candidate;
  }
}
