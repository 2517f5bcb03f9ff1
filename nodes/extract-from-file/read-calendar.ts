import { DateTime, IANAZone } from "luxon";
import type { Json, JsonObject } from "@/flow/item";

interface Line {
  name: string;
  parameters: Record<string, string>;
  value: string;
}

interface Component {
  name: string;
  lines: Line[];
  parts: Component[];
}

/**
 * A calendar (RFC 5545) as an object: its own properties and its events. Dates are ISO 8601; those of whole days have no time.
 * @param zone Of times that name none.
 * @throws Error for what is no calendar.
 */
export function readCalendar(text: string, zone: string): JsonObject {
  const calendar = parse(text).parts.find((part) => part.name === "VCALENDAR");
  if (!calendar) throw new Error("is no calendar: it has no BEGIN:VCALENDAR");
  const events = calendar.parts.filter((part) => part.name === "VEVENT");
  return { ...others(calendar.lines, []), events: events.map((event) => eventOf(event, zone)) };
}

function parse(text: string): Component {
  const root: Component = { name: "", lines: [], parts: [] };
  const open = [root];
  for (const raw of text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/)) {
    const line = parseLine(raw);
    if (!line) continue;
    const current = open[open.length - 1] as Component;
    if (line.name === "BEGIN") {
      const part = { name: line.value.toUpperCase(), lines: [], parts: [] };
      current.parts.push(part);
      open.push(part);
    } else if (line.name === "END") {
      if (open.length > 1) open.pop();
    } else current.lines.push(line);
  }
  return root;
}

function parseLine(raw: string): Line | null {
  const head = /^([\w-]+)((?:;[\w-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):/.exec(raw);
  if (!head) return null;
  const parameters: Record<string, string> = {};
  for (const [, key = "", value = ""] of (head[2] ?? "").matchAll(/;([\w-]+)=((?:"[^"]*"|[^";])*)/g)) {
    parameters[key.toUpperCase()] = value.replace(/"/g, "");
  }
  return { name: (head[1] as string).toUpperCase(), parameters, value: raw.slice(head[0].length) };
}

const unescaped = (text: string): string =>
  text.replace(/\\([\\;,nN])/g, (_, character: string) => (character.toLowerCase() === "n" ? "\n" : character));

function dateOf({ value, parameters }: Line, zone: string): string {
  if (parameters.VALUE === "DATE" || /^\d{8}$/.test(value)) return `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`;
  const named = parameters.TZID ?? zone;
  const date = DateTime.fromISO(value, { zone: IANAZone.isValidZone(named) ? named : zone, setZone: true });
  return date.toISO() ?? value;
}

const person = ({ value, parameters }: Line): JsonObject => ({
  email: value.replace(/^mailto:/i, ""),
  ...(parameters.CN !== undefined && { name: parameters.CN }),
  ...(parameters.RSVP !== undefined && { rsvp: parameters.RSVP.toUpperCase() === "TRUE" }),
  ...(parameters.PARTSTAT !== undefined && { status: parameters.PARTSTAT }),
});

const SPECIAL = [
  "DTSTART",
  "DTEND",
  "DTSTAMP",
  "CREATED",
  "LAST-MODIFIED",
  "RECURRENCE-ID",
  "ORGANIZER",
  "ATTENDEE",
  "RRULE",
  "GEO",
  "EXDATE",
];

function eventOf({ lines }: Component, zone: string): JsonObject {
  const line = (name: string): Line | undefined => lines.find((each) => each.name === name);
  const date = (key: string, name: string): JsonObject => {
    const found = line(name);
    return found ? { [key]: dateOf(found, zone) } : {};
  };
  const start = line("DTSTART");
  const organizer = line("ORGANIZER");
  const geo = line("GEO")?.value.split(";").map(Number);
  const rule = line("RRULE");
  const except = lines.filter((each) => each.name === "EXDATE");
  return {
    ...others(lines, SPECIAL),
    ...date("start", "DTSTART"),
    ...date("end", "DTEND"),
    ...(start && { allDay: start.parameters.VALUE === "DATE" || /^\d{8}$/.test(start.value) }),
    ...date("created", "CREATED"),
    ...date("lastModified", "LAST-MODIFIED"),
    ...date("recurrenceId", "RECURRENCE-ID"),
    ...(rule && { recurrenceRule: rule.value }),
    ...(except.length > 0 && { exceptions: except.map((each) => dateOf(each, zone)) }),
    ...(geo?.length === 2 && geo.every(Number.isFinite) && { geo: { latitude: geo[0] as number, longitude: geo[1] as number } }),
    ...(organizer && { organizer: person(organizer) }),
    attendees: lines.filter((each) => each.name === "ATTENDEE").map(person),
  };
}

/** Other properties by their names in camel case; one that comes several times is a list. */
function others(lines: readonly Line[], except: readonly string[]): JsonObject {
  const json: JsonObject = {};
  for (const { name, value } of lines) {
    if (except.includes(name)) continue;
    const key = name.toLowerCase().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const text = unescaped(value);
    const known = Object.hasOwn(json, key) ? (json[key] as Json) : undefined;
    const next = known === undefined ? text : Array.isArray(known) ? [...known, text] : [known, text];
    Object.defineProperty(json, key, { value: next, enumerable: true, writable: true, configurable: true });
  }
  return json;
}
