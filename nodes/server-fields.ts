import { FatalError } from "@/flow/execution/errors";
import type { TlsSettings } from "@/flow/node/connection";

/** Fields of a credential for a server, by the names that people and n8n give them. */
export class ServerFields {
  constructor(
    private readonly fields: Readonly<Record<string, string>>,
    /** What messages call the credential: `Postgres`. */
    readonly kind: string,
  ) {}

  text(...names: string[]): string | undefined {
    return names
      .map((name) => (Object.hasOwn(this.fields, name) ? this.fields[name]?.trim() : undefined))
      .find((value) => value !== undefined && value !== "");
  }

  /** As it was entered: blanks belong to a password. */
  secret(...names: string[]): string | undefined {
    return names
      .map((name) => (Object.hasOwn(this.fields, name) ? this.fields[name] : undefined))
      .find((value) => value !== undefined && value !== "");
  }

  /** @throws FatalError that names the field. */
  required(...names: [string, ...string[]]): string {
    const value = this.text(...names);
    if (value === undefined) throw new FatalError(`The ${this.kind} credential has no field "${names[0]}": add it`);
    return value;
  }

  /** @throws FatalError for what is no port. */
  port(fallback: number): number {
    const port = Number(this.text("port") ?? fallback);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new FatalError(`The field "port" of the ${this.kind} credential is not a port: it must be 1 to 65535`);
    }
    return port;
  }

  flag(fallback: boolean, ...names: string[]): boolean {
    const value = this.text(...names);
    return value === undefined ? fallback : /^(true|1|yes|on|require|required|verify-full|verify-ca)$/i.test(value);
  }

  /**
   * How TLS is to be: null for none. `ssl` is `true`, `false` or `no-verify`; `ca` a certificate to trust.
   * @param fallback What holds when the credential does not say.
   */
  tls(fallback: boolean): TlsSettings | null {
    const value = this.text("ssl", "tls", "secure");
    const isUnverified = value !== undefined && /^(no-verify|allow|insecure)$/i.test(value);
    if (!isUnverified && !this.flag(fallback, "ssl", "tls", "secure")) return null;
    const ca = this.secret("ca", "caCert");
    const isTrusting = isUnverified || this.flag(false, "ignore_tls_errors", "allowUnauthorizedCerts", "ignoreSSLIssues");
    return { rejectUnauthorized: !isTrusting, ...(ca !== undefined && { ca }) };
  }
}
