import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import net, { type AddressInfo } from "node:net";
import { Binary, type Document, deserialize, EJSON, Long, serialize } from "bson";

export interface MongoFake {
  port: number;
  /** Commands as they came, without logins. */
  commands: Document[];
  collections: Map<string, Document[]>;
  open(): number;
  close(): Promise<void>;
}

const same = (one: unknown, other: unknown): boolean => EJSON.stringify({ v: one }) === EJSON.stringify({ v: other });
const matches = (document: Document, filter: Document): boolean =>
  Object.entries(filter).every(([name, wanted]) => {
    if (wanted?.$in) return (wanted.$in as unknown[]).some((each) => same(document[name], each));
    if (wanted?.$exists !== undefined) return Object.hasOwn(document, name) === wanted.$exists;
    return same(document[name], wanted);
  });

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The server's half of SCRAM-SHA-256 for the user `shop` with the password `correct horse`. */
function scramServer(): { first(client: string): string; final(client: string): string | null } {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync("correct horse", salt, 4096, 32, "sha256");
  let messages = "";
  let nonce = "";
  return {
    first(client) {
      const bare = client.slice(3);
      nonce = `${/r=(.*)$/.exec(bare)?.[1]}server`;
      const answer = `r=${nonce},s=${salt.toString("base64")},i=4096`;
      messages = `${bare},${answer}`;
      return answer;
    },
    final(client) {
      const [, withoutProof = "", proof = ""] = /^(.*),p=(.*)$/.exec(client) ?? [];
      const message = `${messages},${withoutProof}`;
      const clientKey = hmac(salted, "Client Key");
      const signature = hmac(createHash("sha256").update(clientKey).digest(), message);
      const expected = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString("base64");
      return proof === expected ? `v=${hmac(hmac(salted, "Server Key"), message).toString("base64")}` : null;
    },
  };
}

