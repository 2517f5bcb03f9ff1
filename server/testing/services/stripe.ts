import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const STRIPE_KEY = "sk_test_0123456789abcdefghijklmn";

const refused = (status: number, message: string, code: string): ServiceAnswer => ({
  status,
  body: { error: { code, message, type: "invalid_request_error", doc_url: `https://stripe.com/docs/error-codes/${code}` } },
});

/** Stripe's API as docs.stripe.com/api describes it: forms in, JSON out, and a repeated key gets the first answer again. */
export function stripe(): (request: ServiceRequest) => ServiceAnswer {
  const answered = new Map<string, ServiceAnswer>();
  let count = 0;
  const made = (prefix: string, object: string, form: URLSearchParams): JsonObject => ({
    id: `${prefix}_${++count}`,
    object,
    ...Object.fromEntries(form),
  });

  function answer({ method, path, query, headers, body }: ServiceRequest): ServiceAnswer {
    if (method === "POST" && headers["content-type"] !== "application/x-www-form-urlencoded") {
      return refused(400, "Invalid request: the body must be a form", "parameter_unknown");
    }
    const form = new URLSearchParams(body);
    switch (`${method} ${path}`) {
      case "GET /v1/balance":
        return { body: { object: "balance", available: [{ amount: 100, currency: "eur" }], livemode: false } };
      case "POST /v1/customers":
        return { body: made("cus", "customer", form) };
      case "POST /v1/payment_intents":
        if (!form.get("amount")) return refused(400, "Missing required param: amount.", "parameter_missing");
        if (Number(form.get("amount")) < 50) return refused(400, "Amount must be at least €0.50 eur", "amount_too_small");
        return { body: made("pi", "payment_intent", form) };
      case "POST /v1/checkout/sessions":
        return { body: made("cs", "checkout.session", form) };
      case "GET /v1/customers": {
        const all = ["cus_a", "cus_b", "cus_c"];
        const from = query.starting_after === undefined ? 0 : all.indexOf(query.starting_after) + 1;
        const size = Number(query.limit ?? 10);
        const data = all.slice(from, from + size).map((id) => ({ id, object: "customer" }));
        return { body: { object: "list", url: "/v1/customers", has_more: from + size < all.length, data } };
      }
      default:
        return refused(404, `Unrecognized request URL (${method}: ${path}).`, "resource_missing");
    }
  }

  return (request) => {
    const { method, headers } = request;
    if (headers.authorization !== `Bearer ${STRIPE_KEY}`) return refused(401, "Invalid API Key provided", "api_key_invalid");
    const key = method === "POST" ? headers["idempotency-key"] : undefined;
    if (key === undefined) return answer(request);
    const earlier = answered.get(key);
    if (earlier) return { ...earlier, headers: { "idempotent-replayed": "true" } };
    const given = answer(request);
    answered.set(key, given);
    return given;
  };
}
