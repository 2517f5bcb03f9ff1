import { FixedOffsetZone, IANAZone, type Zone } from "luxon";

/** Offsets change at whole quarters of an hour. */
const QUARTER_HOUR = 900_000;
const MAX_CACHED = 20_000;

/** A zone that asks the platform for an offset once per quarter of an hour: asking costs more than the rest of an expression. */
class RememberingZone extends IANAZone {
  private readonly offsets = new Map<number, number>();

  override offset(timestamp: number): number {
    const quarter = Math.floor(timestamp / QUARTER_HOUR);
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      offset = super.offset(timestamp);
      if (this.offsets.size >= MAX_CACHED) this.offsets.clear();
      this.offsets.set(quarter, offset);
    }
    return offset;
  }
}

const zones = new Map<string, Zone>();

/** The zone of a flow by its IANA name. UTC is the one that luxon takes for that name itself, whose times end with Z. */
export function flowZone(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = /^(?:utc|gmt)$/i.test(name) ? FixedOffsetZone.utcInstance : new RememberingZone(name);
    zones.set(name, zone);
  }
  return zone;
}
