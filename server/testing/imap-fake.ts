import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { isMatch, numbersIn } from "./imap-search";
import { decodeName, encodeName, envelope, internalDate, quoted, type Token, tokensOf } from "./imap-wire";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate";

export interface FakeMessage {
  uid: number;
  flags: Set<string>;
  source: Buffer;
  received: Date;
}

export interface FakeMailbox {
  uidValidity: number;
  uidNext: number;
  /** `\Drafts` and its like. */
  use?: string;
  messages: FakeMessage[];
}

export interface ImapFakeOptions {
  tls?: "starttls" | "implicit";
  capabilities?: string[];
  /** Bytes in place of its own answer to a command; `""` is the greeting, and `null` answers nothing. */
  answer?: (command: string, tag: string) => string | null | undefined;
  /** Bytes of a message after which it closes the connection. */
  cutAfter?: number;
}

export interface ImapFake {
  port: number;
  /** By their names as people read them. */
  mailboxes: Map<string, FakeMailbox>;
  /** Without tags, and without what logs in. */
  commands: string[];
  deliver(mailbox: string, source: string | Buffer, message?: Partial<Omit<FakeMessage, "source">>): FakeMessage;
  open(): number;
  close(): Promise<void>;
}

/** Real IMAP4rev1 on the loopback, over mailboxes in memory. It knows the user `shop` with the password `correct horse`, or the token `a token`. */
export async function startImapFake(options: ImapFakeOptions = {}): Promise<ImapFake> {
  const { capabilities = ["UIDPLUS", "MOVE", "SPECIAL-USE", "AUTH=PLAIN", "AUTH=XOAUTH2"], answer, cutAfter } = options;
  const mailbox = (use?: string): FakeMailbox => ({ uidValidity: 7, uidNext: 1, messages: [], ...(use && { use }) });
  const mailboxes: ImapFake["mailboxes"] = new Map([
    ["INBOX", mailbox()],
    ["Drafts", mailbox("\\Drafts")],
    ["Archive", mailbox()],
    ["Entwürfe & mehr", mailbox()],
  ]);
  const commands: string[] = [];
  const sockets = new Set<net.Socket>();
  const secureContext = tls.createSecureContext({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE });
  const deliver: ImapFake["deliver"] = (name, source, message = {}) => {
    const into = mailboxes.get(name);
    if (!into) throw new Error(`No mailbox ${name}`);
    const added = {
      uid: into.uidNext,
      flags: new Set<string>(),
      received: new Date("2026-01-31T09:30:00Z"),
      ...message,
      source: typeof source === "string" ? Buffer.from(source.replace(/\r?\n/g, "\r\n")) : source,
    };
    into.messages.push(added);
    into.uidNext = added.uid + 1;
    return added;
  };

  const serve = (first: net.Socket): void => {
    let socket = first;
    let isSecure = options.tls === "implicit";
    let loggedIn = false;
    let selected: FakeMailbox | undefined;
    let waitingForToken = "";
    const say = (text: string | Buffer): void => void socket.write(typeof text === "string" ? `${text}\r\n` : text);
    const offered = (): string =>
      ["IMAP4rev1", ...capabilities, ...(options.tls === "starttls" && !isSecure ? ["STARTTLS", "LOGINDISABLED"] : [])].join(" ");
    const chosen = (set: Token | undefined): FakeMessage[] => {
      const wanted = numbersIn(String(set), selected?.messages.at(-1)?.uid ?? 0);
      return (selected?.messages ?? []).filter(({ uid }) => wanted(uid));
    };
    const sequence = (message: FakeMessage): number => (selected?.messages.indexOf(message) ?? 0) + 1;
    const expunge = (gone: FakeMessage[]): void => {
      for (const message of gone) {
        say(`* ${sequence(message)} EXPUNGE`);
        selected?.messages.splice(sequence(message) - 1, 1);
      }
    };
    const copy = (messages: FakeMessage[], to: Token | undefined): string => {
      const name = decodeName(String(to));
      const target = mailboxes.get(name);
      if (!target) return "";
      const made = messages.map(({ source, flags, received }) => deliver(name, source, { flags: new Set(flags), received }).uid);
      return `[COPYUID ${target.uidValidity} ${messages.map(({ uid }) => uid).join(",")} ${made.join(",")}]`;
    };
    const logIn = (tag: string, isRight: boolean): void => {
      loggedIn = isRight;
      say(isRight ? `${tag} OK Welcome` : `${tag} NO [AUTHENTICATIONFAILED] Invalid credentials`);
    };
    const byToken = (tag: string, mechanism: string, response: string): void => {
      const text = Buffer.from(response, "base64").toString();
      logIn(
        tag,
        mechanism === "PLAIN" ? text.endsWith("\u0000shop\u0000correct horse") : text === "user=shop\u0001auth=Bearer a token\u0001\u0001",
      );
    };
    const begin = (tag: string): void => {
      say(`${tag} OK Begin`);
      socket.removeAllListeners("data");
      socket = new tls.TLSSocket(socket, { isServer: true, secureContext });
      isSecure = true;
      keep(socket);
      hear();
    };
    const select = (tag: string, name: Token | undefined, mode: string): unknown => {
      selected = mailboxes.get(decodeName(String(name)));
      if (!selected) return say(`${tag} NO [NONEXISTENT] No such mailbox`);
      say("* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)");
      say(`* ${selected.messages.length} EXISTS`);
      say(`* OK [UIDVALIDITY ${selected.uidValidity}] Valid`);
      say(`* OK [UIDNEXT ${selected.uidNext}] Next`);
      say("* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)] Kept");
      say(`${tag} OK [${mode}] Open`);
    };
    const fetch = (tag: string, set: Token | undefined, items: Token | undefined): unknown => {
      const asked = (Array.isArray(items) ? items : [items]).map((item) => String(item).toUpperCase());
      for (const message of chosen(set)) {
        const parts = [`UID ${message.uid}`];
        if (asked.includes("FLAGS")) parts.push(`FLAGS (${[...message.flags].join(" ")})`);
        if (asked.includes("INTERNALDATE")) parts.push(`INTERNALDATE ${internalDate(message.received)}`);
        if (asked.includes("RFC822.SIZE")) parts.push(`RFC822.SIZE ${message.source.length}`);
        if (asked.includes("ENVELOPE")) parts.push(`ENVELOPE ${envelope(message.source)}`);
        if (!asked.some((item) => item.startsWith("BODY"))) {
          say(`* ${sequence(message)} FETCH (${parts.join(" ")})`);
          continue;
        }
        socket.write(`* ${sequence(message)} FETCH (${parts.join(" ")} BODY[] {${message.source.length}}\r\n`);
        if (cutAfter !== undefined) {
          socket.write(message.source.subarray(0, cutAfter), () => socket.destroy());
          return;
        }
        socket.write(message.source);
        say(")");
      }
      say(`${tag} OK Fetched`);
    };
    const store = (tag: string, set: Token | undefined, action: string, flags: Token | undefined): void => {
      for (const message of chosen(set)) {
        for (const flag of Array.isArray(flags) ? flags : [flags]) {
          if (action.startsWith("-")) message.flags.delete(String(flag));
          else message.flags.add(String(flag));
        }
        if (!/SILENT/i.test(action)) say(`* ${sequence(message)} FETCH (UID ${message.uid} FLAGS (${[...message.flags].join(" ")}))`);
      }
      say(`${tag} OK Stored`);
    };
    const list = (tag: string, verb: string, pattern: string): void => {
      const like = (name: string): boolean => pattern === "*" || pattern === "%" || name === decodeName(pattern);
      for (const [name, { use }] of pattern === "" ? [] : mailboxes) {
        if (like(name)) say(`* ${verb} (\\HasNoChildren${use && verb === "LIST" ? ` ${use}` : ""}) "/" ${quoted(encodeName(name))}`);
      }
      if (pattern === "") say('* LIST (\\Noselect) "/" ""');
      say(`${tag} OK Listed`);
    };
    const append = (tag: string, name: Token | undefined, tokens: Token[], literal: Buffer | undefined): unknown => {
      const into = mailboxes.get(decodeName(String(name)));
      if (!into || !literal) return say(`${tag} NO [TRYCREATE] No such mailbox`);
      const flags = tokens.find((token) => Array.isArray(token)) ?? [];
      const { uid } = deliver(decodeName(String(name)), literal, { flags: new Set((flags as Token[]).map(String)) });
      say(`${tag} OK [APPENDUID ${into.uidValidity} ${uid}] Kept`);
    };
    const byUid = (tag: string, verb: string, [set, ...rest]: Token[]): unknown => {
      switch (verb) {
        case "SEARCH": {
          const criteria = String(set).toUpperCase() === "CHARSET" ? rest.slice(1) : [set ?? "ALL", ...rest];
          const found = (selected?.messages ?? []).filter((message) => isMatch(criteria, message));
          say(`* SEARCH ${found.map(({ uid }) => uid).join(" ")}`);
          return say(`${tag} OK Searched`);
        }
        case "FETCH":
          return fetch(tag, set, rest[0]);
        case "STORE":
          return store(tag, set, String(rest[0]), rest[1]);
        case "COPY":
        case "MOVE": {
          if (verb === "MOVE" && !capabilities.includes("MOVE")) return say(`${tag} BAD What?`);
          const messages = chosen(set);
          const code = copy(messages, rest[0]);
          if (code === "") return say(`${tag} NO [TRYCREATE] No such mailbox`);
          if (verb === "MOVE") expunge(messages);
          return say(`${tag} OK ${code} Done`);
        }
        case "EXPUNGE":
          expunge(chosen(set).filter(({ flags }) => flags.has("\\Deleted")));
          return say(`${tag} OK Gone`);
        default:
          say(`${tag} BAD What?`);
      }
    };

    const obey = (line: string, literals: Buffer[]): unknown => {
      if (waitingForToken !== "") {
        const [tag = "", mechanism = ""] = waitingForToken.split(" ");
        waitingForToken = "";
        return byToken(tag, mechanism, line);
      }
      const [tag = "", command = "", ...rest] = tokensOf(line, literals) as [string, string, ...Token[]];
      const verb = command.toUpperCase();
      const isSecret = verb === "LOGIN" || verb === "AUTHENTICATE";
      commands.push(isSecret ? verb : line.slice(tag.length + 1));
      const instead = answer?.(line.slice(tag.length + 1), tag);
      if (instead !== undefined) return instead !== null && socket.write(instead);
      if (!loggedIn && !["CAPABILITY", "ID", "STARTTLS", "LOGIN", "AUTHENTICATE", "NOOP", "LOGOUT"].includes(verb)) {
        return say(`${tag} NO Log in first`);
      }
      switch (verb) {
        case "CAPABILITY":
          say(`* CAPABILITY ${offered()}`);
          return say(`${tag} OK Told`);
        case "STARTTLS":
          return options.tls === "starttls" ? begin(tag) : say(`${tag} BAD What?`);
        case "LOGIN":
          return logIn(tag, rest[0] === "shop" && rest[1] === "correct horse");
        case "AUTHENTICATE":
          if (rest[1] !== undefined) return byToken(tag, String(rest[0]), String(rest[1]));
          waitingForToken = `${tag} ${rest[0]}`;
          return say("+ ");
        case "LIST":
        case "LSUB": {
          const words = rest.filter((token) => !Array.isArray(token));
          return list(tag, verb, String(words[1] ?? "*"));
        }
        case "SELECT":
          return select(tag, rest[0], "READ-WRITE");
        case "EXAMINE":
          return select(tag, rest[0], "READ-ONLY");
        case "APPEND":
          return append(tag, rest[0], rest, literals.at(-1));
        case "EXPUNGE":
          expunge((selected?.messages ?? []).filter(({ flags }) => flags.has("\\Deleted")));
          return say(`${tag} OK Gone`);
        case "UID":
          return byUid(tag, String(rest[0]).toUpperCase(), rest.slice(1));
        case "LOGOUT":
          say("* BYE");
          return say(`${tag} OK Bye`);
        case "NOOP":
        case "CLOSE":
        case "ID":
          return say(`${tag} OK Done`);
        default:
          say(`${tag} BAD What?`);
      }
    };

    const hear = (): void => {
      let buffer = Buffer.alloc(0);
      let line = "";
      let literals: Buffer[] = [];
      let missing = -1;
      socket.on("data", (piece: Buffer) => {
        buffer = Buffer.concat([buffer, piece]);
        for (;;) {
          if (missing >= 0) {
            if (buffer.length < missing) return;
            literals.push(buffer.subarray(0, missing));
            line += `⟦${literals.length - 1}⟧`;
            buffer = buffer.subarray(missing);
            missing = -1;
          }
          const end = buffer.indexOf("\r\n");
          if (end < 0) return;
          line += buffer.subarray(0, end).toString();
          buffer = buffer.subarray(end + 2);
          const literal = /\{(\d+)(\+?)\}$/.exec(line);
          if (literal) {
            line = line.slice(0, literal.index);
            missing = Number(literal[1]);
            if (literal[2] === "") say("+ Go on");
            continue;
          }
          const whole = line;
          const parts = literals;
          line = "";
          literals = [];
          obey(whole, parts);
        }
      });
    };
    const welcome = (): void => {
      hear();
      const instead = answer?.("", "*");
      if (instead !== null) socket.write(instead ?? "* OK Ready\r\n");
    };
    keep(socket);
    if (options.tls === "implicit") {
      const secured = new tls.TLSSocket(socket, { isServer: true, secureContext });
      socket = secured;
      keep(secured);
      secured.once("secure", welcome);
    } else welcome();
  };
  const keep = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };

  const server = net.createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mailboxes,
    commands,
    deliver,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
