import { randomBytes } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";

export interface Account {
  name: string;
  email: string;
  password: string;
}

/** Nobody's yet. */
export function newAccount(name = "Vera Rostova"): Account {
  return { name, email: `vera-${randomBytes(6).toString("hex")}@example.com`, password: "war and peace and bread" };
}

/** Calls one of the app's own procedures, as its pages do. */
export async function call<T>(request: APIRequestContext, procedure: string, input: unknown): Promise<T> {
  const answer = await request.post(`/api/trpc/${procedure}`, {
    data: JSON.stringify(input),
    headers: { "content-type": "application/json" },
  });
  expect(answer.status(), `${procedure}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { result: { data: T } }).result.data;
}

/** Asks one of the app's own procedures, as its pages do. */
export async function ask<T>(request: APIRequestContext, procedure: string, input: unknown): Promise<T> {
  const answer = await request.get(`/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`);
  expect(answer.status(), `${procedure}: ${await answer.text()}`).toBe(200);
  return ((await answer.json()) as { result: { data: T } }).result.data;
}

/** Registers without the form, for tests about something else. */
export async function register(request: APIRequestContext, account: Account): Promise<void> {
  await call(request, "account.register", account);
}

/** Signs in without the form; the session is in the request context's cookies. */
export async function signIn(request: APIRequestContext, { email, password }: Pick<Account, "email" | "password">): Promise<void> {
  const { csrfToken } = (await (await request.get("/api/auth/csrf")).json()) as { csrfToken: string };
  const answer = await request.post("/api/auth/callback/credentials", { form: { email, password, csrfToken, json: "true" } });
  expect(answer.status(), await answer.text()).toBe(200);
}
