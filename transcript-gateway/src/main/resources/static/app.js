// Builds the page: the current view, the one stream, and the display of its events.

import { alertWords } from "./alert-words.js";
import { announcer } from "./announcer.js";
import { badge } from "./badge.js";
import { callHead } from "./call-head.js";
import { callList } from "./call-list.js";
import { Calls, isLive, parties } from "./calls.js";
import { $, setAttribute, setText, setVisible } from "./dom.js";
import { asText, copy, fileLinks } from "./export.js";
import { languageTag } from "./format.js";
import { preference, setPreference } from "./preferences.js";
import { searchBar } from "./search-bar.js";
import * as session from "./session.js";
import { agentOf, names, setAgent } from "./speakers.js";
import { statisticsPanel } from "./statistics.js";
import { openStream } from "./stream.js";
import { Transcript } from "./transcript.js";
import { transcriptView } from "./transcript-view.js";
import { translationChoice } from "./translation.js";
import { wall } from "./wall.js";

/** Alerts for older words are not announced; in ms. */
const MAX_ALERT_AGE = 15_000;

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
const view = transcriptView({ list: $("lines"), scroller: $("scroller"), pill: $("new-below") });
const searchInCall = searchBar(
  { form: $("search"), field: $("search-field"), count: $("search-count"), next: $("search-next"), previous: $("search-previous") },
  view,
);
const head = callHead((speaker) => {
  setAgent(page.callId, speaker);
  repaint();
});
const translation = translationChoice({ select: $("translate"), notice: $("translation-notice") }, (language) => {
  page.paused = null;
  page.transcript.forgetTranslations();
  page.stream?.translate(language);
  repaint();
});
const statistics = statisticsPanel({
  button: $("statistics-open"),
  panel: $("statistics"),
  facts: $("statistics-facts"),
  list: $("statistics-speakers"),
});
const announcements = announcer({ lines: $("announced-lines"), message: $("announced-message") });

/** The state of the page. Read by every paint. */
const page = {
  signedIn: false,
  view: "calls", // calls, call or wall
  callId: null,
  transcript: new Transcript(),
  missing: null, // the reason if the call was not found
  connection: "connecting",
  log: { reachable: true, reason: "" },
  paused: null, // the reason if the gateway ended the stream
  stream: null,
  wantedLine: new URLSearchParams(location.search).get("line"), // the number of a final to show, from a search
};
const dirty = { list: true, calls: new Set(), frame: 0 };
let options = { names: new Map(), alerts: () => [], language: null, key: "" };
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

// ---- events of the stream -----------------------------------------------------------------------

const handlers = {
  event({ type, data }) {
    if (type === "call") onCall(data);
    else if (type === "evicted") return onEvicted(data);
    else if (type === "erased") return onErased(data);
    else if (type === "caught-up" && !data.callId) onListComplete();
    else if (type === "status" && !data.callId) page.log = { reachable: data.recognizer === "connected", reason: data.reason };
    else onTranscriptEvent({ type, data });
    repaint();
  },
  connection(state) {
    page.connection = state;
    if (state === "open") {
      calls.onConnected();
      page.log = { reachable: true, reason: "" };
      page.transcript.interrupted();
      for (const { tail } of calls.all()) tail.interrupted();
    }
    repaint();
  },
  refused(refusal) {
    if (refusal.status === 401 || refusal.status === 403) return showSignIn(refusal);
    if (refusal.code === "no_translator") translation.refuse(refusal.cause);
    else page.missing = refusal.cause;
    page.stream = openStream(page.missing ? null : page.callId, null, handlers);
    repaint();
  },
};

/** The gateway ended the stream, because the token expired or a limit was reached. */
function onEvicted({ code, reason }) {
  if (code === "expired") return showSignIn({ status: 401, code, cause: "The token has expired." });
  page.paused = reason;
  repaint();
}

/** The call was erased: nothing of it stays on the page. */
function onErased({ callId }) {
  if (callId !== page.callId) return;
  Object.assign(page, { transcript: new Transcript(), missing: "The call was erased." });
  view.clear();
  searchInCall.clear();
  announcements.clear();
  statistics.clear();
  repaint();
}

