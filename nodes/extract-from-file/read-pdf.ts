import { extractText, getDocumentProxy, getMeta } from "unpdf";
import type { Json, JsonObject } from "@/flow/item";

export interface PdfOptions {
  joinPages: boolean;
  /** 0: all. */
  maxPages: number;
  password: string;
}

/** Text and properties of a PDF. @throws Error that says why it can't be read. */
export async function readPdf(bytes: Uint8Array, { joinPages, maxPages, password }: PdfOptions): Promise<JsonObject> {
  // The parser takes the bytes for its own.
  const document = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    isEvalSupported: false,
    ...(password !== "" && { password }),
  }).catch((error: Error) => {
    throw new Error(error.name === "PasswordException" ? reasonOfPassword(password) : `is not a PDF that can be read: ${error.message}`);
  });
  try {
    const { totalPages, text } = await extractText(document, { mergePages: false });
    const taken = maxPages > 0 ? text.slice(0, maxPages) : text;
    const { info, metadata } = await getMeta(document);
    return {
      numpages: totalPages,
      numrender: taken.length,
      info: plain(info) ?? {},
      ...(metadata && Object.keys(metadata).length > 0 && { metadata: plain(metadata) ?? {} }),
      text: joinPages ? taken.join("\n\n") : taken,
    };
  } finally {
    await document.loadingTask.destroy();
  }
}

const reasonOfPassword = (password: string): string =>
  password === "" ? "is protected: give its password" : "can't be opened with this password";

const plain = (value: unknown): Json | undefined => {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : (JSON.parse(text) as Json);
};
