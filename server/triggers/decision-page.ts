const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{display:grid;place-items:center;min-height:100vh;margin:0}
main{width:min(26rem,90vw)}h1{font-size:1.1rem}textarea{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border-radius:.4rem}
label{display:grid;gap:.25rem}div{display:flex;gap:.5rem;margin-top:1rem}button{font:inherit;padding:.45rem 1rem;border-radius:.4rem;border:1px solid;cursor:pointer}`;

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">` +
  `<title>${title}</title><style>${STYLE}</style><main><h1>${title}</h1>${content}</main></html>`;

const ASK = page(
  "A flow waits for your decision",
  `<form method="post"><label>Comment (optional)<textarea name="comment" rows="3" maxlength="2000"></textarea></label>` +
    `<div><button name="approved" value="true">Approve</button><button name="approved" value="false">Reject</button></div></form>`,
);

const DONE = page("Thank you", "<p>Your decision was passed on. You can close this page.</p>");

/** Asks for the decision. Tells nothing of the flow: whoever holds the link sees that something waits, and can decide. */
export const decisionPage = (): Response => new Response(ASK, { headers: HEADERS });

/** Says that the decision was passed on. */
export const decidedPage = (): Response => new Response(DONE, { headers: HEADERS });