/** Enough of a MongoDB server for tests, and for its own driver. A collection `hang` is never answered. */
export async function startMongoFake(hello: Document = { isWritablePrimary: true }): Promise<MongoFake> {
  const commands: Document[] = [];
  const collections: MongoFake["collections"] = new Map();
  const sockets = new Set<net.Socket>();
  const cursors = new Map<number, Document[]>();
  let nextId = 1;
  const of = (name: string): Document[] => {
    const found = collections.get(name) ?? [];
    collections.set(name, found);
    return found;
  };

  const page = (ns: string, documents: Document[], size: number, key: "firstBatch" | "nextBatch", id = nextId++): Document => {
    const rest = documents.slice(size);
    if (rest.length > 0) cursors.set(id, rest);
    else cursors.delete(id);
    return { ok: 1, cursor: { ns, id: rest.length > 0 ? Long.fromNumber(id) : Long.ZERO, [key]: documents.slice(0, size) } };
  };
  const apply = (document: Document, change: Document): void => {
    Object.assign(document, change.$set);
    for (const [name, by] of Object.entries(change.$inc ?? {})) document[name] = Number(document[name] ?? 0) + Number(by);
  };

  function answer(command: Document): Document {
    const [name = "", subject] = Object.entries(command)[0] ?? [];
    const list = of(String(subject));
    switch (name) {
      case "find": {
        const found = list.filter((each) => matches(each, command.filter ?? {}));
        const limited = command.limit ? found.slice(0, command.limit) : found;
        return page(`db.${subject}`, limited, 2, "firstBatch");
      }
      case "aggregate":
        return page(
          `db.${subject}`,
          list.filter((each) => matches(each, command.pipeline[0]?.$match ?? {})),
          100,
          "firstBatch",
        );
      case "getMore": {
        const id = Number(command.getMore);
        return page(`db.${command.collection}`, cursors.get(id) ?? [], 2, "nextBatch", id);
      }
      case "insert":
        for (const document of command.documents as Document[]) {
          if (list.some((each) => same(each._id, document._id))) {
            const errmsg = `E11000 duplicate key error collection: db.${subject} index: _id_ dup key: { _id: ObjectId('${document._id}') }`;
            return { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11000, errmsg }] };
          }
          list.push(document);
        }
        return { ok: 1, n: command.documents.length };
      case "update": {
        const { q, u, multi, upsert } = command.updates[0];
        const found = list.filter((each) => matches(each, q)).slice(0, multi ? undefined : 1);
        for (const each of found) apply(each, u);
        if (found.length > 0 || !upsert) return { ok: 1, n: found.length, nModified: found.length };
        const made: Document = { _id: "new", ...q };
        apply(made, u);
        list.push(made);
        return { ok: 1, n: 1, nModified: 0, upserted: [{ index: 0, _id: made._id }] };
      }
      case "findAndModify": {
        const found = list.find((each) => matches(each, command.query));
        if (found) apply(found, command.update);
        return { ok: 1, value: found ?? null };
      }
      case "delete": {
        const { q, limit } = command.deletes[0];
        const gone = list.filter((each) => matches(each, q)).slice(0, limit === 1 ? 1 : undefined);
        collections.set(
          String(subject),
          list.filter((each) => !gone.includes(each)),
        );
        return { ok: 1, n: gone.length };
      }
      case "ping":
      case "endSessions":
      case "killCursors":
        return { ok: 1 };
      default:
        return { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: `no such command: '${name}'` };
    }
  }

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    let rest: Buffer = Buffer.alloc(0);
    let isKnown = false;
    const scram = scramServer();
    const handle = (command: Document): Document | null => {
      const name = Object.keys(command)[0] ?? "";
      if (name === "hello" || name === "ismaster" || name === "isMaster") {
        const limits = { maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 };
        return {
          ok: 1,
          ...limits,
          minWireVersion: 0,
          maxWireVersion: 21,
          helloOk: true,
          ismaster: hello.isWritablePrimary,
          saslSupportedMechs: ["SCRAM-SHA-256"],
          ...hello,
        };
      }
      if (name === "saslStart" || name === "saslContinue") {
        const text = Buffer.from((command.payload as Binary).buffer).toString();
        const said = name === "saslStart" ? scram.first(text) : scram.final(text);
        if (said === null || (name === "saslStart" && !text.includes("n=shop,"))) {
          return { ok: 0, code: 18, codeName: "AuthenticationFailed", errmsg: "Authentication failed." };
        }
        isKnown = name === "saslContinue";
        return { ok: 1, conversationId: 1, done: isKnown, payload: new Binary(Buffer.from(said)) };
      }
      commands.push(command);
      if (!isKnown) return { ok: 0, code: 13, codeName: "Unauthorized", errmsg: `command ${name} requires authentication` };
      return command[name] === "hang" ? null : answer(command);
    };
    socket.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
        const length = rest.readInt32LE(0);
        const isMessage = rest.readInt32LE(12) === 2013;
        // A driver's first words are of an older kind (OP_QUERY), and so is what it expects back.
        const start = isMessage ? 21 : rest.indexOf(0, 20) + 9;
        const command = sections(rest.subarray(start, length));
        const reply = handle(command);
        if (reply) {
          const body = serialize(reply);
          const head = Buffer.alloc(isMessage ? 21 : 36);
          head.writeInt32LE(head.length + body.length, 0);
          head.writeInt32LE(rest.readInt32LE(4), 8);
          head.writeInt32LE(isMessage ? 2013 : 1, 12);
          if (!isMessage) head.writeInt32LE(1, 32);
          // In pieces, as a network may have it.
          const message = Buffer.concat([head, body]);
          socket.write(message.subarray(0, 7));
          socket.write(message.subarray(7));
        }
        rest = rest.subarray(length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    collections,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The command, with the lists of documents that a driver sends beside it. */
function sections(bytes: Buffer): Document {
  const length = bytes.readInt32LE(0);
  const command = deserialize(bytes.subarray(0, length), { promoteBuffers: false });
  let at = length;
  while (at < bytes.length && bytes[at] === 1) {
    const end = at + 1 + bytes.readInt32LE(at + 1);
    const nameEnd = bytes.indexOf(0, at + 5);
    const documents: Document[] = [];
    for (let next = nameEnd + 1; next < end; next += bytes.readInt32LE(next))
      documents.push(deserialize(bytes.subarray(next, next + bytes.readInt32LE(next))));
    command[bytes.toString("utf8", at + 5, nameEnd)] = documents;
    at = end;
  }
  return command;
}
