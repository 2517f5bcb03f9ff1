import { type ImportedTool, type ImportProblem, unreadable } from "../imported-tool";
import { type PlainRequest, toActions } from "../plain-request";
import { shellWords } from "./tokens";

const MAX_LENGTH = 1_000_000;

export const isCurl = (text: string): boolean => /^\s*(\$\s+)?curl(\.exe)?\s/i.test(text);

/** Options that take no value and say nothing about the request. */
const SILENT = new Set(
  "-s -S -v -i -k -L -f -# -N -O -g -4 -6 -J -sS --silent --show-error --verbose --include --insecure --location --fail --compressed --no-buffer --globoff --http1.1 --http2 --progress-bar --path-as-is --location-trusted --fail-with-body".split(
    " ",
  ),
);
/** Options whose value says nothing about the request. */
const SILENT_WITH_VALUE = new Set(
  "-o -m -w -x -c --output --max-time --connect-timeout --retry --retry-delay --write-out --proxy --cookie-jar --cacert --resolve --interface --limit-rate --max-redirs --retry-max-time --tlsv1.2 --ciphers".split(
    " ",
  ),
);
const SHORT_WITH_VALUE = /^-([XHdFuAebo])(.+)$/s;

/**
 * A tool and one action out of a `curl` command. What proves who calls becomes the tool's way of it; the secret itself is not
 * taken along.
 * @throws ServiceError `invalid` for what is no such command
 */
export function importCurl(text: string): ImportedTool {
  if (text.length > MAX_LENGTH) throw unreadable("The command is longer than a million characters.");
  const words = shellWords(text.trim().replace(/^\$\s+/, ""));
  if (!/^curl(\.exe)?$/i.test(words[0] ?? "")) throw unreadable('The command does not begin with "curl".');
  const problems: ImportProblem[] = [];
  const note = (message: string): void => void problems.push({ operation: null, message, kind: "changed" });
  const request = readWords(words.slice(1), note);
  return toActions([request], { source: "curl", name: null, problems });
}

function readWords(words: string[], note: (message: string) => void): PlainRequest {
  let method: string | null = null;
  let url: string | null = null;
  let isGet = false;
  let bodyType: PlainRequest["bodyType"] = "none";
  const headers: [string, string][] = [];
  const data: { text: string; encode: boolean }[] = [];
  const form: PlainRequest["fields"] = [];
  let user: string | null = null;
  let bearer: string | null = null;
  for (let index = 0; index < words.length; index++) {
    let word = words[index] as string;
    let attached: string | null = null;
    const short = SHORT_WITH_VALUE.exec(word);
    if (short && !SILENT.has(word)) [word, attached] = [`-${short[1]}`, short[2] ?? ""];
    const long = /^(--[a-z0-9.-]+)=(.*)$/s.exec(word);
    if (long) [word, attached] = [long[1] ?? "", long[2] ?? ""];
    const value = (): string => attached ?? words[++index] ?? "";
    switch (word) {
      case "-X":
      case "--request":
        method = value().toUpperCase();
        break;
      case "-H":
      case "--header": {
        const [, name = "", content = ""] = /^([^:;]+)[:;]\s*(.*)$/s.exec(value()) ?? [];
        if (name) headers.push([name.trim(), content.trim()]);
        break;
      }
      case "-d":
      case "--data":
      case "--data-ascii":
      case "--data-raw":
      case "--data-binary":
      case "--data-urlencode": {
        const content = value();
        if (word !== "--data-raw" && content.startsWith("@")) note(`The body of ${content} is a file here: write what is in it`);
        data.push({ text: content, encode: word === "--data-urlencode" });
        if (bodyType === "none") bodyType = "form";
        break;
      }
      case "--json":
        data.push({ text: value(), encode: false });
        bodyType = "json";
        break;
      case "-F":
      case "--form":
      case "--form-string": {
        const [, name = "", content = ""] = /^([^=]*)=(.*)$/s.exec(value()) ?? [];
        const isFile = word !== "--form-string" && /^[@<]/.test(content);
        form.push({ name, value: isFile ? "" : content, isFile });
        bodyType = "multipart";
        break;
      }
      case "-u":
      case "--user":
        user = value();
        break;
      case "--oauth2-bearer":
        bearer = value();
        break;
      case "-A":
      case "--user-agent":
        headers.push(["User-Agent", value()]);
        break;
      case "-e":
      case "--referer":
        headers.push(["Referer", value()]);
        break;
      case "-b":
      case "--cookie":
        headers.push(["Cookie", value()]);
        break;
      case "-G":
      case "--get":
        isGet = true;
        break;
      case "-I":
      case "--head":
        method = "HEAD";
        break;
      case "--url":
        url = value();
        break;
      default:
        if (SILENT.has(word)) break;
        if (SILENT_WITH_VALUE.has(word)) value();
        else if (word.startsWith("-") && word.length > 1) note(`The option ${word.slice(0, 40)} is not known here and left out`);
        else url ??= word;
    }
  }
  if (!url) throw unreadable("The command has no URL.");
  const body = data.map(({ text, encode }) => (encode ? encoded(text) : text)).join("&");
  if (bearer !== null) headers.push(["Authorization", `Bearer ${bearer}`]);
  if (user !== null) headers.push(["Authorization", `Basic ${user}`]);
  if (isGet && body !== "") url = `${url}${url.includes("?") ? "&" : "?"}${body}`;
  return {
    name: null,
    group: null,
    description: null,
    method: method ?? (isGet || bodyType === "none" ? "GET" : "POST"),
    url: /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || url.startsWith("{{") ? url : `http://${url}`,
    headers,
    bodyType: isGet ? "none" : bodyType,
    body: isGet ? "" : body,
    fields: form,
  };
}

/** `name=text`, with the text encoded. */
function encoded(text: string): string {
  const equals = text.indexOf("=");
  return equals < 0
    ? encodeURIComponent(text)
    : `${equals === 0 ? "" : `${text.slice(0, equals)}=`}${encodeURIComponent(text.slice(equals + 1))}`;
}
