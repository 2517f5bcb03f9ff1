/**
 * `DateTime`, `$now` and `$today` for code in the sandbox: the part of luxon's API that flows use most, in the flow's zone and
 * in English. `__dates` takes `{ name, offsets, now }`, see `zoneOffsets`.
 */
export const DATE_TIME_PRELUDE = `
globalThis.__dates = ({ name: zoneName, offsets, now: fixedNow }) => {
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const MS = { milliseconds: 1, seconds: 1000, minutes: 60000, hours: 3600000, days: 86400000, weeks: 604800000 };
  const unitOf = (unit) => { const u = String(unit).toLowerCase(); return u.endsWith("s") ? u : u + "s"; };
  const zoneOffset = (ts) => { let found = offsets[0][1]; for (const [from, offset] of offsets) { if (ts >= from) found = offset; else break; } return found; };
  const pad = (value, size = 2) => (value < 0 ? "-" : "") + String(Math.abs(value)).padStart(size, "0");
  const iso = (offset) => (offset === 0 ? "+00:00" : (offset < 0 ? "-" : "+") + pad(Math.floor(Math.abs(offset) / 60)) + ":" + pad(Math.abs(offset) % 60));
  // From local fields: the offset that holds there; in a gap the later time, in an overlap the earlier one.
  const fromLocal = (local, utc) => {
    if (utc) return local;
    const first = zoneOffset(local - zoneOffset(local) * 60000);
    const second = zoneOffset(local - first * 60000);
    return local - (first === second ? first : Math.min(first, second)) * 60000;
  };
  class DateTime {
    constructor(ts, utc = false) { this.ts = ts; this.utcZone = utc; Object.freeze(this); }
    static now() { return new DateTime(Date.now()); }
    static local(...parts) { return parts.length === 0 ? DateTime.now() : DateTime.fromObject({ year: parts[0], month: parts[1] ?? 1, day: parts[2] ?? 1, hour: parts[3] ?? 0, minute: parts[4] ?? 0, second: parts[5] ?? 0, millisecond: parts[6] ?? 0 }); }
    static utc() { return new DateTime(Date.now(), true); }
    static fromMillis(ms) { return new DateTime(ms); }
    static fromSeconds(seconds) { return new DateTime(seconds * 1000); }
    static fromJSDate(date) { return new DateTime(date.getTime()); }
    static fromObject(parts) { return new DateTime(fromLocal(Date.UTC(parts.year ?? 1970, (parts.month ?? 1) - 1, parts.day ?? 1, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0, parts.millisecond ?? 0))); }
    static fromISO(text) {
      const found = /^(\\d{4})-(\\d{2})(?:-(\\d{2}))?(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?)?(Z|[+-]\\d{2}:?\\d{2})?$/i.exec(String(text).trim());
      if (!found) return new DateTime(NaN);
      const [, year, month, day = "1", hour = "0", minute = "0", second = "0", fraction = "0", zone] = found;
      const local = Date.UTC(+year, month - 1, +day, +hour, +minute, +second, Math.floor(Number("0." + fraction) * 1000));
      if (!zone) return new DateTime(fromLocal(local));
      if (/z/i.test(zone)) return new DateTime(local);
      const digits = zone.replace(":", "");
      return new DateTime(local - Number(digits.slice(0, 1) + "1") * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))) * 60000);
    }
    get isValid() { return !Number.isNaN(this.ts); }
    get offset() { return this.utcZone ? 0 : zoneOffset(this.ts); }
    get zoneName() { return this.utcZone ? "UTC" : zoneName; }
    get local() { return new Date(this.ts + this.offset * 60000); }
    get year() { return this.local.getUTCFullYear(); }
    get month() { return this.local.getUTCMonth() + 1; }
    get day() { return this.local.getUTCDate(); }
    get hour() { return this.local.getUTCHours(); }
    get minute() { return this.local.getUTCMinutes(); }
    get second() { return this.local.getUTCSeconds(); }
    get millisecond() { return this.local.getUTCMilliseconds(); }
    get weekday() { return ((this.local.getUTCDay() + 6) % 7) + 1; }
    get quarter() { return Math.ceil(this.month / 3); }
    get monthLong() { return MONTHS[this.month - 1]; }
    get weekdayLong() { return DAYS[this.weekday - 1]; }
    get daysInMonth() { return new Date(Date.UTC(this.year, this.month, 0)).getUTCDate(); }
    get ordinal() { return Math.floor((Date.UTC(this.year, this.month - 1, this.day) - Date.UTC(this.year, 0, 1)) / MS.days) + 1; }
    toUTC() { return new DateTime(this.ts, true); }
    toLocal() { return new DateTime(this.ts); }
    setZone(zone) { if (/^utc$/i.test(zone)) return this.toUTC(); if (zone === zoneName || zone === "local") return this.toLocal(); throw new Error("Code can use the flow's zone (" + zoneName + ") and UTC, not " + zone); }
    set(parts) {
      const local = Date.UTC(parts.year ?? this.year, (parts.month ?? this.month) - 1, 1);
      const last = new Date(Date.UTC(new Date(local).getUTCFullYear(), new Date(local).getUTCMonth() + 1, 0)).getUTCDate();
      const day = parts.day ?? Math.min(this.day, last);
      return new DateTime(fromLocal(local + (day - 1) * MS.days + (parts.hour ?? this.hour) * MS.hours + (parts.minute ?? this.minute) * MS.minutes + (parts.second ?? this.second) * 1000 + (parts.millisecond ?? this.millisecond), this.utcZone), this.utcZone);
    }
    plus(amount, sign = 1) {
      const parts = typeof amount === "number" ? { milliseconds: amount } : amount;
      const of = {};
      for (const key of Object.keys(parts)) of[unitOf(key)] = Number(parts[key]) * sign;
      const months = (of.years ?? 0) * 12 + (of.quarters ?? 0) * 3 + (of.months ?? 0);
      const days = (of.weeks ?? 0) * 7 + (of.days ?? 0);
      let moved = this;
      if (months !== 0) { const index = this.year * 12 + this.month - 1 + months; moved = moved.set({ year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 }); }
      if (days !== 0) moved = moved.set({ day: moved.day + days });
      return new DateTime(moved.ts + (of.hours ?? 0) * MS.hours + (of.minutes ?? 0) * MS.minutes + (of.seconds ?? 0) * 1000 + (of.milliseconds ?? 0), this.utcZone);
    }
    minus(amount) { return this.plus(amount, -1); }
    startOf(unit) {
      const u = unitOf(unit), zero = { hour: 0, minute: 0, second: 0, millisecond: 0 };
      if (u === "years") return this.set({ month: 1, day: 1, ...zero });
      if (u === "quarters") return this.set({ month: this.quarter * 3 - 2, day: 1, ...zero });
      if (u === "months") return this.set({ day: 1, ...zero });
      if (u === "weeks") return this.set({ day: this.day - this.weekday + 1, ...zero });
      if (u === "days") return this.set(zero);
      if (u === "hours") return this.set({ minute: 0, second: 0, millisecond: 0 });
      if (u === "minutes") return this.set({ second: 0, millisecond: 0 });
      return this.set({ millisecond: 0 });
    }
    endOf(unit) { return new DateTime(this.startOf(unit).plus({ [unitOf(unit)]: 1 }).ts - 1, this.utcZone); }
    diff(other, unit = "milliseconds") {
      const ms = this.ts - +other, units = unitOf(Array.isArray(unit) ? unit[0] : unit);
      // Whole units by the calendar, then the part of the unit in which the rest lies.
      const as = (wanted) => {
        const u = unitOf(wanted);
        if (MS[u] && MS[u] < MS.days) return ms / MS[u];
        const sign = ms < 0 ? -1 : 1;
        const from = new DateTime(Math.min(this.ts, +other), this.utcZone), to = Math.max(this.ts, +other);
        const length = u === "years" ? 365.25 * MS.days : u === "quarters" ? 91 * MS.days : u === "months" ? 30 * MS.days : MS[u];
        let whole = Math.max(0, Math.floor((to - from.ts) / length) - 1);
        while (from.plus({ [u]: whole + 1 }).ts <= to) whole++;
        while (whole > 0 && from.plus({ [u]: whole }).ts > to) whole--;
        const start = from.plus({ [u]: whole }).ts, end = from.plus({ [u]: whole + 1 }).ts;
        return sign * (whole + (to - start) / (end - start));
      };
      return { [units]: as(units), as, toMillis: () => ms, valueOf: () => ms, toObject: () => ({ [units]: as(units) }) };
    }
    diffNow(unit) { return this.diff(DateTime.now(), unit); }
    hasSame(other, unit) { return this.startOf(unit).ts === new DateTime(+other, this.utcZone).startOf(unit).ts; }
    equals(other) { return this.ts === +other; }
    toMillis() { return this.ts; }
    toSeconds() { return this.ts / 1000; }
    toUnixInteger() { return Math.floor(this.ts / 1000); }
    valueOf() { return this.ts; }
    toJSDate() { return new Date(this.ts); }
    toISODate() { return this.isValid ? pad(this.year, 4) + "-" + pad(this.month) + "-" + pad(this.day) : null; }
    toISOTime() { return pad(this.hour) + ":" + pad(this.minute) + ":" + pad(this.second) + "." + pad(this.millisecond, 3) + (this.utcZone || this.offset === 0 ? "Z" : iso(this.offset)); }
    toISO() { return this.isValid ? this.toISODate() + "T" + this.toISOTime() : null; }
    toJSON() { return this.toISO(); }
    toString() { return this.toISO() ?? "Invalid DateTime"; }
    toFormat(format) {
      const tokens = { yyyy: () => pad(this.year, 4), yy: () => pad(this.year % 100), y: () => String(this.year), LLLL: () => this.monthLong, MMMM: () => this.monthLong, LLL: () => this.monthLong.slice(0, 3), MMM: () => this.monthLong.slice(0, 3), LL: () => pad(this.month), MM: () => pad(this.month), L: () => String(this.month), M: () => String(this.month), dd: () => pad(this.day), d: () => String(this.day), EEEE: () => this.weekdayLong, cccc: () => this.weekdayLong, EEE: () => this.weekdayLong.slice(0, 3), ccc: () => this.weekdayLong.slice(0, 3), E: () => String(this.weekday), c: () => String(this.weekday), HH: () => pad(this.hour), H: () => String(this.hour), hh: () => pad(this.hour % 12 || 12), h: () => String(this.hour % 12 || 12), mm: () => pad(this.minute), m: () => String(this.minute), ss: () => pad(this.second), s: () => String(this.second), SSS: () => pad(this.millisecond, 3), S: () => String(this.millisecond), a: () => (this.hour < 12 ? "AM" : "PM"), ZZ: () => iso(this.offset), Z: () => iso(this.offset).replace(/^([+-])0/, "$1").replace(":00", ""), z: () => this.zoneName, X: () => String(this.toUnixInteger()), x: () => String(this.ts), ooo: () => pad(this.ordinal, 3), o: () => String(this.ordinal), q: () => String(this.quarter) };
      return String(format).replace(/'([^']*)'|yyyy|yy|y|LLLL|LLL|LL|L|MMMM|MMM|MM|M|dd|d|EEEE|EEE|E|cccc|ccc|c|HH|H|hh|h|mm|m|ss|s|SSS|S|a|ZZ|Z|z|X|x|ooo|o|q/g, (token, quoted) => (quoted !== undefined ? quoted : tokens[token]()));
    }
    toRelative() { const days = Math.round(this.diffNow("days").days); return days === 0 ? "today" : days > 0 ? "in " + days + " days" : -days + " days ago"; }
  }
  globalThis.DateTime = DateTime;
  globalThis.$now = new DateTime(fixedNow);
  globalThis.$today = globalThis.$now.startOf("day");
};
`;
