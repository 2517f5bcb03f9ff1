/** Over which the callback's window tells the page that opened it. Pages of this origin only can hear it. */
export const CONNECTED_CHANNEL = "tolstoy-oauth";

/** Names the state, so that each page hears its own. Neither code nor token is in it. */
export type ConnectedMessage = { state: string; credentialId: string } | { state: string; error: string };
