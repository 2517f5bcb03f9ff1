import type { JsonObject } from "@/flow/item";
import { defineTool } from "@/flow/tools/define-tool";
import { choice, fromInputs, limit, longText, number, required, text, texts, url } from "./inputs";

const PHONE = "With country code: +4915112345678.";
/** Twilio takes forms and pages by addresses in its answers. */
const write = { method: "POST", bodyType: "form", formStyle: "repeat" } as const;
const pages = { pagination: { type: "url", path: "next_page_uri" } } as const;
const pageSize = limit("PageSize", 1000);
const account = "AC0123456789abcdef0123456789abcdef";

const messageSample = {
  sid: "SM0123456789abcdef0123456789abcdef",
  account_sid: account,
  to: "+15558675310",
  from: "+15017122661",
  body: "Hi there",
  status: "queued",
  direction: "outbound-api",
  num_segments: "1",
  num_media: "0",
  price: null,
  error_code: null,
  error_message: null,
  date_created: "Thu, 24 Aug 2023 05:01:45 +0000",
};
const callSample = {
  sid: "CA0123456789abcdef0123456789abcdef",
  account_sid: account,
  to: "+14155551212",
  from: "+18668675310",
  status: "queued",
  direction: "outbound-api",
  duration: null,
  date_created: "Tue, 31 Aug 2010 20:36:28 +0000",
};
const page = (name: string, entry: JsonObject): JsonObject => ({ [name]: [entry], page: 0, page_size: 50, next_page_uri: null });
const sender = [
  text("From", "From", `A number or sender of your account. ${PHONE}`),
  text("MessagingServiceSid", "Messaging service", "Instead of a sender: MG…."),
];
const sending = [
  url("StatusCallback", "Tell of deliveries at", "Twilio calls this address when the status changes."),
  text("SendAt", "Send at", "Between 15 minutes and 35 days from now, such as 2026-12-01T08:00:00Z; with a messaging service."),
  choice("ScheduleType", "Schedule", ["fixed"], "fixed, where it is sent later."),
];
const message = required(text("Sid", "Message", "Sid of the message, SM…."));
const call = required(text("Sid", "Call", "Sid of the call, CA…."));

