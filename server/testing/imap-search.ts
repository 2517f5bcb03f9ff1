export type SearchToken = string | SearchToken[];

interface Message {
  uid: number;
  flags: ReadonlySet<string>;
  source: Buffer;
  received: Date;
}

/** Whether a number is in a set as IMAP writes one: `1,5:7,10:*`. */
export function numbersIn(set: string, largest: number): (value: number) => boolean {
  const ranges = set.split(",").map((part) => {
    const [from = 0, to = from] = part.split(":").map((end) => (end === "*" ? largest : Number(end)));
    return [Math.min(from, to), Math.max(from, to)] as const;
  });
  return (value) => ranges.some(([from, to]) => value >= from && value <= to);
}

const day = (text: string): number => {
  const [date = "1", month = "Jan", year = "1970"] = text.split("-");
  return Date.UTC(Number(year), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ").indexOf(month), Number(date)) / 86_400_000;
};

const FLAGS: Record<string, string> = {
  SEEN: "\\Seen",
  FLAGGED: "\\Flagged",
  ANSWERED: "\\Answered",
  DELETED: "\\Deleted",
  DRAFT: "\\Draft",
};

/** Whether all criteria of a SEARCH hold. */
export function isMatch(criteria: readonly SearchToken[], message: Message): boolean {
  const left = [...criteria];
  while (left.length > 0) if (!one(left, message)) return false;
  return true;
}

/** Takes one criterion with its operands off the front. */
function one(left: SearchToken[], message: Message): boolean {
  const word = left.shift();
  if (Array.isArray(word)) return isMatch(word, message);
  const name = String(word).toUpperCase();
  const text = (): string => String(left.shift()).toLowerCase();
  const [head = "", ...body] = message.source.toString().split("\r\n\r\n");
  const header = (key: string, value: string): boolean => {
    const found = new RegExp(`^${key}:(.*(?:\\r\\n[ \\t].*)*)`, "mi").exec(head)?.[1];
    return found?.toLowerCase().includes(value) ?? false;
  };
  const bare = name.replace(/^UN/, "");
  if (Object.hasOwn(FLAGS, bare)) return message.flags.has(FLAGS[bare] ?? "") === (bare === name);
  const received = Math.floor(message.received.getTime() / 86_400_000);
  switch (name) {
    case "ALL":
      return true;
    case "NOT":
      return !one(left, message);
    case "OR": {
      const first = one(left, message);
      return one(left, message) || first;
    }
    case "FROM":
    case "TO":
    case "CC":
    case "SUBJECT":
      return header(name, text());
    case "HEADER":
      return header(text(), text());
    case "BODY":
      return body.join("\r\n\r\n").toLowerCase().includes(text());
    case "TEXT":
      return message.source.toString().toLowerCase().includes(text());
    case "SINCE":
      return received >= day(String(left.shift()));
    case "BEFORE":
      return received < day(String(left.shift()));
    case "ON":
      return received === day(String(left.shift()));
    case "LARGER":
      return message.source.length > Number(left.shift());
    case "SMALLER":
      return message.source.length < Number(left.shift());
    case "UID":
      return numbersIn(String(left.shift()), Number.MAX_SAFE_INTEGER)(message.uid);
    default:
      throw new Error(`The IMAP server of the tests does not know the criterion ${name}`);
  }
}
