import ipaddr from "ipaddr.js";

/** Public by range, yet answered by the cloud's own machinery: Azure's host agent. */
const METADATA = new Set(["168.63.129.16"]);
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3") as [ipaddr.IPv6, number];

const RANGE_NAMES: Record<string, string> = {
  loopback: "loopback",
  private: "private",
  linkLocal: "link-local",
  uniqueLocal: "private",
  carrierGradeNat: "carrier-grade NAT",
  unspecified: "unspecified",
  multicast: "multicast",
  broadcast: "broadcast",
  reserved: "reserved",
};

/**
 * Why an address must not be connected to, or null for one on the public internet. Looks through the IPv6 forms that carry an
 * IPv4 address: mapped, NAT64 and 6to4.
 */
export function forbiddenRange(address: string): string | null {
  if (!ipaddr.isValid(address)) return "invalid";
  const parsed = ipaddr.parse(address);
  return parsed.kind() === "ipv4" ? forbiddenIPv4(parsed as ipaddr.IPv4) : forbiddenIPv6(parsed as ipaddr.IPv6);
}

function forbiddenIPv4(address: ipaddr.IPv4): string | null {
  if (METADATA.has(address.toString())) return "metadata";
  const range = address.range();
  return range === "unicast" ? null : (RANGE_NAMES[range] ?? "reserved");
}

function forbiddenIPv6(address: ipaddr.IPv6): string | null {
  const range = address.range();
  if (range === "ipv4Mapped") return forbiddenIPv4(address.toIPv4Address());
  const bytes = address.toByteArray();
  // NAT64 ends in the IPv4 address; 6to4 has it after its first two bytes.
  if (range === "rfc6052" && address.match(ipaddr.parseCIDR("64:ff9b::/96") as [ipaddr.IPv6, number])) {
    return forbiddenIPv4(new ipaddr.IPv4(bytes.slice(12)));
  }
  if (range === "6to4") return forbiddenIPv4(new ipaddr.IPv4(bytes.slice(2, 6)));
  if (range !== "unicast") return RANGE_NAMES[range] ?? "reserved";
  return address.match(GLOBAL_UNICAST) ? null : "reserved";
}
