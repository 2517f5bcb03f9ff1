import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const when = (...operation: string[]) => ({ operation });
const sheets = when("csv", "html", "ods", "xlsx");
const calendar = when("iCal");

const attendeeSchema = z.object({
  name: field(z.string().default(""), "Name"),
  email: field(z.string().default(""), "E-mail"),
  rsvp: field(z.boolean().default(false), "Asked for an answer"),
});

export const convertToFile = defineNode({
  type: "convert-to-file",
  version: 1,
  name: "Convert to File",
  description: "Writes items as a file: CSV, Excel, JSON, text, HTML, a calendar event and more.",
  category: "data",
  icon: "download",
  parameters: z.object({
    operation: field(z.enum(["csv", "html", "iCal", "toJson", "ods", "toText", "xlsx", "toBinary"]).default("csv"), "Convert to", {
      labels: {
        csv: "CSV",
        html: "HTML",
        iCal: "Calendar event (ICS)",
        toJson: "JSON",
        ods: "OpenDocument spreadsheet (ODS)",
        toText: "Text",
        xlsx: "Excel (XLSX)",
        toBinary: "A file from Base64",
      },
    }),
    mode: field(z.enum(["once", "each"]).default("once"), "Mode", {
      labels: { once: "All items in one file", each: "A file for each item" },
      showIf: when("toJson"),
    }),
    sourceProperty: field(z.string().default("data"), "Field", {
      description: "That holds the text or the Base64. Dots reach into objects.",
      showIf: when("toText", "toBinary"),
    }),
    title: field(z.string().default(""), "Title", { showIf: calendar }),
    start: field(z.unknown().default(""), "Start", { showIf: calendar }),
    end: field(z.unknown().default(""), "End", { description: "Empty: as the start.", showIf: calendar }),
    allDay: field(z.boolean().default(false), "All day", { showIf: calendar }),
    binaryPropertyName: field(z.string().min(1).default("data"), "Put file in", { description: "Name of the item's file." }),
    fileName: field(z.string().default(""), "File name", { placeholder: "report.csv" }),
    headerRow: field(z.boolean().default(true), "With a header row", { showIf: sheets, advanced: true }),
    delimiter: field(z.string().min(1).max(5).default(","), "Delimiter", { showIf: when("csv"), advanced: true }),
    sheetName: field(z.string().default("Sheet"), "Name of the sheet", { showIf: when("ods", "xlsx"), advanced: true }),
    format: field(z.boolean().default(false), "Formatted for reading", { showIf: when("toJson"), advanced: true }),
    encoding: field(z.string().default("utf8"), "Encoding", {
      placeholder: "utf8, utf16le or latin1",
      showIf: when("toJson", "toText"),
      advanced: true,
    }),
    addBOM: field(z.boolean().default(false), "With a byte order mark", { showIf: when("csv", "toJson", "toText"), advanced: true }),
    mimeType: field(z.string().default(""), "MIME type", {
      description: "Empty: told by the file's name.",
      placeholder: "image/png",
      showIf: when("toBinary"),
      advanced: true,
    }),
    description: field(z.string().default(""), "Description", { control: "textarea", showIf: calendar, advanced: true }),
    location: field(z.string().default(""), "Location", { showIf: calendar, advanced: true }),
    url: field(z.string().default(""), "URL", { showIf: calendar, advanced: true }),
    organizerName: field(z.string().default(""), "Organizer's name", { showIf: calendar, advanced: true }),
    organizerEmail: field(z.string().default(""), "Organizer's e-mail", { showIf: calendar, advanced: true }),
    attendees: field(z.array(attendeeSchema).max(1000).default([]), "Attendees", { showIf: calendar, advanced: true }),
    recurrenceRule: field(z.string().default(""), "Recurrence", {
      description: "An RRULE.",
      placeholder: "FREQ=WEEKLY;COUNT=5",
      showIf: calendar,
      advanced: true,
    }),
    status: field(z.enum(["", "CONFIRMED", "TENTATIVE", "CANCELLED"]).default(""), "Status", {
      labels: { "": "None", CONFIRMED: "Confirmed", TENTATIVE: "Tentative", CANCELLED: "Cancelled" },
      showIf: calendar,
      advanced: true,
    }),
    busyStatus: field(z.enum(["", "BUSY", "TENTATIVE"]).default(""), "Busy status", {
      labels: { "": "None", BUSY: "Busy", TENTATIVE: "Tentative" },
      showIf: calendar,
      advanced: true,
    }),
    calName: field(z.string().default(""), "Calendar's name", { showIf: calendar, advanced: true }),
    latitude: field(z.number().min(-90).max(90).optional(), "Latitude", { showIf: calendar, advanced: true }),
    longitude: field(z.number().min(-180).max(180).optional(), "Longitude", { showIf: calendar, advanced: true }),
    sequence: field(z.number().int().min(0).default(0), "Sequence", {
      description: "Goes up with every update of an event with the same UID.",
      showIf: calendar,
      advanced: true,
    }),
    uid: field(z.string().default(""), "UID", { description: "Empty: made for the event.", showIf: calendar, advanced: true }),
    useFlowTimezone: field(z.boolean().default(false), "In the flow's time zone", {
      description: "Off: in UTC.",
      showIf: calendar,
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
