import type { Db } from "../db";
import { env } from "../env";
import { newMailId } from "../execution/ids";

/** Something that members are told of by mail. */
export interface Notice {
  organizationId: string;
  /** Members; whoever is none any more when it is sent is not told. */
  userIds: readonly string[];
  /** Names what has happened: nobody is told of it twice. */
  key: string;
  subject: string;
  body: string;
}

const LONGEST_SUBJECT = 200;

/** In one line: a name that somebody chose may hold anything. */
const oneLine = (text: string): string => [...text].map((char) => (char < " " || char === "\u007f" ? " " : char)).join("");

/** Writes mails that are sent once the transaction has committed. Without a mail server there is nothing to write. */
export async function queueMail(tx: Db, { organizationId, userIds, key, subject, body }: Notice): Promise<void> {
  if (env().SMTP_URL === undefined) return;
  const told = { organizationId, key, subject: oneLine(subject).slice(0, LONGEST_SUBJECT), body };
  await tx.mailMessage.createMany({
    data: [...new Set(userIds)].map((userId) => ({ ...told, id: newMailId(), userId })),
    skipDuplicates: true,
  });
}
