/** Things to stop, in reverse order of their start, once; then the process ends. */
export class Lifecycle {
  readonly #stops: (() => Promise<void>)[] = [];
  #ending: Promise<never> | null = null;

  /** Stops on Ctrl-C, SIGTERM, a closed terminal, and when whoever started this process has gone. */
  constructor() {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void this.end(0));
    // Killing npm kills neither its shell nor this process.
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void this.end(0);
    }, 250).unref();
  }

  get ending(): boolean {
    return this.#ending !== null;
  }

  onEnd(stop: () => Promise<void>): void {
    this.#stops.unshift(stop);
  }

  /** Never resolves: the process ends. */
  end(exitCode: number): Promise<never> {
    this.#ending ??= this.#stopAll().then(() => process.exit(exitCode));
    return this.#ending;
  }

  async #stopAll(): Promise<void> {
    // What starts meanwhile is stopped too: the list may grow while this loop waits.
    for (let stop = this.#stops.shift(); stop; stop = this.#stops.shift()) {
      await stop().catch((error) => process.stderr.write(`${String(error)}\n`));
    }
  }
}
