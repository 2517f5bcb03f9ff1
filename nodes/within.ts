import type { Connection } from "@/flow/node/connection";

/**
 * The work's outcome, or an error when it takes too long; the connection is then closed, as nobody knows what it still waits for.
 * Nor does anybody wait for work whose connection is gone: not every driver tells.
 */
export async function within<T>(milliseconds: number, connection: Connection, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let closed = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    // After what the driver says itself about it.
    closed = () => setImmediate(() => reject(new Error("The connection was closed before there was an answer")));
    connection.once("close", closed);
    timer = setTimeout(() => {
      reject(new Error(`There was no answer within ${milliseconds / 1000} s`));
      connection.destroy();
    }, milliseconds);
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    connection.off("close", closed);
    // What comes too late is nobody's error.
    ended.catch(() => {});
    work.catch(() => {});
  }
}
