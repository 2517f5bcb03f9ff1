/**
 * How a guest asks for something outside: `fetch` as browsers have it and the helpers that people know from n8n's Code node. It only
 * collects what is asked for, as text; whether it is sent is not decided here. Part of the bootstrap, and so it keeps its own
 * references to what it needs.
 */
export const GUEST_NETWORK = `(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { keys } = Object;
  const PromiseOf = Promise, ErrorOf = Error, StringOf = String, TypeErrorOf = TypeError, Bytes = Uint8Array;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let queue = [], waiting = new Map(), lastId = 0;
  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const n = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
      text += ALPHABET[n >> 18] + ALPHABET[(n >> 12) & 63] + (at + 1 < bytes.length ? ALPHABET[(n >> 6) & 63] : "=") + (at + 2 < bytes.length ? ALPHABET[n & 63] : "=");
    }
    return text;
  };
  const fromBase64 = (text) => {
    const bytes = [];
    let bits = 0, value = 0;
    for (let at = 0; at < text.length && text[at] !== "="; at++) {
      value = ((value << 6) | ALPHABET.indexOf(text[at])) & 0xffffff;
      bits += 6;
      if (bits >= 8) { bits -= 8; bytes[bytes.length] = (value >> bits) & 255; }
    }
    return new Bytes(bytes);
  };
  const utf8 = (text) => {
    const escaped = encodeURIComponent(text), bytes = [];
    for (let at = 0; at < escaped.length; at++) {
      if (escaped[at] === "%") { bytes[bytes.length] = parseInt(escaped.slice(at + 1, at + 3), 16); at += 2; }
      else bytes[bytes.length] = escaped.charCodeAt(at);
    }
    return new Bytes(bytes);
  };

  const send = (request) => new PromiseOf((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    queue[queue.length] = { id, ...request };
  });

  const headersOf = (given) => {
    const found = {};
    if (given === null || given === undefined) return found;
    const pairs = typeof given.entries === "function" ? [...given.entries()] : typeof given[Symbol.iterator] === "function" ? [...given] : keys(given).map((name) => [name, given[name]]);
    for (const [name, value] of pairs) if (value !== undefined && value !== null) found[StringOf(name).toLowerCase()] = StringOf(value);
    return found;
  };
  const bodyOf = (body) => {
    if (body === undefined || body === null) return {};
    if (typeof body === "string") return { body };
    if (body instanceof ArrayBuffer) return { body: toBase64(new Bytes(body)), base64: true };
    if (ArrayBuffer.isView(body)) return { body: toBase64(new Bytes(body.buffer, body.byteOffset, body.byteLength)), base64: true };
    return { body: StringOf(body) };
  };
  const responseOf = (answer) => {
    const headers = {
      get: (name) => { const key = StringOf(name).toLowerCase(); return has(answer.headers, key) ? answer.headers[key] : null; },
      has: (name) => has(answer.headers, StringOf(name).toLowerCase()),
      keys: () => keys(answer.headers)[Symbol.iterator](),
      entries: () => keys(answer.headers).map((name) => [name, answer.headers[name]])[Symbol.iterator](),
      forEach: (fn) => { for (const name of keys(answer.headers)) fn(answer.headers[name], name); },
      [Symbol.iterator]() { return headers.entries(); },
    };
    const text = () => {
      if (!answer.base64) return answer.body;
      let raw = "";
      for (const byte of fromBase64(answer.body)) raw += StringOf.fromCharCode(byte);
      return raw;
    };
    return {
      ok: answer.status >= 200 && answer.status < 300, status: answer.status, statusText: answer.statusText, url: answer.url, headers,
      text: async () => text(), json: async () => parse(text()),
      arrayBuffer: async () => (answer.base64 ? fromBase64(answer.body) : utf8(answer.body)).buffer,
      clone: () => responseOf(answer),
    };
  };
  const failed = (message) => new ErrorOf(message);

  const fetch = async (input, init) => {
    const options = init || (typeof input === "object" && input !== null && !(input.href) ? input : {});
    const url = typeof input === "string" ? input : StringOf((input && (input.href || input.url)) || input);
    const headers = headersOf(options.headers);
    const isForm = options.body && typeof options.body === "object" && typeof options.body.append === "function" && typeof options.body.toString === "function";
    if (isForm && !has(headers, "content-type")) headers["content-type"] = "application/x-www-form-urlencoded;charset=UTF-8";
    if (typeof options.body === "string" && !has(headers, "content-type")) headers["content-type"] = "text/plain;charset=UTF-8";
    return responseOf(await send({ method: StringOf(options.method || "GET"), url, headers, ...bodyOf(options.body), follow: options.redirect === undefined || options.redirect === "follow" }));
  };

  const query = (values) => keys(values).flatMap((name) => {
    const list = values[name] !== null && typeof values[name] === "object" && values[name].length >= 0 ? [...values[name]] : [values[name]];
    return list.filter((value) => value !== undefined && value !== null).map((value) => encodeURIComponent(name) + "=" + encodeURIComponent(StringOf(value)));
  }).join("&");

  const httpRequest = async (options) => {
    if (typeof options === "string") options = { url: options };
    if (options === null || typeof options !== "object") throw new TypeErrorOf("httpRequest() takes an object with a url");
    const headers = headersOf(options.headers);
    let url = StringOf(options.url || options.uri || "");
    if (options.baseURL && !/^https?:/.test(url)) url = StringOf(options.baseURL).replace(/\\/+$/, "") + "/" + url.replace(/^\\/+/, "");
    const added = options.qs ? query(options.qs) : "";
    if (added !== "") url += (url.includes("?") ? "&" : "?") + added;
    if (options.auth && options.auth.username !== undefined) {
      headers.authorization = "Basic " + toBase64(utf8(options.auth.username + ":" + (options.auth.password === undefined ? "" : options.auth.password)));
    }
    let body = options.body;
    if (options.form && body === undefined) { body = query(options.form); if (!has(headers, "content-type")) headers["content-type"] = "application/x-www-form-urlencoded"; }
    if (body !== null && typeof body === "object" && !(body instanceof ArrayBuffer) && !ArrayBuffer.isView(body)) {
      const isForm = (headers["content-type"] || "").startsWith("application/x-www-form-urlencoded");
      body = typeof body.append === "function" ? StringOf(body) : isForm ? query(body) : stringify(body);
      if (!has(headers, "content-type")) headers["content-type"] = "application/json";
    }
    if (!has(headers, "accept")) headers.accept = "application/json, text/html, application/xhtml+xml, application/xml, text/*;q=0.9, image/*;q=0.8, */*;q=0.7";
    const answer = await send({
      method: StringOf(options.method || "GET"), url, headers, ...bodyOf(body),
      follow: options.disableFollowRedirect !== true, timeoutMs: typeof options.timeout === "number" ? options.timeout : null,
    });
    const response = responseOf(answer);
    let data = options.encoding === "arraybuffer" ? await response.arrayBuffer() : await response.text();
    if (typeof data === "string" && options.encoding !== "text" && (options.json === true || /json/.test(response.headers.get("content-type") || ""))) {
      try { data = parse(data); } catch {}
    }
    if (answer.status >= 400 && options.ignoreHttpStatusErrors !== true && options.simple !== false) {
      const error = failed("Request failed with status code " + answer.status);
      error.httpCode = StringOf(answer.status); error.statusCode = answer.status;
      error.response = { status: answer.status, statusCode: answer.status, headers: answer.headers, data, body: data };
      throw error;
    }
    return options.returnFullResponse === true || options.resolveWithFullResponse === true
      ? { body: data, headers: answer.headers, statusCode: answer.status, statusMessage: answer.statusText }
      : data;
  };
  const noCredentials = async () => { throw failed("Code is given no credentials. Call the service with an HTTP Request node or an Action node, which take one"); };
  const helpers = { httpRequest, request: httpRequest, httpRequestWithAuthentication: noCredentials, requestWithAuthentication: noCredentials };

  return {
    install() { globalThis.fetch = fetch; globalThis.helpers = helpers; globalThis.$helpers = helpers; },
    isWaiting: () => waiting.size > 0,
    outgoing() {
      if (queue.length === 0) return "";
      const text = stringify(queue);
      queue = [];
      return text;
    },
    answer(text) {
      const answer = parse(text);
      const promise = waiting.get(answer.id);
      if (!promise) return;
      waiting.delete(answer.id);
      if (answer.error === undefined) promise.resolve(answer);
      else promise.reject(failed(answer.error));
    },
  };
})()`;
