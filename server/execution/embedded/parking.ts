import type { ActiveRun } from "./active-run";

const LONGEST_TIMER = 2_147_483_647;

/** A host call that waits for an instant, or for something to be told. */
interface Parked {
  /** Milliseconds; null: only for being told. */
  wakeAt: number | null;
  /** Too short to be worth leaving memory. */
  short: boolean;
  wake: () => void;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Host calls of one run that wait in memory while others go on. */
export class Parking {
  private readonly parked = new Set<Parked>();

  constructor(
    private readonly active: ActiveRun,
    /** One more waits: perhaps nothing else is left to do. */
    private readonly consider: () => void,
  ) {}

  /** Waits in memory while other steps run; the run leaves memory once nothing but this is left. */
  park(wakeAt: number | null, short: boolean): Promise<void> {
    return this.active.interruptible<void>((resolve) => {
      const parked: Parked = {
        wakeAt,
        short,
        timer: null,
        wake: () => {
          if (parked.timer) clearTimeout(parked.timer);
          this.parked.delete(parked);
          resolve();
        },
      };
      if (wakeAt !== null) parked.timer = setTimeout(parked.wake, Math.min(Math.max(1, wakeAt - this.active.now()), LONGEST_TIMER));
      this.parked.add(parked);
      this.consider();
    });
  }

  get isEmpty(): boolean {
    return this.parked.size === 0;
  }

  /** Something waits, and nothing of it for a moment only. */
  get allLong(): boolean {
    return this.parked.size > 0 && [...this.parked].every((parked) => !parked.short);
  }

  /** Waits for events look again. */
  recheck(): void {
    for (const parked of [...this.parked]) if (!parked.short) parked.wake();
  }

  earliestWake(): Date | null {
    const instants = [...this.parked].flatMap((parked) => (parked.wakeAt === null ? [] : [parked.wakeAt]));
    return instants.length === 0 ? null : new Date(Math.min(...instants));
  }

  close(): void {
    for (const parked of this.parked) if (parked.timer) clearTimeout(parked.timer);
  }
}
