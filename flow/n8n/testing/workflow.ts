export const PREFIX = "n8n-nodes-base.";
/** A node as n8n writes it. */
export const node = (name: string, type: string, over: object = {}) => ({
  id: `id-${name}`,
  name,
  type: `${PREFIX}${type}`,
  typeVersion: 1,
  position: [100, 200],
  parameters: {},
  ...over,
});
/** The end of a connection. */
export const line = (target: string, index = 0) => ({ node: target, type: "main", index });
/** A workflow as n8n exports it. */
export const workflow = (nodes: object[], connections: object = {}, over: object = {}) => ({
  name: "Orders",
  nodes,
  connections,
  settings: { executionOrder: "v1" },
  ...over,
});
