/** An address of the web, whole; null for anything else, such as `javascript:`. */
export function webAddress(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
}
