import net, { type AddressInfo } from "node:net";

export interface RedisFake {
  port: number;
  /** In the order in which they came. */
  commands: string[][];
  published: [channel: string, message: string][];
  /** Seconds after which keys expire. */
  expiries: Map<string, number>;
  open(): number;
  close(): Promise<void>;
}

type Value = string | string[] | Map<string, string> | Set<string>;
type Answer = string | number | null | Error | { simple: string } | Answer[];

const encode = (answer: Answer): string => {
  if (answer === null) return "$-1\r\n";
  if (typeof answer === "number") return `:${answer}\r\n`;
  if (typeof answer === "string") return `$${Buffer.byteLength(answer)}\r\n${answer}\r\n`;
  if (answer instanceof Error) return `-${answer.message}\r\n`;
  if (Array.isArray(answer)) return `*${answer.length}\r\n${answer.map(encode).join("")}`;
  return `+${answer.simple}\r\n`;
};

const OK = { simple: "OK" };
const typeOf = (value: Value | undefined): string =>
  value === undefined
    ? "none"
    : typeof value === "string"
      ? "string"
      : Array.isArray(value)
        ? "list"
        : value instanceof Map
          ? "hash"
          : "set";

/** Whole commands at the front of what has come, and what is left. */
function takeCommands(text: string): { commands: string[][]; rest: string } {
  const commands: string[][] = [];
  let rest = text;
  for (;;) {
    const head = /^\*(\d+)\r\n/.exec(rest);
    if (!head) return { commands, rest };
    let at = head[0].length;
    const parts: string[] = [];
    for (let index = 0; index < Number(head[1]); index++) {
      const length = /^\$(\d+)\r\n/.exec(rest.slice(at));
      if (!length) return { commands, rest };
      at += length[0].length;
      if (rest.length < at + Number(length[1]) + 2) return { commands, rest };
      parts.push(Buffer.from(rest.slice(at, at + Number(length[1])), "latin1").toString());
      at += Number(length[1]) + 2;
    }
    commands.push(parts);
    rest = rest.slice(at);
  }
}

/** Enough of a Redis server for tests. It asks for the password `correct horse`; what it is asked of the key `hang` it does not answer. */
export async function startRedisFake({ pieces = Number.POSITIVE_INFINITY }: { pieces?: number } = {}): Promise<RedisFake> {
  const databases = new Map<string, Map<string, Value>>();
  const commands: string[][] = [];
  const published: RedisFake["published"] = [];
  const expiries = new Map<string, number>();
  const sockets = new Set<net.Socket>();
  const of = (name: string): Map<string, Value> => {
    const found = databases.get(name) ?? new Map<string, Value>();
    databases.set(name, found);
    return found;
  };

  const run = (store: Map<string, Value>, [name = "", key = "", ...rest]: string[]): Answer => {
    const value = store.get(key);
    const list = (): string[] => {
      if (value !== undefined && !Array.isArray(value))
        throw new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
      const made = value ?? [];
      store.set(key, made);
      return made;
    };
    switch (name.toUpperCase()) {
      case "GET":
        return typeof value === "string"
          ? value
          : value === undefined
            ? null
            : new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
      case "SET":
        store.set(key, rest[0] ?? "");
        if (rest[1] === "EX") expiries.set(key, Number(rest[2]));
        return OK;
      case "DEL":
        return store.delete(key) ? 1 : 0;
      case "TYPE":
        return { simple: typeOf(value) };
      case "INCR": {
        const next = Number(value ?? 0) + 1;
        if (Number.isNaN(next)) return new Error("ERR value is not an integer or out of range");
        store.set(key, String(next));
        return next;
      }
      case "EXPIRE":
        expiries.set(key, Number(rest[0]));
        return 1;
      case "LPUSH":
        return list().unshift(...rest);
      case "RPUSH":
        return list().push(...rest);
      case "LPOP":
        return list().shift() ?? null;
      case "RPOP":
        return list().pop() ?? null;
      case "LLEN":
        return list().length;
      case "LRANGE":
        return [...list()];
      case "SADD":
        store.set(key, new Set([...((value as Set<string> | undefined) ?? []), ...rest]));
        return rest.length;
      case "SMEMBERS":
        return [...(value as Set<string>)];
      case "HSET":
        store.set(key, new Map(rest.flatMap((each, at) => (at % 2 === 0 ? [[each, rest[at + 1] ?? ""] as const] : []))));
        return rest.length / 2;
      case "HGETALL":
        return [...(value as Map<string, string>)].flat();
      case "SCAN": {
        const pattern = new RegExp(`^${(rest[1] ?? "*").replaceAll("*", ".*")}$`);
        const names = [...store.keys()];
        const start = Number(key);
        return [start + 2 < names.length ? String(start + 2) : "0", names.slice(start, start + 2).filter((each) => pattern.test(each))];
      }
      case "PUBLISH":
        published.push([key, rest[0] ?? ""]);
        return 1;
      case "PING":
        return { simple: "PONG" };
      case "INFO":
        return "# Server\r\nredis_version:7.4.0\r\nuptime_in_seconds:12\r\ndb0:keys=1,expires=0\r\n";
      default:
        return new Error(`ERR unknown command '${name}'`);
    }
  };

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    let rest = "";
    let isKnown = false;
    let database = "0";
    let queued: string[][] | undefined;
    const say = (answer: Answer): void => {
      const text = encode(answer);
      for (let at = 0; at < text.length; at += pieces) socket.write(text.slice(at, Math.min(text.length, at + pieces)));
    };
    const attempt = (command: string[]): Answer => {
      try {
        return run(of(database), command);
      } catch (error) {
        return error as Error;
      }
    };
    const handle = (command: string[]): void => {
      commands.push(command);
      const name = command[0]?.toUpperCase();
      if (name === "AUTH") {
        isKnown = command.at(-1) === "correct horse";
        say(isKnown ? OK : new Error("WRONGPASS invalid username-password pair or user is disabled."));
      } else if (!isKnown) say(new Error("NOAUTH Authentication required."));
      else if (name === "TYPE" && command[1] === "hang") return;
      else if (name === "SELECT") {
        database = command[1] ?? "0";
        say(OK);
      } else if (name === "MULTI") {
        queued = [];
        say(OK);
      } else if (name === "EXEC") {
        const all = queued ?? [];
        queued = undefined;
        say(all.map(attempt));
      } else if (queued) {
        queued.push(command);
        say({ simple: "QUEUED" });
      } else say(attempt(command));
    };
    socket.on("data", (data) => {
      const taken = takeCommands(rest + data.toString("latin1"));
      rest = taken.rest;
      for (const command of taken.commands) handle(command);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    published,
    expiries,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