function onCall(about) {
  if (calls.update(about)) dirty.list = true;
  dirty.calls.add(about.callId);
}

function onListComplete() {
  calls.listComplete();
  dirty.list = true;
}

function onTranscriptEvent(event) {
  const { callId } = event.data;
  const call = calls.get(callId);
  const shown = callId === page.callId ? page.transcript.apply(event) : null;
  const last = call?.tail.apply(event) ?? null;
  dirty.calls.add(callId);
  if (call && event.data.endMs) calls.extendTo(call, event.data.endMs);
  const line = shown ?? last;
  if (line?.kind !== "final") return;
  if (call && recordAlerts(call, line)) announceAlert(call, line);
  if (shown && page.transcript.caughtUp) announcements.announceLine(nameIn(page.transcript, line), line.text, languageTag(line.language));
}

/** Records the alert words of a line. Returns whether the line has any and was not recorded before. */
function recordAlerts(call, line) {
  if (call.hits.has(line.identity)) return false;
  const found = [...new Set(words.find(line.text).map(({ word }) => word))];
  if (found.length > 0) call.hits.set(line.identity, found);
  return found.length > 0;
}

/** Announces an alert if the call is live and the words are recent. */
function announceAlert(call, line) {
  if (!isLive(call) || calls.durationMs(call) - line.endMs > MAX_ALERT_AGE) return;
  const found = call.hits.get(line.identity).join(", ");
  announcements.announce(`Alert: ${found}, call from ${parties(call).from ?? call.id}`);
}

function wordsChanged() {
  for (const call of calls.all()) {
    call.hits.clear();
    const lines = call.id === page.callId ? page.transcript.lines : call.tail.lines;
    lines.filter(({ kind }) => kind === "final").forEach((line) => recordAlerts(call, line));
  }
  dirty.list = true;
  repaint();
}

function nameIn(transcript, line) {
  return options.names.size > 1 ? (options.names.get(transcript.speakerOf(line)) ?? "") : "";
}

// ---- navigation ---------------------------------------------------------------------------------

function currentRoute() {
  if (location.pathname === "/wall") return { view: "wall", callId: null };
  const [, id] = location.pathname.match(/^\/calls\/([^/]+)$/) ?? [];
  return id ? { view: "call", callId: decodeURIComponent(id) } : { view: "calls", callId: null };
}

/** Shows the view of the current URL, and opens a new stream for it. */
function navigate() {
  page.stream?.close();
  Object.assign(page, currentRoute(), { transcript: new Transcript(), missing: null, paused: null });
  view.clear();
  searchInCall.clear();
  announcements.clear();
  statistics.clear();
  list.select(page.callId);
  $("files").replaceChildren(...(page.callId ? fileLinks(`/v1/calls/${encodeURIComponent(page.callId)}/transcript`, page.callId) : []));
  dirty.list = true;
  page.stream = openStream(page.callId, translation.language(), handlers);
  paint();
  const focused = document.activeElement;
  if (focused !== document.body && !focused.checkVisibility()) $("main").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([download]):not([target]):not(.skip)");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, "", link.pathname);
  navigate();
});
window.addEventListener("popstate", () => {
  const { view, callId } = currentRoute();
  if (view !== page.view || callId !== page.callId) navigate(); // else a link within the page, such as the skip link
});

// ---- painting -----------------------------------------------------------------------------------

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
  setAttribute($("badge"), "data-state", now.state);
  setText($("badge"), now.words);
  setVisible($("evicted"), page.signedIn && page.paused !== null);
  const title = page.signedIn ? pageTitle() : "Sign in · Verbatim";
  if (document.title !== title) document.title = title;
}

/** Paints the whole list if its order may have changed, else only the calls that changed. */
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
    setAttribute($(link), "aria-current", here ? "page" : null);
  }
}

