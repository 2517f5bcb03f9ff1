import { expect, test } from "vitest";
import { assertDeploymentSecrets } from "./secrets";

test.each([
  [undefined, /NEXTAUTH_SECRET is not set, and DATABASE_URL is/],
  ["  ", /NEXTAUTH_SECRET is not set/],
  ["change-me-change-me-change-me-change-me", /NEXTAUTH_SECRET is an example/],
  ["f3Kd9", /NEXTAUTH_SECRET is an example|too short/],
])("a deployment with the secret %j does not start, and is told which variable it is", (secret, message) => {
  expect(() => assertDeploymentSecrets({ NEXTAUTH_SECRET: secret })).toThrow(message);
});

test("a deployment with a secret of its own starts", () => {
  expect(() => assertDeploymentSecrets({ NEXTAUTH_SECRET: "mZ0qJ7v0T3c1yQ6r9bWk2uHs8dLfXnPe" })).not.toThrow();
});
