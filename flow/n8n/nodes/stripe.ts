import type { JsonObject } from "../../item";
import type { Source } from "../source";
import { type Call, given, keyValues, listed, read, serviceMapping, write } from "./actions";

/** An address or where to ship, of which n8n has a name and one set of details. */
function places(source: Source, prefix: string): JsonObject {
  const address = source.object(`${prefix}.address.details`);
  const to = source.object(`${prefix}.shipping.shippingProperties`);
  const details = (to.address as JsonObject | undefined)?.details;
  return {
    ...(Object.keys(address).length > 0 && { address }),
    ...(Object.keys(to).length > 0 && { shipping: { ...to, ...(details !== undefined && { address: details }) } }),
  };
}

function fields(source: Source, prefix: string, ...names: string[]): JsonObject {
  const metadata = keyValues(source, `${prefix}.metadata.metadataProperties`);
  return {
    ...given(source, Object.fromEntries(names.map((name) => [`${prefix}.${name}`, name]))),
    ...places(source, prefix),
    ...(metadata && { metadata }),
  };
}

/** Stripe tells a repeated write from a new one. */
const keyed = (action: string, inputs: JsonObject): Call => ({ ...write(action, inputs), parameters: { repeatable: true } });

const customer = ["description", "email", "name", "phone"];
const charge = ["description", "receipt_email"];

export const stripe = serviceMapping({
  tool: "stripe",
  auth: "bearer",
  resource: "balance",
  operation: { balance: "get", charge: "get", coupon: "create", customer: "get", customerCard: "get", source: "get", token: "create" },
  calls: {
    "balance:get": () => read("get-balance"),
    "charge:create": (source) =>
      keyed("create-charge", {
        ...given(source, { customerId: "customer", amount: "amount", currency: "currency", source: "source" }),
        ...fields(source, "additionalFields", ...charge),
      }),
    "charge:get": (source) => read("get-charge", given(source, { chargeId: "charge" })),
    "charge:getAll": (source) => listed(source, "list-charges", { name: "limit", most: 100 }),
    "charge:update": (source) =>
      keyed("update-charge", { ...given(source, { chargeId: "charge" }), ...fields(source, "updateFields", ...charge) }),
    "coupon:create": (source) => {
      const isAmount = source.text("type", "percent") === "fixedAmount";
      const off = isAmount
        ? given(source, { amountOff: "amount_off", currency: "currency" })
        : given(source, { percentOff: "percent_off" });
      return keyed("create-coupon", { duration: source.text("duration", "once"), ...off });
    },
    "coupon:getAll": (source) => listed(source, "list-coupons", { name: "limit", most: 100 }),
    "customer:create": (source) =>
      keyed("create-customer", { ...given(source, { name: "name" }), ...fields(source, "additionalFields", ...customer) }),
    "customer:delete": (source) => write("delete-customer", given(source, { customerId: "customer" })),
    "customer:get": (source) => read("get-customer", given(source, { customerId: "customer" })),
    "customer:getAll": (source) =>
      listed(source, "list-customers", { name: "limit", most: 100, inputs: given(source, { "filters.email": "email" }) }),
    "customer:update": (source) =>
      keyed("update-customer", { ...given(source, { customerId: "customer" }), ...fields(source, "updateFields", ...customer) }),
  },
});
