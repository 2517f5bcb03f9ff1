import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** 80 random bits in base 32. Drawn from the system in blocks: one call for each id costs more than the rest of it. */
function random(): string {
  if (used + 16 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = "";
  for (const end = used + 16; used < end; used++) text += ALPHABET[pool[used]! & 31];
  return text;
}

/** Milliseconds in base 32, ten digits: sorts by time until the year 10889. */
function time(now: number): string {
  let text = "";
  for (let rest = now; text.length < 10; rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  return text;
}

const newId = (prefix: string): string => `${prefix}_${time(Date.now())}${random()}`;

/** `exec_` and 26 characters that sort by time. */
export const newExecutionId = (): string => newId("exec");

/** `evt_…`: a recorded arrival. */
export const newTriggerEventId = (): string => newId("evt");

/** `pay_…`: an entry of the payload store. */
export const newPayloadId = (): string => newId("pay");

/** `wh_…`: an address that is told what happens. */
export const newWebhookId = (): string => newId("wh");

/** `mail_…`: a mail to a member. */
export const newMailId = (): string => newId("mail");

/** `whd_…`: one message to it. */
export const newDeliveryId = (): string => newId("whd");
