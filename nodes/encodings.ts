/** Names of text encodings, as forms offer them. */
export const ENCODINGS = ["utf8", "utf16le", "latin1", "ascii"] as const;
export type Encoding = (typeof ENCODINGS)[number];
