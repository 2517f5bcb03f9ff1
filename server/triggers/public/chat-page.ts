import { randomBytes } from "node:crypto";
import type { ChatSettings } from "./find";
import { answerPage, escapeHtml, paragraphs } from "./page";

const STYLE = `body{padding:0;place-items:stretch center}main{display:flex;flex-direction:column;height:100vh;padding:1rem;width:min(46rem,100%)}
#log{flex:1;overflow-y:auto;display:grid;gap:.6rem;align-content:start;padding:.75rem 0;border-top:1px solid var(--line)}
.said{max-width:85%;padding:.5rem .8rem;border-radius:.8rem;white-space:pre-wrap;border:1px solid var(--line);justify-self:start;margin:0}
.mine{justify-self:end;background:var(--accent);color:#fff;border-color:transparent}.failed{border-color:var(--wrong)}
form{display:flex;gap:.5rem;margin:.5rem 0 0}form textarea{resize:none}`;

/** Keeps the conversation in the tab: reloading shows it again, and another tab is another session. */
const SCRIPT = `
const log=document.getElementById("log"),form=document.querySelector("form"),input=form.querySelector("textarea"),button=form.querySelector("button");
const store={get(n){try{return sessionStorage.getItem(n)}catch{return null}},set(n,v){try{sessionStorage.setItem(n,v)}catch{}}};
const key="chat:"+location.pathname;
let state;try{state=JSON.parse(store.get(key)??"null")}catch{state=null}
state??={sessionId:crypto.randomUUID?.()??String(Math.random()).slice(2)+Date.now(),said:[]};
const show=(text,who)=>{const p=document.createElement("p");p.className="said "+who;p.textContent=text;log.append(p);p.scrollIntoView({block:"end"});return p};
const note=(text,who)=>{state.said.push([text,who]);state.said=state.said.slice(-200);store.set(key,JSON.stringify(state))};
for(const[text,who]of state.said)show(text,who);
store.set(key,JSON.stringify(state));
const send=async()=>{const text=input.value.trim();if(!text||button.disabled)return;input.value="";show(text,"mine");note(text,"mine");
button.disabled=true;log.setAttribute("aria-busy","true");const waiting=show("…","");
try{const response=await fetch(location.href,{method:"POST",headers:{"content-type":"application/json"},body:JSON.stringify({action:"sendMessage",sessionId:state.sessionId,chatInput:text,messageId:String(Date.now())+"-"+state.said.length})});
const body=await response.json().catch(()=>({}));waiting.remove();
if(response.ok){show(body.output??"","");note(body.output??"","")}else show(body.error?.message??body.error??"That did not work. Try again.","failed")}
catch{waiting.remove();show("The server could not be reached. Try again.","failed");input.value=text}
button.disabled=false;log.removeAttribute("aria-busy");input.focus()};
form.addEventListener("submit",(event)=>{event.preventDefault();send()});
input.addEventListener("keydown",(event)=>{if(event.key==="Enter"&&!event.shiftKey&&!event.isComposing){event.preventDefault();send()}});`;

/** The chat's page. Its one script is its own; whatever is said is shown as text. */
export function chatPage({ title, subtitle, welcome, placeholder }: ChatSettings, isTest: boolean): Response {
  const nonce = randomBytes(16).toString("base64");
  const hello = welcome
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `<p class="said">${escapeHtml(line)}</p>`)
    .join("");
  const content =
    `<h1>${escapeHtml(title)}</h1>${paragraphs(subtitle)}` +
    (isTest ? `<p class="note">Test: messages go to the editor and start nothing.</p>` : "") +
    `<noscript><p class="error">This page needs JavaScript.</p></noscript>` +
    `<div id="log" role="log" aria-label="Conversation" tabindex="0">${hello}</div>` +
    `<form><textarea rows="2" required aria-label="Message" placeholder="${escapeHtml(placeholder)}"></textarea><button>Send</button></form>` +
    `<script nonce="${nonce}">${SCRIPT}</script>`;
  return answerPage({ title: title || "Chat", content, style: STYLE, nonce });
}
