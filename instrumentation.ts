/** Called once when a server process starts, before it takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ boot }, { announceDeliveries, sendEvents, findRun }, { registerInngest }] = await Promise.all([
    import("./server/boot"),
    import("./inngest/client"),
    import("./inngest/register"),
  ]);
  await boot({ send: sendEvents, findRun, announceDeliveries, register: registerInngest });
}
