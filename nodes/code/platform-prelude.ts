/**
 * What code expects of its platform and the engine does not bring along: `Buffer`, `URL`, base64, text encoders, `structuredClone`,
 * and of `Intl` what dates and numbers need to be written in the languages that flows are mostly written in (dates: English and
 * German; another language's dates come in English). `__setZones` takes offsets by zone, see `zoneOffsets`.
 */
export const PLATFORM_PRELUDE = String.raw`
(() => {
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  const utf8 = (text) => {
    const bytes = [];
    for (const char of String(text)) {
      let code = char.codePointAt(0);
      if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };
  const fromUtf8 = (bytes) => {
    const parts = [];
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at++];
      const size = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
      let code = size === 0 ? first : size < 0 ? 0xfffd : first & (0x3f >> size);
      for (let rest = size; rest > 0; rest--) {
        if ((bytes[at] & 0xc0) !== 0x80) { code = 0xfffd; break; }
        code = (code << 6) | (bytes[at++] & 63);
      }
      parts.push(String.fromCodePoint(code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code));
    }
    return parts.join("");
  };
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const n = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      text += ALPHABET[n >> 18] + ALPHABET[(n >> 12) & 63] + (at + 1 < bytes.length ? ALPHABET[(n >> 6) & 63] : "=") + (at + 2 < bytes.length ? ALPHABET[n & 63] : "=");
    }
    return text;
  };
  const VALUES = new Map([...ALPHABET].map((char, index) => [char, index]));
  VALUES.set("-", 62).set("_", 63);
  const fromBase64 = (text) => {
    const bytes = [];
    let bits = 0, value = 0;
    for (const char of String(text)) {
      if (char === "=") break;
      const six = VALUES.get(char);
      if (six === undefined) continue;
      value = ((value << 6) | six) & 0xffffff;
      bits += 6;
      if (bits >= 8) { bits -= 8; bytes.push((value >> bits) & 255); }
    }
    return bytes;
  };
  const encoding = (name) => {
    const known = String(name ?? "utf8").toLowerCase().replace(/^utf-8$/, "utf8").replace(/^binary$/, "latin1").replace(/^(ucs-?2|utf-16le)$/, "utf16le");
    if (!["utf8", "base64", "base64url", "hex", "latin1", "ascii", "utf16le"].includes(known)) throw new TypeError("Unknown encoding: " + name);
    return known;
  };
  const encoded = (text, name) => {
    const kind = encoding(name);
    if (kind === "utf8") return utf8(text);
    if (kind === "base64" || kind === "base64url") return fromBase64(text);
    if (kind === "hex") return (/^(?:[0-9a-fA-F]{2})*/.exec(text)[0].match(/../g) ?? []).map((pair) => parseInt(pair, 16));
    if (kind === "utf16le") return [...Array(text.length).keys()].flatMap((at) => [text.charCodeAt(at) & 255, text.charCodeAt(at) >> 8]);
    return [...Array(text.length).keys()].map((at) => text.charCodeAt(at) & 255);
  };
  class Buffer extends Uint8Array {
    static from(value, name) {
      if (typeof value === "string") return new Buffer(encoded(value, name));
      if (value instanceof ArrayBuffer) return new Buffer(value);
      if (value && value.type === "Buffer" && Array.isArray(value.data)) return new Buffer(value.data);
      if (value === null || typeof value !== "object") throw new TypeError("The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array");
      return new Buffer(Array.from(value));
    }
    static alloc(size, fill = 0) { const made = new Buffer(size); return fill ? made.fill(typeof fill === "string" ? fill.charCodeAt(0) : fill) : made; }
    static allocUnsafe(size) { return new Buffer(size); }
    static concat(list) { return new Buffer(list.flatMap((part) => Array.from(part))); }
    static isBuffer(value) { return value instanceof Buffer; }
    static isEncoding(name) { try { encoding(name); return true; } catch { return false; } }
    static byteLength(value, name) { return typeof value === "string" ? encoded(value, name).length : value.byteLength; }
    toString(name, start = 0, end = this.length) {
      const kind = encoding(name);
      const bytes = start === 0 && end >= this.length ? this : this.subarray(start, end);
      if (kind === "utf8") return fromUtf8(bytes);
      if (kind === "base64") return toBase64(bytes);
      if (kind === "base64url") return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
      if (kind === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (kind === "utf16le") { let text = ""; for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8)); return text; }
      return Array.from(bytes, (byte) => String.fromCharCode(kind === "ascii" ? byte & 127 : byte)).join("");
    }
    equals(other) { return this.length === other.length && this.every((byte, at) => byte === other[at]); }
    slice(start, end) { return this.subarray(start, end); }
    toJSON() { return { type: "Buffer", data: Array.from(this) }; }
  }
  define("Buffer", Buffer);
  define("btoa", (text) => toBase64([...String(text)].map((char) => { if (char.charCodeAt(0) > 255) throw new Error("Invalid character"); return char.charCodeAt(0); })));
  define("atob", (text) => fromBase64(text).map((byte) => String.fromCharCode(byte)).join(""));
  define("TextEncoder", class TextEncoder { get encoding() { return "utf-8"; } encode(text = "") { return new Uint8Array(utf8(text)); } });
  define("TextDecoder", class TextDecoder { get encoding() { return "utf-8"; } decode(bytes) { return bytes ? fromUtf8(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes).replace(/^\uFEFF/, "") : ""; } });
  const hex = (count) => { let text = ""; while (text.length < count) text += Math.floor(Math.random() * 16).toString(16); return text; };
  define("crypto", { randomUUID: () => hex(8) + "-" + hex(4) + "-4" + hex(3) + "-" + "89ab"[Math.floor(Math.random() * 4)] + hex(3) + "-" + hex(12) });

  const clone = (value, seen = new Map()) => {
    if (typeof value === "function" || typeof value === "symbol") throw new Error("A function can't be cloned");
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof RegExp) return new RegExp(value.source, value.flags);
    const copy = Array.isArray(value) ? [] : value instanceof Map ? new Map() : value instanceof Set ? new Set() : {};
    seen.set(value, copy);
    if (value instanceof Map) for (const [key, entry] of value) copy.set(clone(key, seen), clone(entry, seen));
    else if (value instanceof Set) for (const entry of value) copy.add(clone(entry, seen));
    else for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  };
  define("structuredClone", (value) => clone(value));

  const formEncode = (text) => encodeURIComponent(text).replace(/%20/g, "+").replace(/[!'()~]/g, (char) => "%" + char.charCodeAt(0).toString(16).toUpperCase());
  const formDecode = (text) => { try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch { return text; } };
  class URLSearchParams {
    #pairs = [];
    #changed;
    constructor(init = "", changed = () => {}) {
      this.#changed = changed;
      if (typeof init === "string") {
        for (const part of init.replace(/^\?/, "").split("&")) {
          if (part === "") continue;
          const at = part.indexOf("=");
          this.#pairs.push(at < 0 ? [formDecode(part), ""] : [formDecode(part.slice(0, at)), formDecode(part.slice(at + 1))]);
        }
      } else for (const [key, value] of typeof init[Symbol.iterator] === "function" ? init : Object.entries(init)) this.#pairs.push([String(key), String(value)]);
    }
    get size() { return this.#pairs.length; }
    get(name) { const found = this.#pairs.find(([key]) => key === name); return found ? found[1] : null; }
    getAll(name) { return this.#pairs.filter(([key]) => key === name).map(([, value]) => value); }
    has(name) { return this.#pairs.some(([key]) => key === name); }
    append(name, value) { this.#pairs.push([String(name), String(value)]); this.#changed(); }
    set(name, value) {
      const at = this.#pairs.findIndex(([key]) => key === name);
      if (at < 0) this.#pairs.push([String(name), String(value)]);
      else this.#pairs = this.#pairs.map((pair, index) => (index === at ? [pair[0], String(value)] : pair)).filter(([key], index) => key !== name || index === at);
      this.#changed();
    }
    delete(name) { this.#pairs = this.#pairs.filter(([key]) => key !== name); this.#changed(); }
    sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#changed(); }
    forEach(use) { for (const [key, value] of this.#pairs) use(value, key, this); }
    keys() { return this.#pairs.map(([key]) => key)[Symbol.iterator](); }
    values() { return this.#pairs.map(([, value]) => value)[Symbol.iterator](); }
    entries() { return this.#pairs.map((pair) => [...pair])[Symbol.iterator](); }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([key, value]) => formEncode(key) + "=" + formEncode(value)).join("&"); }
  }
  define("URLSearchParams", URLSearchParams);
  const PORTS = { "http:": "80", "https:": "443", "ftp:": "21", "ws:": "80", "wss:": "443" };
  const escapePart = (text, more) => text.replace(/[^!$&-;=?-Z_a-z~\[\]%@:|\\^{}"<>]|[\s"<>^{}|\\]/gu, (char) => (/[\u0021-\u007e]/.test(char) && !more.includes(char) ? char : encodeURIComponent(char)));
  class URL {
    constructor(given, base) {
      const text = String(given).trim();
      const found = /^([A-Za-z][A-Za-z0-9+.-]*:)(?:\/\/(?:([^\/?#@]*)@)?(\[[^\]]*\]|[^\/?#:]*)(?::(\d*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text);
      if (!found) {
        if (base === undefined) throw Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input: text });
        const from = new URL(base);
        if (text.startsWith("//")) return new URL(from.protocol + text);
        const [, path, search = "", hash = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text);
        const whole = path === "" ? from.pathname : path.startsWith("/") ? path : from.pathname.replace(/[^\/]*$/, "") + path;
        return new URL(from.protocol + "//" + (from.username ? from.username + (from.password ? ":" + from.password : "") + "@" : "") + from.host + whole + (path === "" && search === "" ? from.search : search) + hash);
      }
      const [, protocol, login = "", host = "", port = "", path, search = "", hash = ""] = found;
      this.protocol = protocol.toLowerCase();
      const special = this.protocol in PORTS;
      if (special && (host === "" || /[\s<>^|%]/.test(host) || Number(port) > 65535)) throw Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input: text });
      [this.username, this.password] = [login.split(":")[0], login.split(":").slice(1).join(":")];
      this.hostname = special ? host.toLowerCase() : host;
      this.port = port === PORTS[this.protocol] ? "" : port === "" ? "" : String(Number(port));
      const segments = [];
      const parts = path.split("/").slice(1);
      parts.forEach((part, index) => {
        const last = index === parts.length - 1;
        if (part === "..") { segments.pop(); if (last) segments.push(""); }
        else if (part !== "." || last) segments.push(part === "." ? "" : part);
      });
      this.pathname = special ? escapePart("/" + segments.join("/"), '"<>^{}' + String.fromCharCode(96)) : path;
      this.hash = hash === "#" ? "" : escapePart(hash, '"<>' + String.fromCharCode(96));
      this.search = search === "?" ? "" : escapePart(search, "\"'<>");
      Object.defineProperty(this, "searchParams", { enumerable: true, value: new URLSearchParams(this.search, () => { const query = this.searchParams.toString(); this.search = query === "" ? "" : "?" + query; }) });
    }
    static canParse(text, base) { try { new URL(text, base); return true; } catch { return false; } }
    get host() { return this.hostname + (this.port === "" ? "" : ":" + this.port); }
    get origin() { return this.protocol in PORTS ? this.protocol + "//" + this.host : "null"; }
    get href() {
      const login = this.username ? this.username + (this.password ? ":" + this.password : "") + "@" : "";
      return this.protocol + (this.hostname !== "" || this.protocol in PORTS ? "//" + login + this.host : "") + this.pathname + this.search + this.hash;
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
  }
  define("URL", URL);

  // Numbers: by language the marks of groups and of the decimal, and where the percent sign and the currency stand.
  const THIN = "\u202f", HARD = "\u00a0";
  const MARKS = { en: [",", "."], ja: [",", "."], zh: [",", "."], ko: [",", "."], th: [",", "."], he: [",", "."], de: [".", ","], nl: [".", ","], it: [".", ","], es: [".", ","], pt: [".", ","], id: [".", ","], tr: [".", ","], da: [".", ","], el: [".", ","], ro: [".", ","], vi: [".", ","], fr: [THIN, ","], ru: [HARD, ","], uk: [HARD, ","], pl: [HARD, ","], cs: [HARD, ","], sv: [HARD, ","], nb: [HARD, ","], no: [HARD, ","], fi: [HARD, ","], hu: [HARD, ","], bg: [HARD, ","] };
  const SYMBOLS = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", CNY: "CN¥", KRW: "₩", BRL: "R$", AUD: "A$", CAD: "CA$", MXN: "MX$", NZD: "NZ$", ILS: "₪", VND: "₫", PHP: "₱" };
  const HOME = { "pt-BR": "BRL", "en-AU": "AUD", "en-CA": "CAD", "es-MX": "MXN", "en-NZ": "NZD", "zh-CN": "CNY", "ja-JP": "JPY" };
  const localeOf = (locales) => { const first = Array.isArray(locales) ? locales[0] : locales; return first === undefined ? "en-US" : String(first); };
  const rounded = (number, least, most) => {
    const factor = Math.abs(number) < 1e15 ? Number(Math.round(Number(Math.abs(number) + "e" + most)) + "e-" + most) : Math.abs(number);
    let [whole, part = ""] = (Number.isNaN(factor) ? Math.abs(number) : factor).toFixed(most).split(".");
    while (part.length > least && part.endsWith("0")) part = part.slice(0, -1);
    return [whole, part];
  };
  const significant = (number, digits) => { const exact = Number(number.toPrecision(digits)); const text = String(exact); return text.includes("e") ? [0, 0] : [0, (text.split(".")[1] ?? "").length]; };
  const formatNumber = (number, locales, options = {}) => {
    const locale = localeOf(locales), language = locale.split("-")[0];
    const [group, decimal] = locale === "de-CH" ? ["’", "."] : locale === "es-MX" ? [",", "."] : locale === "de-AT" ? [HARD, ","] : locale === "pt-PT" ? [HARD, ","] : (MARKS[language] ?? MARKS.en);
    const style = options.style ?? "decimal";
    let value = Number(number);
    if (Number.isNaN(value)) return "NaN";
    let suffix = "";
    if (style === "percent") value *= 100;
    const compact = options.notation === "compact";
    if (compact) for (const [size, letter] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]]) if (Math.abs(value) >= size) { value /= size; suffix = letter; break; }
    const digits = style === "currency" ? (["JPY", "KRW", "VND"].includes(options.currency) ? 0 : 2) : 0;
    let least = options.minimumFractionDigits, most = options.maximumFractionDigits;
    least ??= Math.min(digits, most ?? digits);
    most ??= Math.max(least, style === "currency" ? digits : style === "percent" ? 0 : compact ? (Math.abs(value) < 100 && !Number.isInteger(value) ? (Math.abs(value) < 10 ? 1 : Math.round(value * 10) % 10 === 0 ? 0 : Math.abs(value) < 100 ? 0 : 0) : 0) : 3);
    if (options.maximumSignificantDigits !== undefined && value !== 0) [least, most] = significant(value, options.maximumSignificantDigits);
    if (options.maximumSignificantDigits !== undefined) value = Number(value.toPrecision(options.maximumSignificantDigits));
    let body;
    if (Math.abs(value) === Infinity) body = "∞";
    else {
      let [whole, part] = rounded(value, least, most);
      whole = whole.padStart(options.minimumIntegerDigits ?? 1, "0");
      const late = ["es", "pl"].includes(language) || locale === "pt-PT" || language === "it" ? 5 : 4;
      if (options.useGrouping !== false && whole.length >= (language === "it" ? 4 : late)) whole = language === "hi" || locale === "en-IN" ? whole.replace(/\B(?=(\d\d)+(?=\d{3}$)|\d{3}$)/g, (_, pair, at) => group) : whole.replace(/\B(?=(\d{3})+$)/g, group);
      body = whole + (part === "" ? "" : decimal + part);
    }
    const negative = value < 0 && /[1-9∞]/.test(body) ? "-" : Object.is(value, -0) || value < 0 ? "-" : options.signDisplay === "always" && value >= 0 ? "+" : "";
    body += suffix;
    const english = group === "," || locale === "de-CH";
    if (style === "percent") return negative + body + (["de", "fr", "es", "ru", "sv", "nb", "no", "fi", "cs", "da"].includes(language) ? (language === "fr" ? THIN : HARD) : "") + "%";
    if (style === "unit") return negative + body + " " + options.unit + (value === 1 ? "" : "s");
    if (style !== "currency") return negative + body;
    const code = String(options.currency).toUpperCase();
    if (options.currencyDisplay === "code") return negative + (english ? code + HARD + body : body + HARD + code);
    const own = HOME[locale] === code ? (code === "CNY" ? "¥" : code === "JPY" ? "￥" : code === "BRL" ? "R$" : "$") : undefined;
    const symbol = own ?? (language === "ja" && code === "JPY" ? "￥" : SYMBOLS[code]) ?? code;
    if (language === "pt" && locale !== "pt-PT") return negative + symbol + HARD + body;
    if (language === "nl") return symbol + HARD + negative + body;
    if (locale === "de-CH") return symbol + HARD + negative + body;
    if (locale === "de-AT") return negative + symbol + HARD + body.replace(HARD, ".");
    return english || language === "tr" ? negative + symbol + (symbol === code ? HARD : "") + body : negative + body + HARD + symbol;
  };

  // Dates.
  const MONTHS = { en: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"], de: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"] };
  const SHORT_DE = ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];
  const DAYS = { en: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"], de: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"] };
  let zones = {};
  define("__setZones", (given) => { zones = given; });
  const offsetIn = (zone, ts) => {
    if (/^(utc|gmt|etc\/utc|etc\/gmt)$/i.test(zone)) return 0;
    const table = zones[zone];
    if (!table) throw new RangeError("Invalid time zone specified: " + zone);
    let found = table[0][1];
    for (const [from, offset] of table) { if (ts >= from) found = offset; else break; }
    return found;
  };
  const pad = (value) => String(value).padStart(2, "0");
  class DateTimeFormat {
    #locale; #options; #zone;
    constructor(locales, options = {}) {
      this.#locale = localeOf(locales);
      this.#options = { ...options };
      this.#zone = options.timeZone ?? "UTC";
      offsetIn(this.#zone, 0);
      const { dateStyle, timeStyle } = options;
      if (dateStyle) Object.assign(this.#options, { full: { weekday: "long", year: "numeric", month: "long", day: "numeric" }, long: { year: "numeric", month: "long", day: "numeric" }, medium: this.#locale.startsWith("de") ? { year: "numeric", month: "2-digit", day: "2-digit" } : { year: "numeric", month: "short", day: "numeric" }, short: { year: "2-digit", month: "numeric", day: "numeric" } }[dateStyle]);
      if (timeStyle) Object.assign(this.#options, { hour: "numeric", minute: "2-digit", ...(timeStyle !== "short" && { second: "2-digit" }) });
      if (!["weekday", "year", "month", "day", "hour", "minute", "second", "era", "timeZoneName", "fractionalSecondDigits", "dayPeriod"].some((name) => this.#options[name] !== undefined)) Object.assign(this.#options, { year: "numeric", month: "numeric", day: "numeric" });
    }
    resolvedOptions() { return { locale: this.#locale, calendar: "gregory", numberingSystem: "latn", timeZone: this.#zone, ...(this.#options.hour && { hourCycle: this.#hour12() ? "h12" : "h23", hour12: this.#hour12() }) }; }
    #hour12() { const { hour12, hourCycle } = this.#options; return hour12 ?? (hourCycle ? hourCycle === "h12" || hourCycle === "h11" : /^en(-(US|CA|AU|IN|NZ|PH))?$/.test(this.#locale)); }
    formatToParts(given) {
      const ts = given === undefined ? Date.now() : Number(given);
      if (Number.isNaN(ts)) throw new RangeError("Invalid time value");
      const at = new Date(ts + offsetIn(this.#zone, ts) * 60000);
      const o = this.#options, language = this.#locale.startsWith("de") ? "de" : "en", british = language === "en" && !/^en(-(US|CA|PH))?$/.test(this.#locale) && this.#locale.startsWith("en");
      const dayFirst = language === "de" || british || /^(fr|es|it|pt|nl|pl|ru|tr|da|nb|no|id)/.test(this.#locale);
      const of = {};
      const year = at.getUTCFullYear();
      if (o.year) of.year = { type: "year", value: o.year === "2-digit" ? pad(year % 100) : String(year) };
      const named = o.month === "long" || o.month === "short" || o.month === "narrow";
      const full = MONTHS[language][at.getUTCMonth()];
      const short = language === "de" ? SHORT_DE[at.getUTCMonth()] : british && full === "September" ? "Sept" : full.slice(0, 3);
      const two = british || (dayFirst && language !== "de" && !/^(es|it|nl)/.test(this.#locale));
      const fullNumeric = Boolean(o.day && o.month && !named);
      if (o.month) of.month = { type: "month", value: o.month === "long" ? full : o.month === "short" ? short : o.month === "narrow" ? full[0] : o.month === "2-digit" || (fullNumeric && two) ? pad(at.getUTCMonth() + 1) : String(at.getUTCMonth() + 1) };
      if (o.day) of.day = { type: "day", value: o.day === "2-digit" || (fullNumeric && two && o.month) ? pad(at.getUTCDate()) : String(at.getUTCDate()) };
      if (o.weekday) { const name = DAYS[language][at.getUTCDay()]; of.weekday = { type: "weekday", value: o.weekday === "long" ? name : o.weekday === "narrow" ? name[0] : language === "de" ? name.slice(0, 2) + (o.day || o.month || o.year ? "." : "") : name.slice(0, 3) }; }
      const literal = (value) => ({ type: "literal", value });
      const joined = (parts, mark) => parts.filter(Boolean).flatMap((part, index) => (index === 0 ? [part] : [literal(mark), part])).flat();
      let date;
      if (named) {
        if (dayFirst) {
          date = joined([of.day && (language === "de" ? [of.day, literal(".")] : of.day), of.month, of.year], " ").flat();
          if (of.weekday) date = date.length > 0 ? [of.weekday, literal(language === "de" || o.weekday !== "long" || o.dateStyle ? ", " : " "), ...date] : [of.weekday];
        } else {
          date = joined([of.month, of.day], " ");
          if (of.year) date = [...date, ...(date.length > 0 ? [literal(of.day ? ", " : " ")] : []), of.year];
          if (of.weekday) date = [of.weekday, literal(", "), ...date];
        }
      } else {
        const mark = language === "de" ? "." : /^(nl|da)/.test(this.#locale) ? "-" : /^(pl|ru|tr|nb|no)/.test(this.#locale) ? "." : "/";
        date = /^(sv|en-CA|fr-CA)/.test(this.#locale) ? joined([of.year, of.month && { ...of.month, value: of.month.value.padStart(2, "0") }, of.day && { ...of.day, value: of.day.value.padStart(2, "0") }], "-") : joined(dayFirst ? [of.day, of.month, of.year] : [of.month, of.day, of.year], mark);
        if (language === "de" && of.day && of.month && !of.year) date.push(literal("."));
        if (of.weekday) date = date.length > 0 ? [of.weekday, literal(", "), ...date] : [of.weekday];
      }
      if (o.era) date = [...date, literal(" "), { type: "era", value: year > 0 ? "AD" : "BC" }];
      let time = [];
      if (o.hour) {
        const twelve = this.#hour12(), hours = at.getUTCHours(), shown = twelve ? hours % 12 || 12 : hours;
        time.push({ type: "hour", value: o.hour === "2-digit" || !twelve ? pad(shown) : String(shown) });
        if (o.minute) time.push(literal(":"), { type: "minute", value: pad(at.getUTCMinutes()) });
        if (o.second) time.push(literal(":"), { type: "second", value: pad(at.getUTCSeconds()) });
        if (twelve) time.push(literal(" "), { type: "dayPeriod", value: british ? (hours < 12 ? "am" : "pm") : hours < 12 ? "AM" : "PM" });
      } else if (o.minute || o.second) {
        if (o.minute) time.push({ type: "minute", value: o.second ? pad(at.getUTCMinutes()) : String(at.getUTCMinutes()) });
        if (o.minute && o.second) time.push(literal(":"));
        if (o.second) time.push({ type: "second", value: o.minute ? pad(at.getUTCSeconds()) : String(at.getUTCSeconds()) });
      }
      if (o.fractionalSecondDigits && time.length > 0) time.push(literal("."), { type: "fractionalSecond", value: String(at.getUTCMilliseconds()).padStart(3, "0").slice(0, o.fractionalSecondDigits) });
      if (o.timeZoneName) { const offset = offsetIn(this.#zone, ts); const name = offset === 0 ? "UTC" : "GMT" + (offset < 0 ? "-" : "+") + Math.floor(Math.abs(offset) / 60) + (offset % 60 ? ":" + pad(Math.abs(offset) % 60) : ""); time.push(literal(" "), { type: "timeZoneName", value: name }); }
      if (date.length === 0 || time.length === 0) return [...date, ...time];
      const mark = o.dateStyle === "full" || o.dateStyle === "long" || (o.month === "long" && !o.dateStyle) ? (language === "de" ? " um " : " at ") : ", ";
      return [...date, literal(mark), ...time];
    }
    format(given) { return this.formatToParts(given).map((part) => part.value).join(""); }
    static supportedLocalesOf(locales) { return [locales].flat(); }
  }
  class NumberFormat {
    #locale; #options;
    constructor(locales, options) { this.#locale = localeOf(locales); this.#options = options ?? {}; }
    format(number) { return formatNumber(number, this.#locale, this.#options); }
    resolvedOptions() { return { locale: this.#locale, numberingSystem: "latn" }; }
  }
  class RelativeTimeFormat {
    #numeric;
    constructor(_, options = {}) { this.#numeric = options.numeric ?? "always"; }
    format(value, unit) {
      const name = String(unit).replace(/s$/, "");
      const special = { day: ["yesterday", "today", "tomorrow"], year: ["last year", "this year", "next year"], month: ["last month", "this month", "next month"], week: ["last week", "this week", "next week"], quarter: ["last quarter", "this quarter", "next quarter"], hour: [null, "this hour", null], minute: [null, "this minute", null], second: [null, "now", null] }[name]?.[value + 1];
      if (this.#numeric === "auto" && special) return special;
      const amount = formatNumber(Math.abs(value)) + " " + name + (Math.abs(value) === 1 ? "" : "s");
      return value < 0 || Object.is(value, -0) ? amount + " ago" : "in " + amount;
    }
  }
  class ListFormat {
    #type;
    constructor(_, options = {}) { this.#type = options.type === "disjunction" ? "or" : "and"; }
    format(list) { const all = [...list]; return all.length < 3 ? all.join(" " + this.#type + " ") : all.slice(0, -1).join(", ") + ", " + this.#type + " " + all.at(-1); }
  }
  class Collator {
    compare = (a, b) => String(a).localeCompare(String(b));
  }
  define("Intl", { DateTimeFormat, NumberFormat, RelativeTimeFormat, ListFormat, Collator, getCanonicalLocales: (locales) => [locales].flat() });
  const method = (holder, name, value) => Object.defineProperty(holder, name, { value, writable: true, configurable: true });
  method(Number.prototype, "toLocaleString", function toLocaleString(locales, options) { return formatNumber(Number(this), locales, options); });
  const dated = (defaults, needs) => function toLocale(locales, options = {}) {
    if (Number.isNaN(this.getTime())) return "Invalid Date";
    const has = (names) => names.some((name) => options[name] !== undefined);
    const styled = options.dateStyle !== undefined || options.timeStyle !== undefined;
    return new DateTimeFormat(locales, styled || has(needs) ? options : { ...defaults, ...options }).format(this);
  };
  const day = { year: "numeric", month: "numeric", day: "numeric" }, clock = { hour: "numeric", minute: "2-digit", second: "2-digit" };
  method(Date.prototype, "toLocaleDateString", dated(day, ["weekday", "year", "month", "day"]));
  method(Date.prototype, "toLocaleTimeString", dated(clock, ["hour", "minute", "second"]));
  method(Date.prototype, "toLocaleString", dated({ ...day, ...clock }, ["weekday", "year", "month", "day", "hour", "minute", "second"]));
  const plainCompare = String.prototype.localeCompare;
  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  method(String.prototype, "localeCompare", function localeCompare(other, _, options = {}) {
    const [a, b] = [String(this), String(other)];
    if (options.numeric) {
      const split = (text) => folded(text).match(/\d+|\D+/g) ?? [];
      const [left, right] = [split(a), split(b)];
      for (let at = 0; at < Math.min(left.length, right.length); at++) {
        const order = /^\d/.test(left[at]) && /^\d/.test(right[at]) ? left[at] - right[at] : left[at] < right[at] ? -1 : left[at] > right[at] ? 1 : 0;
        if (order !== 0) return order < 0 ? -1 : 1;
      }
      if (left.length !== right.length) return left.length < right.length ? -1 : 1;
    }
    const [x, y] = [folded(a), folded(b)];
    if (x !== y) {
      const rank = (char) => (/[\p{L}]/u.test(char) ? 3 : /\d/.test(char) ? 2 : /\s/.test(char) ? 0 : 1);
      for (let at = 0; at < Math.min(x.length, y.length); at++) if (x[at] !== y[at]) return rank(x[at]) !== rank(y[at]) ? (rank(x[at]) < rank(y[at]) ? -1 : 1) : x[at] < y[at] ? -1 : 1;
      return x.length < y.length ? -1 : 1;
    }
    if (options.sensitivity === "base" || a === b) return 0;
    const order = plainCompare.call(a, b);
    // Small letters come before capitals.
    return a.toLowerCase() === b.toLowerCase() ? (options.sensitivity === "accent" ? 0 : order < 0 ? 1 : -1) : order < 0 ? -1 : 1;
  });
})();
`;
