// Puts the page together: where we are, the one stream, and what is shown of it.

import { alertWords } from "./alert-words.js";
import { badge } from "./badge.js";
import { callHead } from "./call-head.js";
import { callList } from "./call-list.js";
import { Calls, isLive, parties } from "./calls.js";
import { $, mark, show, write } from "./dom.js";
import { languageTag } from "./format.js";
import { keep, kept } from "./kept.js";
import { searchBar } from "./search-bar.js";
import * as session from "./session.js";
import { spoken } from "./spoken.js";
import { openStream } from "./stream.js";
import { asText, copy, fileLinks } from "./take-away.js";
import { Transcript } from "./transcript.js";
import { transcriptView } from "./transcript-view.js";
import { agentOf, names, setAgent } from "./voices.js";
import { wall } from "./wall.js";

/** How long ago something may have been said to be news, in ms. */
const RECENT = 15_000;

const calls = new Calls();
const list = callList(
  {
    nav: $("calls"),
    filter: $("filter"),
    result: $("filter-result"),
    live: $("live"),
    noLive: $("no-live"),
    ended: $("ended"),
    endedTitle: $("ended-title"),
  },
  calls,
);
const cards = wall({ cards: $("cards"), none: $("no-cards"), total: $("wall-total") }, calls);
const view = transcriptView({ list: $("lines"), scroller: $("scroller"), pill: $("below") });
const finder = searchBar(
  { form: $("search"), field: $("search-field"), count: $("search-count"), next: $("search-next"), previous: $("search-previous") },
  view,
);
const head = callHead((voice) => {
  setAgent(page.callId, voice);
  repaint();
});
const speech = spoken({ log: $("spoken"), news: $("news") });

/** Where we are and what is so: read by every paint, written below only. */
const page = {
  signedIn: false,
  view: "calls", // calls, call or wall
  callId: null,
  transcript: new Transcript(),
  missing: null, // why there is no such call
  connection: "connecting",
  log: { reachable: true, reason: "" },
  paused: null, // why this window had to go
  stream: null,
};
const dirty = { list: true, calls: new Set(), frame: 0 };
let look = { names: new Map(), alerts: () => [], language: null, key: "" };
const words = alertWords(
  {
    dialog: $("alert-dialog"),
    form: $("alert-form"),
    own: $("alert-own"),
    operators: $("alert-operators"),
    cancel: $("alert-cancel"),
    open: $("alert-open"),
  },
  wordsChanged,
);

// ---- what happens -------------------------------------------------------------------------------

const on = {
  event({ type, data }) {
    if (type === "call") heardOfCall(data);
    else if (type === "evicted") return evicted(data);
    else if (type === "caught-up" && !data.callId) listComplete();
    else if (type === "status" && !data.callId) page.log = { reachable: data.recognizer === "connected", reason: data.reason };
    else heardWords({ type, data });
    repaint();
  },
  connection(state) {
    page.connection = state;
    if (state === "open") {
      calls.connectionBegins();
      page.log = { reachable: true, reason: "" };
      page.transcript.interrupted();
      for (const { tail } of calls.all()) tail.interrupted();
    }
    repaint();
  },
  refused(refusal) {
    if (refusal.status === 401 || refusal.status === 403) return askToSignIn(refusal);
    page.missing = refusal.cause;
    page.stream = openStream(null, on);
    repaint();
  },
};

/** The gateway ends a stream with its token, or makes room for somebody else's. */
function evicted({ code, reason }) {
  if (code === "expired") return askToSignIn({ status: 401, code, cause: "The token has expired." });
  page.paused = reason;
  repaint();
}

function heardOfCall(about) {
  if (calls.told(about)) dirty.list = true;
  dirty.calls.add(about.callId);
}

function listComplete() {
  calls.listComplete();
  dirty.list = true;
}

