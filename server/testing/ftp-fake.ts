import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate";

export interface FtpFakeOptions {
  tls?: "explicit" | "implicit";
  /** Of the answers to FEAT; without MLST listings are those of `ls`. */
  features?: string[];
  /** Answers in place of its own, line breaks and all; undefined for its own. */
  answer?: (command: string) => string | undefined;
  /** Host that PASV names. */
  passiveHost?: string;
  /** Bytes of a file after which it closes all connections. */
  cutAfter?: number;
}

export interface FtpFake {
  port: number;
  /** Contents by path; folders are null. */
  files: Map<string, Buffer | null>;
  /** Without what follows PASS. */
  commands: string[];
  /** Whether the connections for files knew an earlier session again; empty without TLS. */
  resumed: boolean[];
  open(): number;
  close(): Promise<void>;
}

const TIME = "20260131093000";
const credentials = { key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE };

/** Real FTP on the loopback over files in memory, for the user `shop` with the password `correct horse`; a folder `/hang` never answers. */
export async function startFtpFake(options: FtpFakeOptions = {}): Promise<FtpFake> {
  const { features = ["MLST type*;size*;modify*;", "UTF8", "EPSV"], answer, passiveHost = "127.0.0.1", cutAfter } = options;
  const files: FtpFake["files"] = new Map([["/", null]]);
  const commands: string[] = [];
  const resumed: boolean[] = [];
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  const context = tls.createSecureContext(credentials);
  const within = (folder: string): [name: string, content: Buffer | null][] => {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    return [...files].flatMap(([path, content]) =>
      path !== "/" && path.startsWith(prefix) && !path.slice(prefix.length).includes("/") ? [[path.slice(prefix.length), content]] : [],
    );
  };

  const serve = (first: net.Socket): void => {
    let control = first;
    let user = "";
    let loggedIn = false;
    let isPrivate = false;
    let folder = "/";
    let renaming = "";
    let data: Promise<net.Socket> | undefined;
    const say = (text: string): void => void control.write(`${text}\r\n`);
    const absolute = (path: string): string => {
      const parts: string[] = [];
      for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
        if (part === "..") parts.pop();
        else if (part !== "" && part !== ".") parts.push(part);
      }
      return `/${parts.join("/")}`;
    };
    const listen = (): Promise<number> =>
      new Promise((resolve) => {
        const server = net.createServer();
        data = new Promise((connected) =>
          server.once("connection", (socket) => {
            server.close();
            keep(socket);
            connected(socket);
          }),
        );
        server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
      });
    /** Begins TLS only now, as common servers do: who waited for it beforehand would wait for ever. */
    const transfer = async (use: (socket: net.Socket) => Promise<void>): Promise<void> => {
      const plain = await data;
      data = undefined;
      if (!plain) return say("425 Use PASV first");
      say("150 Here it comes");
      let socket: net.Socket = plain;
      if (isPrivate) {
        const secured = new tls.TLSSocket(plain, { isServer: true, secureContext: context });
        socket = secured;
        keep(secured);
        await new Promise((resolve) => secured.once("secure", resolve));
        resumed.push(secured.isSessionReused());
      }
      await use(socket);
      say("226 Done");
    };
    const send = (content: Buffer): Promise<void> =>
      transfer(
        (socket) =>
          new Promise((resolve) => {
            if (cutAfter !== undefined) {
              socket.write(content.subarray(0, cutAfter), () => {
                for (const each of sockets) each.destroy();
              });
              return;
            }
            socket.end(content, resolve);
          }),
      );
    const list = (path: string, line: (name: string, content: Buffer | null) => string): Promise<void> | void => {
      const name = absolute(path);
      if (name === "/hang") {
        // Who reads nothing does not learn that the other side has gone.
        void data?.then((socket) => socket.resume());
        return;
      }
      if (files.get(name) !== null) return say("550 No such folder");
      return send(
        Buffer.from(
          within(name)
            .map(([each, content]) => `${line(each, content)}\r\n`)
            .join(""),
        ),
      );
    };
    const secure = (socket: net.Socket): tls.TLSSocket => {
      const secured = new tls.TLSSocket(socket, { isServer: true, secureContext: context });
      keep(secured);
      return secured;
    };

    const handlers: Record<string, (rest: string) => unknown> = {
      AUTH: () => {
        if (options.tls !== "explicit") return say("502 Not here");
        say("234 Begin");
        control.removeAllListeners("data");
        control = secure(control);
        hear();
      },
      USER: (rest) => {
        user = rest;
        say("331 And the password?");
      },
      PASS: (rest) => {
        loggedIn = user === "shop" && rest === "correct horse";
        say(loggedIn ? "230 Welcome" : "530 Login incorrect");
      },
      FEAT: () => say(`211-Features\r\n${features.map((each) => ` ${each}`).join("\r\n")}\r\n211 End`),
      PROT: (rest) => {
        isPrivate = rest === "P";
        say("200 OK");
      },
      EPSV: async () => (features.includes("EPSV") ? say(`229 Extended (|||${await listen()}|)`) : say("500 What?")),
      PASV: async () => {
        const port = await listen();
        say(`227 Passive (${passiveHost.replaceAll(".", ",")},${port >> 8},${port & 255})`);
      },
      MLSD: (rest) =>
        list(rest, (name, content) => `type=${content ? "file" : "dir"};size=${content?.length ?? 0};modify=${TIME}; ${name}`),
      LIST: (rest) =>
        list(
          rest.replace(/^-a ?/, ""),
          (name, content) => `${content ? "-rw-" : "drwx"}r--r-- 1 a b ${content?.length ?? 0} Jan 31 09:30 ${name}`,
        ),
      RETR: (rest) => {
        const content = files.get(absolute(rest));
        return content ? send(content) : say("550 No such file");
      },
      STOR: (rest) => {
        const path = absolute(rest);
        if (files.get(path.slice(0, path.lastIndexOf("/")) || "/") !== null) return say("553 No such folder");
        return transfer(async (socket) => {
          const pieces: Buffer[] = [];
          for await (const piece of socket) pieces.push(piece as Buffer);
          files.set(path, Buffer.concat(pieces));
        });
      },
      SIZE: (rest) => {
        const content = files.get(absolute(rest));
        say(content ? `213 ${content.length}` : "550 No such file");
      },
      MKD: (rest) => {
        const path = absolute(rest);
        if (files.has(path)) return say("550 It is there");
        files.set(path, null);
        say(`257 "${path}"`);
      },
      CWD: (rest) => {
        if (files.get(absolute(rest)) !== null) return say("550 No such folder");
        folder = absolute(rest);
        say("250 OK");
      },
      PWD: () => say(`257 "${folder}"`),
      DELE: (rest) => say(files.get(absolute(rest)) && files.delete(absolute(rest)) ? "250 Gone" : "550 No such file"),
      RMD: (rest) => {
        const path = absolute(rest);
        if (files.get(path) !== null || within(path).length > 0) return say("550 Not an empty folder");
        files.delete(path);
        say("250 Gone");
      },
      RNFR: (rest) => {
        renaming = absolute(rest);
        say(files.has(renaming) ? "350 And to?" : "550 No such file");
      },
      RNTO: (rest) => {
        files.set(absolute(rest), files.get(renaming) ?? null);
        files.delete(renaming);
        say("250 Renamed");
      },
      QUIT: () => control.end("221 Bye\r\n"),
    };
    const OPEN = new Set(["AUTH", "USER", "PASS", "FEAT", "OPTS", "QUIT"]);
    const hear = (): void => {
      let rest = "";
      control.on("data", (piece: Buffer) => {
        rest += piece.toString();
        for (let at = rest.indexOf("\r\n"); at >= 0; at = rest.indexOf("\r\n")) {
          const line = rest.slice(0, at);
          rest = rest.slice(at + 2);
          const [, verb = "", argument = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
          commands.push(verb === "PASS" ? verb : line);
          const instead = answer?.(line);
          if (instead !== undefined) control.write(instead);
          else if (!loggedIn && !OPEN.has(verb)) say("530 Log in first");
          else if (Object.hasOwn(handlers, verb)) void handlers[verb]?.(argument);
          else say("200 OK");
        }
      });
    };
    const welcome = (): void => {
      hear();
      control.write(answer?.("") ?? "220 Ready\r\n");
    };
    keep(control);
    if (options.tls === "implicit") {
      isPrivate = true;
      const secured = secure(control);
      control = secured;
      secured.once("secure", welcome);
    } else welcome();
  };

  const server = net.createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    files,
    commands,
    resumed,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
