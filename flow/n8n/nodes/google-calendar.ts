import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listing, located, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const ZONE = "={{ $now.zoneName }}";
const calendar = (source: Source) => ({ calendar_id: located(source, "calendar") ?? "primary" });
const eventId = (source: Source) => ({ event_id: given(source, "eventId") });

/** Addresses, several of which may be in one text. */
function guests(source: Source, path: string): Json | undefined {
  const value = source.get(path);
  const texts = Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value];
  const addresses = texts
    .flatMap((text) => (String(text).startsWith("=") ? [String(text)] : String(text).split(",")))
    .map((text) => text.trim());
  return addresses.length === 0 ? undefined : addresses.filter((email) => email !== "").map((email): JsonObject => ({ email }));
}

function reminders(source: Source): Json | undefined {
  const overrides = source.list("remindersUi.remindersValues");
  if (source.fixedFlag("useDefaultReminders", true)) return undefined;
  return { useDefault: false, overrides };
}

function details(source: Source, path: string) {
  source.ignore(`${path}.allday`, `${path}.maxAttendees`);
  for (const name of ["repeatFrecuency", "repeatHowManyTimes", "repeatUntil"]) {
    if (source.has(`${path}.${name}`)) source.missing(`${path}.${name}`, 'write the rule in "Repeats", such as RRULE:FREQ=DAILY;COUNT=3');
  }
  if (source.has(`${path}.conferenceDataUi`)) source.missing(`${path}.conferenceDataUi`, "no meeting is made");
  const rule = given(source, `${path}.rrule`);
  return {
    summary: given(source, `${path}.summary`),
    description: given(source, `${path}.description`),
    location: given(source, `${path}.location`),
    attendees: guests(source, `${path}.attendees`) ?? guests(source, `${path}.attendeesUi.values.attendees`),
    recurrence:
      typeof rule === "string" && rule !== "" ? [rule.startsWith("=") ? rule : `RRULE:${rule.replace(/^RRULE:/, "")}`] : undefined,
    reminders: reminders(source),
    visibility: given(source, `${path}.visibility`),
    transparency: given(source, `${path}.showMeAs`),
    color_id: given(source, `${path}.color`),
    guests_can_invite_others: given(source, `${path}.guestsCanInviteOthers`),
    guests_can_modify: given(source, `${path}.guestsCanModify`),
    guests_can_see_other_guests: given(source, `${path}.guestsCanSeeOtherGuests`),
    send_updates: given(source, `${path}.sendUpdates`),
  };
}

function create(source: Source): ServiceCall {
  const start = source.value("start", source.version >= 1.3 ? "={{ $now }}" : "");
  const end = source.value("end", source.version >= 1.3 ? "={{ $now.plus(1, 'hour') }}" : "");
  const shared = { ...calendar(source), ...details(source, "additionalFields") };
  return source.text("additionalFields.allday", "no") === "yes"
    ? writes("create-all-day-event", { ...shared, start_date: day(start), end_date: day(end) })
    : writes("create-event", { ...shared, start, end, time_zone: ZONE });
}

/** The date of an instant. */
const day = (value: Json): Json =>
  typeof value === "string" && !value.startsWith("=")
    ? value.slice(0, 10)
    : typeof value === "string"
      ? value.replace(/^=\s*\{\{([\s\S]+)\}\}\s*$/, "={{ String($1).slice(0, 10) }}")
      : value;

/** Google Calendar 1–1.3. */
export const googleCalendar: NodeMapping = serviceNode(
  { key: "google-calendar", auth: "oauth2" },
  {
    "event:create": create,
    "event:get": (source) =>
      reads("get-event", {
        ...calendar(source),
        ...eventId(source),
        time_zone: located(source, "options.timeZone"),
        max_attendees: given(source, "options.maxAttendees"),
      }),
    "event:getAll": (source) => {
      const { inputs, parameters } = listing(source, "max_results", 2500);
      const later = source.version >= 1.3;
      const handling = source.text("options.recurringEventHandling", "expand");
      if (later && handling === "next") source.missing("options.recurringEventHandling", "repeating events are given each time");
      source.ignore("options.showHiddenInvitations", "options.maxAttendees", "options.fields");
      return reads(
        "list-events",
        {
          ...calendar(source),
          time_min: later ? source.value("timeMin", "={{ $now }}") : given(source, "options.timeMin"),
          time_max: later ? source.value("timeMax", "={{ $now.plus({ week: 1 }) }}") : given(source, "options.timeMax"),
          single_events: later ? handling !== "first" : given(source, "options.singleEvents"),
          order_by: given(source, "options.orderBy"),
          q: given(source, "options.query"),
          ical_uid: given(source, "options.iCalUID"),
          show_deleted: given(source, "options.showDeleted"),
          updated_min: given(source, "options.updatedMin"),
          time_zone: located(source, "options.timeZone"),
          ...inputs,
        },
        parameters,
      );
    },
    "event:update": (source) => {
      source.ignore("updateFields.attendeesUi.values.mode", "modifyTarget");
      if (source.text("updateFields.attendeesUi.values.mode", "add") === "add" && source.has("updateFields.attendeesUi"))
        source.changed("updateFields.attendeesUi", "the guests replace those that there are");
      const [start, end] = [given(source, "updateFields.start"), given(source, "updateFields.end")];
      return writes("update-event", {
        ...calendar(source),
        ...eventId(source),
        ...details(source, "updateFields"),
        start,
        end,
        time_zone: start === undefined && end === undefined ? undefined : ZONE,
      });
    },
    "event:delete": (source) =>
      writes("delete-event", { ...calendar(source), ...eventId(source), send_updates: given(source, "options.sendUpdates") }),
    "calendar:availability": (source) => {
      source.ignore("options.outputFormat");
      source.changed(null, "gives the busy times of the calendar");
      return reads("query-free-busy", {
        calendars: [{ id: calendar(source).calendar_id }],
        time_min: given(source, "timeMin"),
        time_max: given(source, "timeMax"),
        time_zone: located(source, "options.timezone") ?? ZONE,
      });
    },
  },
  { resource: "event", operation: { event: "create", calendar: "availability" } },
);
