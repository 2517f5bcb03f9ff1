import { createHash, randomUUID } from "node:crypto";
import type { JsonObject } from "@/flow/item";

/** Draws whole numbers from 0 up to, not including, `below`. */
type Draw = (below: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function drawing(seed: string): Draw {
  let state = createHash("sha256")
    .update(seed || randomUUID())
    .digest()
    .readUInt32LE(0);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const FIRST = [
  "Ada",
  "Alan",
  "Barbara",
  "Chien",
  "Donald",
  "Edsger",
  "Frances",
  "Grace",
  "Hedy",
  "Ida",
  "Karen",
  "Lotfi",
  "Mary",
  "Niklaus",
];
const LAST = [
  "Allen",
  "Dijkstra",
  "Hopper",
  "Jackson",
  "Keller",
  "Knuth",
  "Liskov",
  "Lovelace",
  "Rhodes",
  "Shirley",
  "Turing",
  "Wirth",
  "Wu",
];
const STREETS = ["Market Street", "Mill Lane", "Park Avenue", "River Road", "School Street", "Station Road"];
const PLACES = [
  ["Bergen", "Norway"],
  ["Kyoto", "Japan"],
  ["Lyon", "France"],
  ["Porto", "Portugal"],
  ["Quito", "Ecuador"],
  ["Utrecht", "Netherlands"],
] as const;
const DOMAINS = ["example.com", "example.net", "example.org"];

const hex = (draw: Draw, digits: number): string => Array.from({ length: digits }, () => draw(16).toString(16)).join("");
const one = <T>(draw: Draw, list: readonly T[]): T => list[draw(list.length)] as T;
const digits = (draw: Draw, count: number): string => Array.from({ length: count }, () => draw(10)).join("");

function uuid(draw: Draw): string {
  const text = hex(draw, 32);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${(8 + draw(4)).toString(16)}${text.slice(17, 20)}-${text.slice(20)}`;
}

function person(draw: Draw): { firstname: string; lastname: string; email: string } {
  const [firstname, lastname] = [one(draw, FIRST), one(draw, LAST)];
  return { firstname, lastname, email: `${firstname}.${lastname}${draw(1000)}@${one(draw, DOMAINS)}`.toLowerCase() };
}

/** Names and numbers that no one has: domains are those that are kept for examples. */
export const RANDOM_DATA = {
  user: (draw) => ({ uid: uuid(draw), ...person(draw), password: hex(draw, 12) }),
  address(draw) {
    const { firstname, lastname } = person(draw);
    const [city, country] = one(draw, PLACES);
    return { firstname, lastname, street: `${1 + draw(200)} ${one(draw, STREETS)}`, city, zip: digits(draw, 5), country };
  },
  coordinates: (draw) => ({ latitude: (draw(180_000_000) - 90_000_000) / 1e6, longitude: (draw(360_000_000) - 180_000_000) / 1e6 }),
  email: (draw) => ({ email: person(draw).email, confirmed: draw(2) === 1 }),
  url: (draw) => ({ url: `https://${one(draw, DOMAINS)}/${hex(draw, 8)}` }),
  uuid: (draw) => ({ uuid: uuid(draw) }),
  ipv4: (draw) => ({ ip: Array.from({ length: 4 }, () => draw(256)).join(".") }),
  ipv6: (draw) => ({ ipv6: Array.from({ length: 8 }, () => hex(draw, 4)).join(":") }),
  macAddress: (draw) => ({ mac: Array.from({ length: 6 }, () => hex(draw, 2)).join(":") }),
  semver: (draw) => ({ version: `${draw(10)}.${draw(20)}.${draw(50)}` }),
} satisfies Record<string, (draw: Draw) => JsonObject>;
