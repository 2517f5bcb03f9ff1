import { allocate, step } from "../budget";
import { typeError } from "../errors";
import { luxonArgument } from "../methods/date";
import { DEFAULT_LOCALE } from "../methods/number-format";
import { callback, locales, options } from "../methods/table";
import { Instance, isPlainObject, iterate, keysOf, Namespace, toNumber, toText } from "../values";

/** `URLSearchParams` as a value of the expression, over the host's. */
function searchParams(parameters: URLSearchParams): Instance {
  const pairs = () => [...parameters.entries()];
  return new Instance(
    "URLSearchParams",
    {
      get: ([name]) => parameters.get(toText(name)),
      getAll: ([name]) => parameters.getAll(toText(name)),
      has: ([name]) => parameters.has(toText(name)),
      set: ([name, value]) => parameters.set(toText(name), charged(value)),
      append: ([name, value]) => parameters.append(toText(name), charged(value)),
      delete: ([name]) => parameters.delete(toText(name)),
      sort: () => parameters.sort(),
      keys: () => pairs().map(([name]) => name),
      values: () => pairs().map(([, value]) => value),
      entries: () => pairs(),
      forEach: ([f]) => {
        const call = callback(f);
        for (const [name, value] of pairs()) call(value, name, undefined);
      },
      toString: () => charged(parameters.toString()),
    },
    (key) => (key === "size" ? pairs().length : undefined),
    () => parameters.toString(),
  );
}

const charged = (value: unknown): string => {
  const text = toText(value);
  step(1 + (text.length >> 3));
  allocate(text.length * 3);
  return text;
};

export const searchParamsGlobal = new Namespace("URLSearchParams", {
  construct: ([source]) => {
    if (source === undefined) return searchParams(new URLSearchParams());
    if (isPlainObject(source))
      return searchParams(new URLSearchParams(keysOf(source).map((key): [string, string] => [key, charged(source[key])])));
    if (Array.isArray(source)) {
      return searchParams(
        new URLSearchParams(source.map((pair): [string, string] => [charged(iterate(pair)[0]), charged(iterate(pair)[1])])),
      );
    }
    return searchParams(new URLSearchParams(charged(source)));
  },
});

const URL_PROPERTIES: ReadonlySet<string> = new Set(
  "href origin protocol username password host hostname port pathname search hash".split(" "),
);

export const urlGlobal = new Namespace("URL", {
  construct: ([text, base]) => {
    const source = charged(text);
    if (!URL.canParse(source, base === undefined ? undefined : toText(base))) throw typeError("Invalid URL");
    const url = new URL(source, base === undefined ? undefined : toText(base));
    return new Instance(
      "URL",
      { toString: () => url.href, toJSON: () => url.href },
      (key) => (key === "searchParams" ? searchParams(url.searchParams) : URL_PROPERTIES.has(key) ? url[key as "href"] : undefined),
      () => url.href,
      () => url.href,
    );
  },
});

const locale = (value: unknown) => locales(value, DEFAULT_LOCALE);
const date = (value: unknown): number => {
  const moment = luxonArgument(value);
  return typeof moment === "object" && moment !== null ? Number(moment.valueOf()) : toNumber(value);
};
const texts = (value: unknown): string[] => iterate(value).map((entry) => charged(entry));

/** A formatter of `Intl`: made with a locale and options, it has the given methods. */
function formatter<T>(
  name: string,
  make: (locale: string | string[] | undefined, options: Record<string, unknown> | undefined) => T,
  methods: (made: T) => Instance["methods"],
) {
  const construct = ([tag, settings]: unknown[]) => {
    step(100);
    return new Instance(name, methods(make(locale(tag), options(settings))));
  };
  return new Namespace(name, { construct, call: construct });
}

export const intlGlobal = new Namespace("Intl", {
  members: {
    NumberFormat: formatter(
      "NumberFormat",
      (tag, settings) => new Intl.NumberFormat(tag, settings),
      (made) => ({
        format: ([value]) => made.format(toNumber(value)),
        formatToParts: ([value]) => made.formatToParts(toNumber(value)).map((part) => ({ ...part })),
      }),
    ),
    DateTimeFormat: formatter(
      "DateTimeFormat",
      (tag, settings) => new Intl.DateTimeFormat(tag, settings),
      (made) => ({
        format: ([value]) => made.format(date(value)),
        formatToParts: ([value]) => made.formatToParts(date(value)).map((part) => ({ ...part })),
      }),
    ),
    RelativeTimeFormat: formatter(
      "RelativeTimeFormat",
      (tag, settings) => new Intl.RelativeTimeFormat(tag, settings),
      (made) => ({ format: ([value, unit]) => made.format(toNumber(value), toText(unit) as Intl.RelativeTimeFormatUnit) }),
    ),
    ListFormat: formatter(
      "ListFormat",
      (tag, settings) => new Intl.ListFormat(tag, settings),
      (made) => ({ format: ([values]) => made.format(texts(values)) }),
    ),
    PluralRules: formatter(
      "PluralRules",
      (tag, settings) => new Intl.PluralRules(tag, settings),
      (made) => ({ select: ([value]) => made.select(toNumber(value)) }),
    ),
    Collator: formatter(
      "Collator",
      (tag, settings) => new Intl.Collator(tag, settings),
      (made) => ({ compare: ([a, b]) => made.compare(toText(a), toText(b)) }),
    ),
  },
});
