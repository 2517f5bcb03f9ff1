import { encodeCursor } from "../services/cursor";

/** What a caller who means harm puts where a text, an id, an instant or a place in a list is expected. */
export const HOSTILE_TEXTS: readonly string[] = [
  "",
  "\u0000",
  "half \uD83D",
  "__proto__",
  "x".repeat(3_000),
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59+23:59",
  "99999999999999999999",
  encodeCursor(["----------", "x"]),
  encodeCursor(["0000-01-01T00:00:00Z", "x"]),
  encodeCursor(["99999999999999999", "x"]),
  encodeCursor("999999999999999999"),
  encodeCursor({ __proto__: null, lt: 1 }),
];

/** Other kinds of values than the one that is expected: the operators that a database's client takes, among them. */
export const HOSTILE_VALUES: readonly unknown[] = [
  ...HOSTILE_TEXTS,
  null,
  -1,
  1e300,
  0.5,
  true,
  [],
  [[]],
  {},
  { contains: "" },
  { not: "x" },
  { $gt: "" },
  JSON.parse('{"__proto__":{"role":"owner"},"constructor":{"prototype":{}}}'),
];

/** Fields that a call may have besides those that it needs. */
export const OPTIONAL_FIELDS: readonly string[] = [
  ..."name description search cursor from to status mode limit offset comment idempotencyKey".split(" "),
  ..."items variables triggerNodeId attempt lastEventId seq flowId publish revision content".split(" "),
];
