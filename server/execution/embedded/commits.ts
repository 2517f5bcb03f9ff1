/** How much of what a run gave to the journal is durable, and who waits for it. */
export class Commits {
  private given = 0;
  private durable = 0;
  private barriers: { target: number; pass: () => void }[] = [];

  /** One more entry of the journal is filled. */
  opened(): void {
    this.given++;
  }

  /** The oldest open entry is decided. */
  settled(): void {
    this.durable++;
  }

  get areAllSettled(): boolean {
    return this.given === this.durable;
  }

  /** Resolves once everything that has been given so far is settled. */
  allSettled(): Promise<void> {
    const target = this.given;
    return new Promise<void>((pass) => this.barriers.push({ target, pass }));
  }

  /** Tells those whose entries are settled. */
  pass(): void {
    while (this.barriers[0] && this.barriers[0].target <= this.durable) this.barriers.shift()!.pass();
  }

  /** Nobody waits any more. */
  release(): void {
    for (const { pass } of this.barriers.splice(0)) pass();
  }
}
