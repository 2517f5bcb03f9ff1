import { expect, it } from "vitest";
import { signForAws } from "./aws-signature";

const now = new Date("2013-05-24T00:00:00Z");
const credential = {
  name: "Bucket",
  fields: { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
};
const scope = { service: "s3", region: "us-east-1" };
const signatureOf = (method: string, url: string, headers: Record<string, string> = {}, body?: string) =>
  /Signature=(\w+)$/.exec(
    signForAws({ method, url: new URL(url), headers, body }, credential, scope, now).headers.authorization ?? "",
  )?.[1];

it("signs as the examples of AWS do", () => {
  const host = "https://examplebucket.s3.amazonaws.com";
  expect(signatureOf("GET", `${host}/test.txt`, { range: "bytes=0-9" })).toBe(
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  );
  expect(signatureOf("GET", `${host}/?lifecycle`)).toBe("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  expect(signatureOf("GET", `${host}/?max-keys=2&prefix=J`)).toBe("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
});

it("sends neither key's secret, and sends the token of temporary keys", () => {
  const temporary = { name: "Bucket", fields: { ...credential.fields, session_token: "token" } };
  const { headers } = signForAws(
    { method: "PUT", url: new URL("https://b.s3.amazonaws.com/a"), headers: {}, body: "x" },
    temporary,
    scope,
    now,
  );
  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
  expect(JSON.stringify(headers)).not.toContain(credential.fields.secret_access_key);
});

it("says which key is missing", () => {
  const hop = { method: "GET", url: new URL("https://s3.amazonaws.com/"), headers: {}, body: undefined };
  expect(() => signForAws(hop, { name: "Empty", fields: {} }, scope)).toThrow('"Empty" has no "access_key_id"');
});
