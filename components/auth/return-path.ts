/** Where to go after signing in: a path of this site only, or the list of flows. Anything else could lead people away. */
export function safeReturnPath(value: string | string[] | undefined): string {
  const path = Array.isArray(value) ? value[0] : value;
  if (!path || !/^\/(?![/\\])/.test(path) || /[\\\p{Cc}]/u.test(path)) return "/flows";
  return path.startsWith("/sign-in") || path.startsWith("/register") ? "/flows" : path;
}
