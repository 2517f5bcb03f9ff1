import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";

/** What happens to bytes between a client and the server behind the proxy. */
export type Weather =
  | "fair"
  /** Nothing gets through, in either direction; connections stay open. */
  | "stalled"
  /** What clients send arrives; what is answered does not. */
  | "deaf"
  /** A few bytes at a time, with pauses. */
  | "trickling"
  /** Nobody listens: new connections are cut at once. */
  | "closed";

export interface TcpProxy {
  port: number;
  weather: Weather;
  /** Cuts every connection, as a network that forgot them does. */
  reset(): void;
  /** Connections that were cut so far. */
  readonly cut: number;
  close(): Promise<void>;
}

/** A bad network: forwards to a port on loopback, as its weather permits. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const held: (() => void)[] = [];
  let weather: Weather = "fair";
  let cut = 0;

  const end = (pair: [Socket, Socket]) => {
    if (!pairs.delete(pair)) return;
    for (const socket of pair) socket.destroy();
  };
  const release = () => {
    for (const send of held.splice(0)) send();
  };
  const trickle = async (to: Socket, bytes: Buffer) => {
    for (let at = 0; at < bytes.length && !to.destroyed; at += 7) {
      to.write(bytes.subarray(at, at + 7));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  /** Bytes of one direction stay in order, whatever the weather does meanwhile. */
  const forward = (from: Socket, to: Socket, isAnswer: boolean) => {
    let queue = Promise.resolve();
    from.on("data", (bytes: Buffer) => {
      queue = queue.then(async () => {
        while (weather === "stalled" || (weather === "deaf" && isAnswer)) await new Promise<void>((resolve) => held.push(resolve));
        if (to.destroyed) return;
        if (weather === "trickling") await trickle(to, bytes);
        else to.write(bytes);
      });
    });
  };

  const server = net.createServer((client) => {
    if (weather === "closed") return void client.destroy();
    const upstream = net.connect(targetPort, "127.0.0.1");
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    forward(client, upstream, false);
    forward(upstream, client, true);
    for (const socket of pair) {
      socket.on("error", () => end(pair));
      socket.on("close", () => end(pair));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const reset = () => {
    cut += pairs.size;
    for (const pair of [...pairs]) end(pair);
    release();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get weather() {
      return weather;
    },
    set weather(next) {
      weather = next;
      release();
    },
    reset,
    get cut() {
      return cut;
    },
    async close() {
      reset();
      server.close();
      await once(server, "close");
    },
  };
}
