/** Domains, e-mail addresses and URLs in texts. Every scan here is linear: the texts come from outside. */

const LABEL = /^[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?$/i;
const TOP_LEVEL = /^(?:[a-z\u00a1-\uffff]{2,63}|xn--[a-z0-9-]{2,59})$/i;

export function isDomain(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split(".");
  const last = labels.pop() ?? "";
  return labels.length > 0 && TOP_LEVEL.test(last) && labels.every((label) => LABEL.test(label));
}

const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~\u00a1-\uffff-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u00a1-\uffff-]+)*$/;

export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  return at > 0 && at <= 64 && LOCAL_PART.test(text.slice(0, at)) && isDomain(text.slice(at + 1));
}

export function isUrl(text: string): boolean {
  if (!/^(?:https?|ftps?):\/\/\S+$/i.test(text)) return false;
  try {
    const { hostname } = new URL(text);
    return isDomain(hostname) || hostname === "localhost" || /^[\d.]+$/.test(hostname) || hostname.startsWith("[");
  } catch {
    return false;
  }
}

const LOCAL_CHAR = /[\w.!#$%&'*+/=?^`{|}~\u00a1-\uffff-]/;
const DOMAIN_CHAR = /[a-z0-9.\u00a1-\uffff-]/i;

/** The first e-mail address in a text. */
export function extractEmail(text: string): string | undefined {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && LOCAL_CHAR.test(text[start - 1] as string)) start--;
    let end = at + 1;
    while (end < text.length && end - at < 255 && DOMAIN_CHAR.test(text[end] as string)) end++;
    const local = text.slice(start, at).replace(/^[.'"]+/, "");
    const domain = text.slice(at + 1, end).replace(/[.-]+$/, "");
    if (isEmail(`${local}@${domain}`)) return `${local}@${domain}`;
  }
  return undefined;
}

/** The first URL with its scheme in a text; a full stop or bracket after it is the sentence's. */
export function extractUrl(text: string): string | undefined {
  const found = /https?:\/\/[^\s<>"'`{}|\\^]+/i.exec(text)?.[0];
  if (found === undefined) return undefined;
  let url = found;
  while (/[.,;:!?)\]]$/.test(url) && !(url.endsWith(")") && url.includes("("))) url = url.slice(0, -1);
  return URL.canParse(url) ? url : undefined;
}

/** The domain of an e-mail address or URL. */
export function extractDomain(text: string): string | undefined {
  const trimmed = text.trim();
  if (isEmail(trimmed)) return trimmed.slice(trimmed.lastIndexOf("@") + 1);
  const url = parseUrl(trimmed);
  if (url) return url.hostname === "" ? undefined : url.hostname;
  const host = /^[^/?#:\s]+/.exec(trimmed)?.[0] ?? "";
  if (isDomain(host)) return host;
  const inside = extractUrl(trimmed) ?? "";
  return parseUrl(inside)?.hostname ?? extractEmail(trimmed)?.split("@")[1];
}

/** The part of a URL after the domain, without the query. */
export function extractUrlPath(text: string): string | undefined {
  const trimmed = text.trim();
  const url = parseUrl(trimmed);
  if (url) return url.pathname;
  const host = /^[^/?#:\s]+/.exec(trimmed)?.[0] ?? "";
  return isDomain(host) ? parseUrl(`https://${trimmed}`)?.pathname : undefined;
}

function parseUrl(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
