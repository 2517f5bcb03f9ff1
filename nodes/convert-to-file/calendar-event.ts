import type { DateTime } from "luxon";

export interface CalendarEvent {
  uid: string;
  title: string;
  start: DateTime;
  end: DateTime;
  allDay: boolean;
  /** IANA zone; UTC when absent. */
  zone?: string;
  description: string;
  location: string;
  url: string;
  organizerName: string;
  organizerEmail: string;
  attendees: readonly { name: string; email: string; rsvp: boolean }[];
  recurrenceRule: string;
  status: string;
  busyStatus: string;
  calName: string;
  latitude?: number | undefined;
  longitude?: number | undefined;
  sequence: number;
  stamp: DateTime;
}

const escaped = (text: string): string => text.replace(/([\\;,])/g, "\\$1").replace(/\r?\n/g, "\\n");
/** A parameter's value; quotes have no escape there. */
const quoted = (text: string): string => `"${text.replace(/["\r\n]/g, "'")}"`;
/** One line, whatever is in the text: nothing may add a line of its own. */
const plain = (text: string): string => text.replace(/[\r\n]+/g, " ").trim();
const utc = (date: DateTime): string => date.toUTC().toFormat("yyyyMMdd'T'HHmmss'Z'");

/** A calendar of one event, RFC 5545. */
export function writeCalendar(event: CalendarEvent): string {
  const { allDay, zone, start, end } = event;
  const when = (name: string, date: DateTime): string => {
    if (allDay) return `${name};VALUE=DATE:${date.toFormat("yyyyMMdd")}`;
    return zone ? `${name};TZID=${zone}:${date.setZone(zone).toFormat("yyyyMMdd'T'HHmmss")}` : `${name}:${utc(date)}`;
  };
  // The end of a day is the beginning of the next.
  const until = allDay && end <= start ? start.plus({ days: 1 }) : end;
  const optional = (name: string, value: string): string[] => (value === "" ? [] : [`${name}:${value}`]);
  const person = (name: string, parameters: string, who: { name: string; email: string }): string =>
    `${name}${parameters};CN=${quoted(who.name || who.email)}:mailto:${plain(who.email)}`;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "CALSCALE:GREGORIAN",
    "PRODID:-//Tolstoy//Convert to File//EN",
    "METHOD:PUBLISH",
    ...optional("X-WR-CALNAME", escaped(event.calName)),
    "BEGIN:VEVENT",
    `UID:${plain(event.uid)}`,
    ...optional("SUMMARY", escaped(event.title)),
    `DTSTAMP:${utc(event.stamp)}`,
    when("DTSTART", start),
    when("DTEND", until),
    `SEQUENCE:${event.sequence}`,
    ...optional("DESCRIPTION", escaped(event.description)),
    ...optional("URL", plain(event.url)),
    ...(event.latitude !== undefined && event.longitude !== undefined ? [`GEO:${event.latitude};${event.longitude}`] : []),
    ...optional("LOCATION", escaped(event.location)),
    ...optional("STATUS", event.status),
    ...(event.organizerEmail === "" ? [] : [person("ORGANIZER", "", { name: event.organizerName, email: event.organizerEmail })]),
    ...event.attendees.map((who) => person("ATTENDEE", `;RSVP=${who.rsvp ? "TRUE" : "FALSE"}`, who)),
    ...optional("RRULE", plain(event.recurrenceRule).replace(/^RRULE:/i, "")),
    ...optional("X-MICROSOFT-CDO-BUSYSTATUS", event.busyStatus),
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}

/** Lines of no more than 75 bytes, cut between characters. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const character of line) {
    const bytes = new TextEncoder().encode(character).length;
    if (size + bytes > 75) {
      parts.push(part);
      part = "";
      size = 1;
    }
    part += character;
    size += bytes;
  }
  return [...parts, part].join("\r\n ");
}
