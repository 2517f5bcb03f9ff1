/**
 * Values of an instrument's labels: ids and keys that a person of an organization cannot make longer than a name, and words of
 * ours. Never a value that a flow works with, an address or a text that somebody typed.
 */
export type Labels = Readonly<Record<string, string>>;

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));

/** One line of Prometheus' text format. */
export function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}

export const heading = (name: string, type: "counter" | "gauge" | "histogram", help: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;

/** Stands for ids and keys once an instrument has as many series as it may. */
export const OTHER = "other";
/** Labels whose values are words of ours: they stay. */
const FEW: ReadonlySet<string> = new Set(["status", "authType", "method", "route"]);
const LONGEST = 100;

/** Series by their labels. However many organizations, flows and steps there are, memory and answer stay bounded. */
class Series<T> {
  private readonly values = new Map<string, { labels: Labels; value: T }>();

  constructor(
    private readonly empty: () => T,
    private readonly most: number,
  ) {}

  of(given: Labels): { value: T } {
    const labels = shortened(given);
    const key = JSON.stringify(labels);
    const known = this.values.get(key);
    if (known) return known;
    const full = this.values.size >= this.most;
    const others = Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, FEW.has(name) ? text : OTHER]));
    if (full && JSON.stringify(others) !== key) return this.of(others);
    const made = { labels, value: this.empty() };
    this.values.set(key, made);
    return made;
  }

  all = (): { labels: Labels; value: T }[] => [...this.values.values()];
}

const shortened = (labels: Labels): Labels =>
  Object.values(labels).every((text) => text.length <= LONGEST)
    ? labels
    : Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, text.slice(0, LONGEST)]));

export class Counter {
  private readonly series: Series<number>;

  constructor(
    readonly name: string,
    private readonly help: string,
    mostSeries = 5_000,
  ) {
    this.series = new Series(() => 0, mostSeries);
  }

  add(labels: Labels): void {
    this.series.of(labels).value++;
  }

  lines(): string[] {
    return [heading(this.name, "counter", this.help), ...this.series.all().map(({ labels, value }) => sample(this.name, labels, value))];
  }
}

interface Spread {
  buckets: number[];
  sum: number;
  count: number;
}

/** Counts of durations up to each bound. */
export class Histogram {
  private readonly series: Series<Spread>;

  constructor(
    readonly name: string,
    private readonly help: string,
    /** Seconds, ascending. */
    private readonly bounds: readonly number[],
    mostSeries = 1_000,
  ) {
    this.series = new Series(() => ({ buckets: bounds.map(() => 0), sum: 0, count: 0 }), mostSeries);
  }

  observe(labels: Labels, seconds: number): void {
    const { value: known } = this.series.of(labels);
    known.sum += seconds;
    known.count++;
    for (const [index, bound] of this.bounds.entries()) if (seconds <= bound) known.buckets[index] = (known.buckets[index] ?? 0) + 1;
  }

  lines(): string[] {
    return [
      heading(this.name, "histogram", this.help),
      ...this.series
        .all()
        .flatMap(({ labels, value: { buckets, sum, count } }) => [
          ...this.bounds.map((bound, index) => sample(`${this.name}_bucket`, { ...labels, le: String(bound) }, buckets[index] ?? 0)),
          sample(`${this.name}_bucket`, { ...labels, le: "+Inf" }, count),
          sample(`${this.name}_sum`, labels, sum),
          sample(`${this.name}_count`, labels, count),
        ]),
    ];
  }
}