function paintCall() {
  const { transcript, callId } = page;
  const call = calls.get(callId);
  setVisible($("call"), page.missing === null);
  setVisible($("missing"), page.missing !== null);
  setText($("missing-reason"), page.missing ?? "");
  if (page.missing !== null) return;
  const speakers = transcript.speakers();
  const agent = agentOf(callId, speakers);
  const named = names(speakers, agent);
  const language = call?.about.language ?? null;
  const into = translation.language();
  const key = JSON.stringify([[...named], language, into]);
  const changed = key !== options.key || options.alerts !== words.find;
  if (changed) options = { names: named, alerts: words.find, language, translation: into, key };
  view.paint(transcript, options);
  searchInCall.update(transcript, changed);
  goToWantedLine(transcript);
  translation.paint(transcript.translator);
  statistics.paint({ callId, isOver: transcript.ended !== null, names: named });
  head.paint({ callId, call, transcript, names: named, agent, durationMs: call ? calls.durationMs(call) : 0 });
}

/** Shows the line that a search has found, once it was received. */
function goToWantedLine(transcript) {
  if (page.wantedLine === null || !transcript.caughtUp) return;
  const index = transcript.lines.findIndex(({ kind, seq }) => kind === "final" && String(seq) === page.wantedLine);
  page.wantedLine = null;
  if (index >= 0) view.goTo(index);
}

function pageTitle() {
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

// ---- controls of a call -------------------------------------------------------------------------

$("copy").addEventListener("click", async () => {
  const done = await copy(asText(page.transcript, options.names));
  setText($("copied"), done ? "Copied" : "The browser did not allow copying");
  setTimeout(() => setText($("copied"), ""), 4000);
});

function showDelays(shown) {
  setAttribute($("delays"), "aria-pressed", String(shown));
  $("lines").classList.toggle("delays", shown);
}
$("delays").addEventListener("click", () => {
  setPreference("delays", !preference("delays", false));
  showDelays(preference("delays", false));
});
showDelays(preference("delays", false));

$("call-tools").addEventListener("click", () => {
  const open = $("call-head").classList.toggle("open");
  setAttribute($("call-tools"), "aria-expanded", String(open));
});

$("continue").addEventListener("click", () => {
  page.paused = null;
  page.stream.resume();
  $("main").focus();
});

// ---- signing in and out -------------------------------------------------------------------------

const REFUSALS = {
  0: "Not reachable",
  401: "Not signed in",
  403: "Not allowed",
};

function showSignIn(refusal) {
  const ended = page.signedIn && refusal?.status === 401;
  page.stream?.close();
  Object.assign(page, { signedIn: false, stream: null, transcript: new Transcript(), paused: null });
  calls.clear();
  view.clear();
  searchInCall.clear();
  announcements.clear();
  statistics.clear();
  dirty.list = true;
  showRefusal(refusal, ended ? "Your session has ended" : undefined);
  paint();
  $("token").focus();
}

function showRefusal(refusal, title = REFUSALS[refusal?.status] ?? "Refused") {
  setVisible($("refusal"), refusal !== null);
  if (refusal === null) return;
  setText($("refusal-title"), title);
  setText($("refusal-cause"), refusal.cause);
}

/** Starts the page if there is a session, else shows the sign-in form. A missing session is no error on load. */
async function start(onLoad) {
  const answer = await session.alertWords();
  if (answer.refused) {
    const isError = answer.refused.status === 403 || !onLoad || answer.refused.code !== "no_token";
    return showSignIn(isError ? answer.refused : null);
  }
  page.signedIn = true;
  words.setOperators(answer.words);
  navigate();
}

$("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  $("token").value = "";
  const refusal = await session.signIn(token);
  showRefusal(refusal);
  if (refusal === null) await start(false);
  else $("token").focus();
});

$("sign-out").addEventListener("click", async () => {
  const refusal = await session.signOut();
  setVisible($("sign-out-error"), refusal !== null);
  if (refusal === null) return showSignIn(null);
  setText($("sign-out-error"), `You are still signed in. ${refusal.cause}`);
});

await start(true);