/** The account is part of all addresses: its SID is the credential's user name. */
export const twilio = defineTool({
  key: "twilio",
  name: "Twilio",
  description: "Text messages, WhatsApp and calls. User name is the account SID, password the auth token.",
  icon: "message-circle",
  baseUrl: "https://api.twilio.com/2010-04-01/Accounts/{{auth.username}}",
  auth: { type: "basic" },
  allowedHosts: ["lookups.twilio.com", "verify.twilio.com"],
  test: { action: "get-balance" },
  actions: [
    {
      ...write,
      key: "send-sms",
      name: "Send a text message",
      group: "Messages",
      endpoint: "/Messages.json",
      inputSchema: [
        required(text("To", "To", PHONE)),
        ...sender,
        required(longText("Body", "Text", { validation: { max: 1600 } })),
        texts("MediaUrl", "Media", "Addresses of up to ten pictures or files, where the receiver can get them."),
        ...sending,
      ],
      body: fromInputs("To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback", "SendAt", "ScheduleType"),
      sample: messageSample,
    },
    {
      ...write,
      key: "send-whatsapp",
      name: "Send a WhatsApp message",
      group: "Messages",
      endpoint: "/Messages.json",
      inputSchema: [
        required(text("To", "To", PHONE)),
        required(text("From", "From", "Your WhatsApp sender, with country code.")),
        required(longText("Body", "Text", { validation: { max: 1600 } })),
        texts("MediaUrl", "Media", "Address of a picture or file."),
        sending[0]!,
      ],
      body: { To: "whatsapp:{{inputs.To}}", From: "whatsapp:{{inputs.From}}", ...fromInputs("Body", "MediaUrl", "StatusCallback") },
      sample: { ...messageSample, to: "whatsapp:+15558675310", from: "whatsapp:+15017122661" },
    },
    {
      ...write,
      key: "send-template",
      name: "Send a template",
      description: "Such as WhatsApp wants for the first message to somebody.",
      group: "Messages",
      endpoint: "/Messages.json",
      inputSchema: [
        required(text("To", "To", "A number, or whatsapp: and a number.")),
        ...sender,
        required(text("ContentSid", "Template", "Sid of the content template, HX….")),
        text("ContentVariables", "Variables", 'JSON by number: {"1": "Ada"}.'),
      ],
      body: fromInputs("To", "From", "MessagingServiceSid", "ContentSid", "ContentVariables"),
      sample: messageSample,
    },
    {
      key: "get-message",
      name: "Get a message",
      group: "Messages",
      endpoint: "/Messages/{Sid}.json",
      inputSchema: [message],
      sample: { ...messageSample, status: "delivered" },
    },
    {
      key: "list-messages",
      name: "List messages",
      group: "Messages",
      endpoint: "/Messages.json",
      inputSchema: [
        text("To", "To"),
        text("From", "From"),
        text("DateSent", "Sent on", "A day: 2026-12-24."),
        text("DateSent>", "Sent since", "A day: 2026-12-24."),
        pageSize,
      ],
      response: { items: "messages" },
      ...pages,
      sample: page("messages", messageSample),
    },
    {
      key: "delete-message",
      name: "Delete a message",
      group: "Messages",
      method: "DELETE",
      endpoint: "/Messages/{Sid}.json",
      inputSchema: [message],
      sample: null,
    },
    {
      ...write,
      key: "make-call",
      name: "Make a call",
      description: "What is said is TwiML, given here or at an address.",
      group: "Calls",
      endpoint: "/Calls.json",
      inputSchema: [
        required(text("To", "To", PHONE)),
        required(text("From", "From", `A number of your account. ${PHONE}`)),
        longText("Twiml", "TwiML", "<Response><Say>Hello</Say></Response>"),
        url("Url", "TwiML at", "Where Twilio gets it instead."),
        url("StatusCallback", "Tell of the call at"),
        number("Timeout", "Ring for (s)", { validation: { min: 5, max: 600 } }),
        choice("MachineDetection", "Detect answering machines", ["Enable", "DetectMessageEnd"]),
      ],
      body: fromInputs("To", "From", "Twiml", "Url", "StatusCallback", "Timeout", "MachineDetection"),
      sample: callSample,
    },
    {
      key: "get-call",
      name: "Get a call",
      group: "Calls",
      endpoint: "/Calls/{Sid}.json",
      inputSchema: [call],
      sample: { ...callSample, status: "completed", duration: "15" },
    },
    {
      key: "list-calls",
      name: "List calls",
      group: "Calls",
      endpoint: "/Calls.json",
      inputSchema: [
        text("To", "To"),
        text("From", "From"),
        choice("Status", "Status", ["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]),
        text("StartTime>", "Since", "A day: 2026-12-24."),
        pageSize,
      ],
      response: { items: "calls" },
      ...pages,
      sample: page("calls", callSample),
    },
    {
      ...write,
      key: "end-call",
      name: "End a call",
      description: "canceled ends it only while it is not answered.",
      group: "Calls",
      endpoint: "/Calls/{Sid}.json",
      inputSchema: [call, required(choice("Status", "How", ["completed", "canceled"], { default: "completed" }))],
      body: fromInputs("Status"),
      sample: { ...callSample, status: "completed" },
    },
    {
      key: "list-phone-numbers",
      name: "List your phone numbers",
      group: "Account",
      endpoint: "/IncomingPhoneNumbers.json",
      inputSchema: [text("PhoneNumber", "Number", "Or a part of it, with * for the rest."), pageSize],
      response: { items: "incoming_phone_numbers" },
      ...pages,
      sample: page("incoming_phone_numbers", {
        sid: "PN0123456789abcdef0123456789abcdef",
        phone_number: "+15017122661",
        friendly_name: "Shop",
      }),
    },
    {
      key: "get-balance",
      name: "Get the balance",
      group: "Account",
      endpoint: "/Balance.json",
      sample: { account_sid: account, balance: "12.0", currency: "EUR" },
    },
    {
      key: "look-up-number",
      name: "Look up a phone number",
      description: "Whether it is valid and how it is written; more for a fee.",
      group: "Numbers",
      endpoint: "https://lookups.twilio.com/v2/PhoneNumbers/{PhoneNumber}",
      inputSchema: [
        required(text("PhoneNumber", "Number", PHONE)),
        text("Fields", "Also", "line_type_intelligence, caller_name, … separated by commas."),
        text("CountryCode", "Country", "Two letters, for a number without country code."),
      ],
      sample: { phone_number: "+14159929960", national_format: "(415) 992-9960", country_code: "US", valid: true, validation_errors: [] },
    },
    {
      ...write,
      key: "start-verification",
      name: "Send a verification code",
      group: "Verification",
      endpoint: "https://verify.twilio.com/v2/Services/{ServiceSid}/Verifications",
      inputSchema: [
        required(text("ServiceSid", "Service", "Sid of the Verify service, VA….")),
        required(text("To", "To", "Number or email address.")),
        required(choice("Channel", "By", ["sms", "call", "whatsapp", "email"], { default: "sms" })),
      ],
      body: fromInputs("To", "Channel"),
      sample: { sid: "VE0123456789abcdef0123456789abcdef", to: "+15017122661", channel: "sms", status: "pending", valid: false },
    },
    {
      ...write,
      key: "check-verification",
      name: "Check a verification code",
      group: "Verification",
      endpoint: "https://verify.twilio.com/v2/Services/{ServiceSid}/VerificationCheck",
      inputSchema: [
        required(text("ServiceSid", "Service", "Sid of the Verify service, VA….")),
        required(text("To", "To", "Number or email address.")),
        required(text("Code", "Code")),
      ],
      body: fromInputs("To", "Code"),
      sample: { sid: "VE0123456789abcdef0123456789abcdef", to: "+15017122661", status: "approved", valid: true },
    },
  ],
});
