import type { Connection } from "@/flow/node/connection";

/** The work's outcome, or an error when it takes too long; the connection is then closed, as nobody knows what it still waits for. */
export async function within<T>(milliseconds: number, connection: Pick<Connection, "destroy">, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`There was no answer within ${milliseconds / 1000} s`));
      connection.destroy();
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
