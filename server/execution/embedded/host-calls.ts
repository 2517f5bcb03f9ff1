/** What a run awaits of its host, all of which ends at once when the run is left. */
export class HostCalls {
  private readonly stops = new Set<(reason: Error) => void>();

  /** @param left why nothing is awaited any more */
  begin<T>(begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void, left: Error | null): Promise<T> {
    return new Promise((resolve, reject) => {
      if (left) {
        reject(left);
        return;
      }
      this.stops.add(reject);
      begin(
        (value) => {
          this.stops.delete(reject);
          resolve(value);
        },
        (error) => {
          this.stops.delete(reject);
          reject(error);
        },
      );
    });
  }

  end(reason: Error): void {
    for (const stop of this.stops) stop(reason);
    this.stops.clear();
  }
}
