const LONGEST_TIMER = 2_147_483_647;

/** Calls once an instant has come, by a clock of its own. */
export class Deadline {
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly now: () => number,
    private readonly passed: () => void,
  ) {}

  /** At once when it has come already. */
  watch(at: number): void {
    const left = at - this.now();
    if (left <= 0) this.passed();
    else this.timer = setTimeout(() => this.watch(at), Math.min(left, LONGEST_TIMER));
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}
