import { NextRequest } from "next/server";
import { beforeAll, expect, test, vi } from "vitest";

const seen = vi.hoisted(() => ({ urls: [] as string[] }));
// NextAuth reads cookies from the framework's request scope, which only a server has; what reaches it is what matters here.
vi.mock("next-auth", () => ({
  default: async (request: Request) => {
    seen.urls.push(request.url);
    return new Response("ok");
  },
}));

beforeAll(() => {
  process.env.DATABASE_URL ??= "postgresql://localhost/unused";
  process.env.NEXTAUTH_URL = "http://localhost:3000";
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});

async function call(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { handleAuth } = await import("./handler");
  const nextauth = path.split("?")[0]!.slice("/api/auth/".length).split("/");
  seen.urls.length = 0;
  return handleAuth(new NextRequest(`http://localhost:3000${path}`, options), { params: Promise.resolve({ nextauth }) });
}

test.each(["javascript:alert(1)", "data:text/html,x", "http%3A%2F%2F%5B", "%00 x"])(
  "a return address in a cookie that is none of ours (%s) is removed, without a fault",
  async (value) => {
    const answer = await call("/api/auth/csrf", { headers: { cookie: `a=b; next-auth.callback-url=${value}` } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("set-cookie")).toMatch(/^next-auth\.callback-url=; Path=\/; Max-Age=0/);
    expect(seen.urls).toEqual([]);
  },
);

test("a return address passes that is one, also of an origin that was ours: where it leads is checked when it is used", async () => {
  for (const value of ["http%3A%2F%2Flocalhost%3A3000%2Fflows", "https%3A%2F%2Fformer.example"]) {
    const answer = await call("/api/auth/csrf", { headers: { cookie: `next-auth.callback-url=${value}` } });
    expect(answer.status).toBe(200);
  }
});

test.each(["//evil.example", "https://evil.example", "javascript:alert(1)", "http://["])(
  "a return address in the query that is none of ours (%s) becomes the front page",
  async (value) => {
    for (const method of ["GET", "POST"]) {
      await call(`/api/auth/signin?callbackUrl=${encodeURIComponent(value)}`, { method });
      expect(seen.urls.map((url) => new URL(url).searchParams.getAll("callbackUrl"))).toEqual([["http://localhost:3000"]]);
    }
  },
);

test("a password is never taken from a URL", async () => {
  expect((await call("/api/auth/callback/credentials?email=a&password=b")).status).toBe(405);
});

test.each(["{", "[]", "null", '"a"'])("a body that is no object (%s) is refused", async (body) => {
  const answer = await call("/api/auth/callback/credentials", { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(answer.status).toBe(400);
});
