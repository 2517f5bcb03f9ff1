import type { CredentialField } from "./fields";
import { hostOf, parseBoundHost } from "./hosts";

/** A kind of server that people have accounts at. Its credentials are custom ones, with these fields. */
export interface CredentialKind {
  key: string;
  name: string;
  fields: readonly CredentialField[];
  /** Hosts that a credential with these fields is for, where they are called by HTTP. */
  hosts?: (fields: Readonly<Record<string, string>>) => string[];
}

const open = (name: string, label: string, required = false, description?: string): CredentialField => ({
  name,
  label,
  sensitive: false,
  required,
  ...(description && { description }),
});
const secret = (name: string, label: string, required = false, description?: string): CredentialField => ({
  ...open(name, label, required, description),
  sensitive: true,
});

const tls = (fallback: "true" | "false"): CredentialField[] => [
  {
    ...open("ssl", "TLS"),
    choices: [
      { value: "", label: fallback === "true" ? "Usual: on" : "Usual: off" },
      { value: "true", label: "On" },
      { value: "no-verify", label: "On, accept any certificate" },
      { value: "false", label: "Off" },
    ],
  },
  { ...open("ca", "Certificate authority", false, "PEM of a certificate to trust, for servers with one of their own."), multiline: true },
];

/** Where TLS is chosen by a field of its own. */
const certificates: CredentialField[] = [
  {
    ...open("ignore_tls_errors", "Certificate"),
    choices: [
      { value: "", label: "Usual: must be valid" },
      { value: "true", label: "Accept any" },
    ],
  },
  { ...open("ca", "Certificate authority", false, "PEM of a certificate to trust, for servers with one of their own."), multiline: true },
];

const database = (key: string, name: string, port: number): CredentialKind => ({
  key,
  name,
  fields: [
    open("host", "Host", true),
    open("port", "Port", false, `${port} without a value.`),
    open("user", "User", true),
    secret("password", "Password"),
    open("database", "Database"),
    ...tls("true"),
  ],
});

/** The endpoint's own host, and where each bucket has a host below it, those. */
function endpointHosts(endpoint: string): string[] {
  const text = /^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`;
  const host = hostOf(text);
  if (host === null) return [];
  const [, scheme = "", bare = host] = /^(https?:\/\/)?(.*)$/.exec(host) ?? [];
  const below = `${scheme}*.${bare}`;
  return parseBoundHost(below) ? [host, below] : [host];
}

/** What nodes that speak to servers other than by HTTP ask for; `CredentialSlot.kind` names one. */
export const CREDENTIAL_KINDS: readonly CredentialKind[] = [
  database("postgres", "Postgres", 5432),
  database("mysql", "MySQL", 3306),
  {
    key: "redis",
    name: "Redis",
    fields: [
      open("host", "Host", true),
      open("port", "Port", false, "6379 without a value."),
      open("user", "User"),
      secret("password", "Password"),
      open("database", "Database", false, "A number; 0 without a value."),
      ...tls("false"),
    ],
  },
  {
    key: "s3",
    name: "S3",
    fields: [
      { ...secret("access_key_id", "Access key ID", true) },
      secret("secret_access_key", "Secret access key", true),
      secret("session_token", "Session token", false, "Only with temporary keys."),
      open("region", "Region", false, "us-east-1 without a value."),
      open("endpoint", "Endpoint", false, "For others than AWS: https://minio.example.com"),
    ],
    hosts: ({ endpoint }) => (endpoint ? endpointHosts(endpoint) : ["*.amazonaws.com"]),
  },
  {
    key: "mongodb",
    name: "MongoDB",
    fields: [
      open("host", "Hosts", true, "One, or several with commas between them."),
      open("port", "Port", false, "27017 without a value."),
      open("user", "User"),
      secret("password", "Password"),
      open("database", "Database", true),
      open("auth_source", "Authentication database", false, "admin without a value."),
      ...tls("false"),
    ],
  },
  {
    key: "ftp",
    name: "FTP",
    fields: [
      open("host", "Host", true),
      open("port", "Port", false, "21 without a value; 990 with TLS from the start."),
      open("user", "User", false, "anonymous without a value."),
      secret("password", "Password"),
      {
        ...open("secure", "TLS"),
        choices: [
          { value: "", label: "Usual: asked for by a command (explicit)" },
          { value: "implicit", label: "From the start (implicit)" },
          { value: "none", label: "None: anybody on the way can read along" },
        ],
      },
      ...certificates,
    ],
  },
  {
    key: "smtp",
    name: "SMTP",
    fields: [
      open("host", "Host", true),
      open("port", "Port", false, "465 without a value; mostly 587 without TLS from the start."),
      open("user", "User", false, "Mostly the e-mail address."),
      secret("password", "Password", false, "Many providers want one that was made for the app."),
      {
        ...open("secure", "TLS"),
        choices: [
          { value: "", label: "Usual: from the start on port 465, else where the server offers it" },
          { value: "true", label: "From the start" },
          { value: "false", label: "Where the server offers it (STARTTLS)" },
        ],
      },
      {
        ...open("require_tls", "Without TLS"),
        choices: [
          { value: "", label: "Usual: send all the same" },
          { value: "true", label: "Send nothing" },
        ],
      },
    ],
  },
  {
    key: "imap",
    name: "IMAP",
    fields: [
      open("host", "Host", true),
      open("port", "Port", false, "993 without a value; 143 without TLS from the start."),
      open("user", "User", true, "Mostly the e-mail address."),
      secret("password", "Password", true, "Many providers want one that was made for the app."),
      {
        ...open("secure", "TLS"),
        choices: [
          { value: "", label: "Usual: from the start" },
          { value: "starttls", label: "Asked for by a command (STARTTLS)" },
          { value: "none", label: "None: anybody on the way can read along" },
        ],
      },
      ...certificates,
    ],
  },
  {
    key: "sftp",
    name: "SFTP",
    fields: [
      open("host", "Host", true),
      open("port", "Port", false, "22 without a value."),
      open("user", "User", true),
      secret("password", "Password"),
      { ...secret("private_key", "Private key", false, "In place of a password: PEM or OpenSSH."), multiline: true },
      secret("passphrase", "Passphrase of the key"),
      open("fingerprint", "Fingerprint of the server's key", false, "SHA256:… The first try names it."),
    ],
  },
];

export const credentialKind = (key: string): CredentialKind | undefined => CREDENTIAL_KINDS.find((kind) => kind.key === key);
