/** Where to go after signing in or out: the address when it is one of ours, else our front page. Anything else could lead people away. */
export function returnUrl(given: unknown, origin: string): string {
  if (typeof given !== "string" || given.length > 4_000) return origin;
  const base = given.startsWith("/") ? origin : undefined;
  if (!URL.canParse(given, base)) return origin;
  const url = new URL(given, base);
  if (url.origin !== origin) return origin;
  return base ? url.href : given;
}

/** Whether an address is one at all. NextAuth takes any other in its cookies for a mistake in the configuration. */
export const isWebAddress = (given: string, origin: string): boolean => {
  const base = given.startsWith("/") ? origin : undefined;
  return URL.canParse(given, base) && /^https?:$/.test(new URL(given, base).protocol);
};
