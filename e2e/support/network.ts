import net, { type AddressInfo, type Socket } from "node:net";

/** The wire between a browser and a server, which can be cut. */
export interface Network {
  /** What the browser calls in place of the server. */
  url: string;
  /** Breaks every connection and takes no new ones; a browser that is only told to be offline keeps its open streams. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startNetwork(port: number): Promise<Network> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    return socket;
  };
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  const server = net.createServer((browser) => {
    if (isCut) return void browser.destroy();
    const app = keep(net.connect(port, "127.0.0.1"));
    keep(browser).pipe(app).pipe(browser);
    browser.on("close", () => app.destroy());
    app.on("close", () => browser.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      isCut = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
