import { md5, ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { sha3_512 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { allocate, step } from "../budget";
import { badArgument } from "./extension";

const ALGORITHMS = new Map<string, (bytes: Uint8Array) => string>(
  Object.entries({ md5, sha1, sha224, sha256, sha384, sha512, sha3: sha3_512, ripemd160 }).map(([name, digest]) => [
    name,
    (bytes: Uint8Array) => bytesToHex(digest(bytes)),
  ]),
);
ALGORITHMS.set("base64", (bytes) => toBase64(bytes));

/** A text's hash as lower-case hexadecimal digits. */
export function hash(text: string, algorithm: string): string {
  const digest = ALGORITHMS.get(algorithm.toLowerCase());
  if (!digest) throw badArgument("hash", `unknown algorithm "${algorithm}"; available are ${[...ALGORITHMS.keys()].sort().join(", ")}`);
  step(100 + (text.length >> 2));
  allocate(text.length * 3);
  return digest(new TextEncoder().encode(text));
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

export function base64Encode(text: string): string {
  allocate(text.length * 8);
  step(text.length >> 3);
  return toBase64(new TextEncoder().encode(text));
}

/** Takes URL-safe Base64 and missing padding too. */
export function base64Decode(text: string): string {
  allocate(text.length * 4);
  step(text.length >> 3);
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/").replace(/\s/g, ""));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
