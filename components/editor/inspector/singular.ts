/** What one element of a list is called, from the list's title: `Fields to set` → `field`, `Query parameters` → `query parameter`. */
export function singular(title: string): string {
  const noun = title.toLowerCase().split(/ (?:to|of|in|for) /)[0] ?? title;
  return /[^s]s$/.test(noun) ? noun.slice(0, -1) : noun;
}
