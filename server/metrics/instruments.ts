/** Values of an instrument's labels. Only such as are few: never an id, a path or a name that somebody chose. */
export type Labels = Readonly<Record<string, string>>;

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));

/** One line of Prometheus' text format. */
export function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
}

export const heading = (name: string, type: "counter" | "gauge" | "histogram", help: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;

export class Counter {
  private readonly values = new Map<string, { labels: Labels; value: number }>();

  constructor(
    readonly name: string,
    private readonly help: string,
  ) {}

  add(labels: Labels): void {
    const key = JSON.stringify(labels);
    const known = this.values.get(key);
    if (known) known.value++;
    else this.values.set(key, { labels, value: 1 });
  }

  lines(): string[] {
    return [
      heading(this.name, "counter", this.help),
      ...[...this.values.values()].map(({ labels, value }) => sample(this.name, labels, value)),
    ];
  }
}

/** Counts of durations up to each bound. */
export class Histogram {
  private readonly values = new Map<string, { labels: Labels; buckets: number[]; sum: number; count: number }>();

  constructor(
    readonly name: string,
    private readonly help: string,
    /** Seconds, ascending. */
    private readonly bounds: readonly number[],
  ) {}

  observe(labels: Labels, seconds: number): void {
    const key = JSON.stringify(labels);
    const known = this.values.get(key) ?? { labels, buckets: this.bounds.map(() => 0), sum: 0, count: 0 };
    this.values.set(key, known);
    known.sum += seconds;
    known.count++;
    for (const [index, bound] of this.bounds.entries()) if (seconds <= bound) known.buckets[index] = (known.buckets[index] ?? 0) + 1;
  }

  lines(): string[] {
    return [
      heading(this.name, "histogram", this.help),
      ...[...this.values.values()].flatMap(({ labels, buckets, sum, count }) => [
        ...this.bounds.map((bound, index) => sample(`${this.name}_bucket`, { ...labels, le: String(bound) }, buckets[index] ?? 0)),
        sample(`${this.name}_bucket`, { ...labels, le: "+Inf" }, count),
        sample(`${this.name}_sum`, labels, sum),
        sample(`${this.name}_count`, labels, count),
      ]),
    ];
  }
}