function heardWords(event) {
  const { callId } = event.data;
  const call = calls.get(callId);
  const shown = callId === page.callId ? page.transcript.apply(event) : null;
  const last = call?.tail.apply(event) ?? null;
  dirty.calls.add(callId);
  if (call && event.data.endMs) calls.heardUntil(call, event.data.endMs);
  const line = shown ?? last;
  if (line?.kind !== "final") return;
  if (call && noteAlerts(call, line)) sayAlert(call, line);
  if (shown && page.transcript.caughtUp) speech.line(nameIn(page.transcript, line), line.text, languageTag(line.language));
}

/** Which words of a line raise an alert; each line is counted once, whichever way it came. */
function noteAlerts(call, line) {
  if (call.hits.has(line.identity)) return false;
  const found = [...new Set(words.find(line.text).map(({ word }) => word))];
  if (found.length > 0) call.hits.set(line.identity, found);
  return found.length > 0;
}

/** Speaks of an alert where it is news and not history. */
function sayAlert(call, line) {
  if (!isLive(call) || calls.durationMs(call) - line.endMs > RECENT) return;
  const found = call.hits.get(line.identity).join(", ");
  speech.say(`Alert: ${found}, call of ${parties(call).from ?? call.id}`);
}

function wordsChanged() {
  for (const call of calls.all()) {
    call.hits.clear();
    const lines = call.id === page.callId ? page.transcript.lines : call.tail.lines;
    lines.filter(({ kind }) => kind === "final").forEach((line) => noteAlerts(call, line));
  }
  dirty.list = true;
  repaint();
}

function nameIn(transcript, line) {
  return look.names.size > 1 ? (look.names.get(transcript.voiceOf(line)) ?? "") : "";
}

// ---- where we are -------------------------------------------------------------------------------

function place() {
  if (location.pathname === "/wall") return { view: "wall", callId: null };
  const [, id] = location.pathname.match(/^\/calls\/([^/]+)$/) ?? [];
  return id ? { view: "call", callId: decodeURIComponent(id) } : { view: "calls", callId: null };
}

/** Goes where the address says: the stream of the page is opened anew, for another call or for none. */
function arrive() {
  page.stream?.close();
  Object.assign(page, place(), { transcript: new Transcript(), missing: null, paused: null });
  view.clear();
  finder.clear();
  speech.clear();
  list.select(page.callId);
  $("files").replaceChildren(...(page.callId ? fileLinks(page.callId) : []));
  dirty.list = true;
  page.stream = openStream(page.callId, on);
  paint();
  const focused = document.activeElement;
  if (focused !== document.body && !focused.checkVisibility()) $("main").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([download]):not(.skip)");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, "", link.pathname);
  arrive();
});
window.addEventListener("popstate", () => {
  const { view, callId } = place();
  if (view !== page.view || callId !== page.callId) arrive(); // else a link within the page, such as the one that skips
});

// ---- what is shown ------------------------------------------------------------------------------

function repaint() {
  dirty.frame ||= requestAnimationFrame(paint);
}

function paint() {
  cancelAnimationFrame(dirty.frame);
  dirty.frame = 0;
  document.body.dataset.view = page.signedIn ? page.view : "signed-out";
  paintCalls();
  if (page.view === "call") paintCall();
  const now = badge({ ...page, logReachable: page.log.reachable, listed: calls.listed, known: calls.get(page.callId) !== undefined });
  mark($("badge"), "data-state", now.state);
  write($("badge"), now.words);
  show($("evicted"), page.signedIn && page.paused !== null);
  const named = page.signedIn ? title() : "Sign in · Verbatim";
  if (document.title !== named) document.title = named;
}

/** All of the list where its order may be another; else only the calls something was heard of. */
function paintCalls() {
  if (dirty.list) {
    list.paint();
    if (page.view === "wall") cards.paint(words.find);
  } else {
    for (const call of [...dirty.calls].map((id) => calls.get(id)).filter(Boolean)) {
      list.update(call);
      if (page.view === "wall") cards.update(call, words.find);
    }
  }
  dirty.list = false;
  dirty.calls.clear();
  for (const [link, here] of [["to-calls", page.view !== "wall"], ["to-wall", page.view === "wall"]]) {
    mark($(link), "aria-current", here ? "page" : null);
  }
}

