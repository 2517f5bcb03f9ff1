/** A key out of a name: `Create Jira Ticket` is `create-jira-ticket`. */
export function keyFromName(name: string, fallback: string): string {
  const key = name
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 100)
    .replaceAll(/^-+|-+$/g, "");
  return key === "" ? fallback : key;
}

/** The key, or the first of `key-2`, `key-3`, … that is free. */
export function freeKey(key: string, isTaken: (key: string) => boolean): string {
  if (!isTaken(key)) return key;
  for (let number = 2; ; number++) {
    const candidate = `${key.slice(0, 110)}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
