import { expect, test, vi } from "vitest";
import { STRIPE_KEY, stripe } from "@/server/testing/services/stripe";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("stripe", { type: "bearer", fields: { token: STRIPE_KEY } }, stripe());

test("A payment is asked for as a form, with a key of its own for each item", async () => {
  const inputs = {
    amount: "={{ $json.cents }}",
    currency: "eur",
    confirm: true,
    payment_method_types: ["card", "sepa_debit"],
    metadata: { order: "7" },
  };
  const { status, lastItems } = await tool.run("create-payment-intent", inputs, {
    repeatable: true,
    items: [{ json: { cents: 1099 } }, { json: { cents: 500 } }],
  });
  expect(status).toBe("succeeded");
  expect(lastItems?.map(({ json }) => json.amount)).toEqual(["1099", "500"]);
  expect(decodeURIComponent(tool.seen[0]?.body ?? "")).toBe(
    "amount=1099&currency=eur&confirm=true&payment_method_types[0]=card&payment_method_types[1]=sepa_debit&metadata[order]=7",
  );
  const keys = tool.seen.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(2);
  expect(keys[0]).toMatch(/^[\x20-\x7e]{10,255}$/);
});

test("Line items are numbered, as the service wants lists of objects", async () => {
  const inputs = { mode: "payment", success_url: "https://shop.test/done", line_items: [{ price: "price_1", quantity: 2 }] };
  const { answer } = await tool.call("create-checkout-session", inputs);
  expect(answer.data).toMatchObject({ object: "checkout.session", "line_items[0][price]": "price_1", "line_items[0][quantity]": "2" });
});

test("Customers come page by page", async () => {
  const { lastItems } = await tool.run("list-customers", { limit: 2 }, { returnAll: true });
  expect(lastItems?.map(({ json }) => json.id)).toEqual(["cus_a", "cus_b", "cus_c"]);
  expect(tool.seen.map(({ query }) => query.starting_after)).toEqual([undefined, "cus_b"]);
});

test("What the service refuses is said in its words", async () => {
  const { status, error } = await tool.run("create-payment-intent", { amount: 1, currency: "eur" });
  expect([status, error?.message]).toEqual(["failed", expect.stringContaining("answered 400 Bad Request: Amount must be at least")]);
  const { answer } = await tool.call("get-customer", { customer: "cus_none" });
  expect(answer).toMatchObject({ success: false, status: 404 });
  expect((await tool.call("create-payment-intent", { amount: 5, currency: "euro" })).status).toBe(400);
});

test("The test button tells a good key from a bad one", async () => {
  expect(await tool.test()).toEqual({ ok: true, message: "Stripe accepts it" });
  expect(await tool.test({ type: "bearer", fields: { token: "sk_test_of_somebody" } })).toMatchObject({ ok: false });
});