function paintCall() {
  const { transcript, callId } = page;
  const call = calls.get(callId);
  show($("call"), page.missing === null);
  show($("missing"), page.missing !== null);
  write($("missing-why"), page.missing ?? "");
  if (page.missing !== null) return;
  const voices = transcript.voices();
  const agent = agentOf(callId, voices);
  const named = names(voices, agent);
  const language = call?.about.language ?? null;
  const key = JSON.stringify([[...named], language]);
  const otherLook = key !== look.key || look.alerts !== words.find;
  if (otherLook) look = { names: named, alerts: words.find, language, key };
  view.paint(transcript, look);
  finder.look(transcript, otherLook);
  head.paint({ callId, call, transcript, names: named, agent, durationMs: call ? calls.durationMs(call) : 0 });
}

function title() {
  if (page.view === "wall") return "Wall · Verbatim";
  if (page.view === "calls") return "Calls · Verbatim";
  return `${parties(calls.get(page.callId)).from ?? page.callId} · Verbatim`;
}

setInterval(() => {
  if (!page.signedIn) return;
  list.tick();
  if (page.view === "wall") cards.tick();
  else repaint();
}, 1000);

// ---- what can be done with a call ---------------------------------------------------------------

$("copy").addEventListener("click", async () => {
  const done = await copy(asText(page.transcript, look.names));
  write($("copied"), done ? "Copied" : "The browser refused to copy");
  setTimeout(() => write($("copied"), ""), 4000);
});

function showDelays(shown) {
  mark($("delays"), "aria-pressed", String(shown));
  $("lines").classList.toggle("delays", shown);
}
$("delays").addEventListener("click", () => {
  keep("delays", !kept("delays", false));
  showDelays(kept("delays", false));
});
showDelays(kept("delays", false));

$("call-tools").addEventListener("click", () => {
  const open = $("call-head").classList.toggle("open");
  mark($("call-tools"), "aria-expanded", String(open));
});

$("continue").addEventListener("click", () => {
  page.paused = null;
  page.stream.resume();
  $("main").focus();
});

// ---- who may see it -----------------------------------------------------------------------------

const REFUSALS = {
  0: "Not reachable",
  401: "Not signed in",
  403: "Not allowed",
};

function askToSignIn(refusal) {
  const ended = page.signedIn && refusal?.status === 401;
  page.stream?.close();
  Object.assign(page, { signedIn: false, stream: null, transcript: new Transcript(), paused: null });
  calls.forgetAll();
  view.clear();
  finder.clear();
  speech.clear();
  dirty.list = true;
  tell(refusal, ended ? "Your session has ended" : undefined);
  paint();
  $("token").focus();
}

function tell(refusal, title = REFUSALS[refusal?.status] ?? "Refused") {
  show($("refusal"), refusal !== null);
  if (refusal === null) return;
  write($("refusal-title"), title);
  write($("refusal-cause"), refusal.cause);
}

/** Enters, or says why not; whoever has never signed in here is asked without reproach. */
async function enter(first) {
  const answer = await session.alertWords();
  if (answer.refused) {
    const news = answer.refused.status === 403 || !first || answer.refused.code !== "no_token";
    return askToSignIn(news ? answer.refused : null);
  }
  page.signedIn = true;
  words.setOperators(answer.words);
  arrive();
}

$("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  $("token").value = "";
  const refusal = await session.signIn(token);
  tell(refusal);
  if (refusal === null) await enter(false);
  else $("token").focus();
});

$("sign-out").addEventListener("click", async () => {
  const refusal = await session.signOut();
  show($("still-in"), refusal !== null);
  if (refusal === null) return askToSignIn(null);
  write($("still-in"), `You are still signed in. ${refusal.cause}`);
});

await enter(true);
