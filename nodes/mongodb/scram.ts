import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { FatalError } from "@/flow/execution/errors";

export type Mechanism = "SCRAM-SHA-256" | "SCRAM-SHA-1";
const LEAST_ITERATIONS = 4096;
const MOST_ITERATIONS = 1_000_000;
const derive = promisify(pbkdf2);

const part = (message: string, name: string): string => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(message)?.[1] ?? "";

/** One login by SCRAM (RFC 5802): proves the password without sending it, and has the server prove that it knows it. */
export class Scram {
  private readonly hash: "sha256" | "sha1";
  private readonly nonce = randomBytes(24).toString("base64");
  private readonly bare: string;
  private expected: Buffer = Buffer.alloc(0);

  constructor(
    mechanism: Mechanism,
    private readonly user: string,
    private readonly password: string,
  ) {
    this.hash = mechanism === "SCRAM-SHA-1" ? "sha1" : "sha256";
    this.bare = `n=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${this.nonce}`;
  }

  first(): string {
    return `n,,${this.bare}`;
  }

  /** @throws FatalError for a server that makes guessing the password cheap, or answers somebody else */
  async proof(serverFirst: string): Promise<string> {
    const [nonce, salt, iterations] = [
      part(serverFirst, "r"),
      Buffer.from(part(serverFirst, "s"), "base64"),
      Number(part(serverFirst, "i")),
    ];
    if (!nonce.startsWith(this.nonce) || !(iterations >= LEAST_ITERATIONS && iterations <= MOST_ITERATIONS)) {
      throw new FatalError("The server's part of the login is not as it must be");
    }
    const length = this.hash === "sha1" ? 20 : 32;
    const salted = await derive(this.secret(), salt, iterations, length, this.hash);
    const hmac = (key: Buffer, text: string): Buffer => createHmac(this.hash, key).update(text).digest();
    const clientKey = hmac(salted, "Client Key");
    const withoutProof = `c=biws,r=${nonce}`;
    const message = `${this.bare},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash(this.hash).update(clientKey).digest(), message);
    this.expected = hmac(hmac(salted, "Server Key"), message);
    return `${withoutProof},p=${Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString("base64")}`;
  }

  /** @throws FatalError for a server that does not know the password */
  verify(serverFinal: string): void {
    const given = Buffer.from(part(serverFinal, "v"), "base64");
    if (given.length !== this.expected.length || !timingSafeEqual(given, this.expected)) {
      throw new FatalError("The server could not prove that it knows the password");
    }
  }

  private secret(): string {
    if (this.hash === "sha256") return this.password.normalize("NFKC");
    return createHash("md5").update(`${this.user}:mongo:${this.password}`).digest("hex");
  }
}
