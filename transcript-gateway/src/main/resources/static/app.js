// Puts the page together: session, stream, list, transcript, and what the badge says of them.

import { showCalls, withCall } from "./calls.js";
import { clock, seconds, timeOfDay } from "./format.js";
import { mayWatch, onSignedIn, signIn, signOut } from "./session.js";
import { openStream } from "./stream.js";
import { empty, gapMillis, reduce, shown } from "./transcript.js";
import { transcriptView } from "./transcript-view.js";

const $ = (id) => document.getElementById(id);
const nav = { live: $("live"), ended: $("ended"), none: $("no-calls"), endedTitle: $("ended-title") };
const view = transcriptView($("lines"), $("scroller"), $("below"));

let calls = new Map();
let announced = new Set(); // calls this connection has told of; the others are gone once it has told all
let lastWords = new Map();
let selected = null;
let transcript = empty();
let connection = "connecting";
let log = { reachable: true, listed: false, reason: "" };
let evicted = null;
let stream = null;
let painting = false;

// ---- what happens -------------------------------------------------------------------------------

const on = {
  event(event) {
    const about = event.data.callId;
    if (event.type === "call") heardOfCall(event.data);
    else if (event.type === "evicted") evicted = event.data.reason;
    else if (event.type === "caught-up" && !about) heardOfAllCalls();
    else if (event.type === "status" && !about) heardOfLog(event.data);
    else if (about === selected) transcript = reduce(transcript, event);
    if (event.type === "final" || event.type === "interim") rememberWords(about, event.data.text);
    repaint();
  },
  connection(state) {
    connection = state;
    if (state === "open") announced = new Set();
    else log = { reachable: true, listed: false, reason: "" };
    repaint();
  },
  async refused() {
    const answer = await mayWatch().catch(() => ({ ok: true }));
    if (!answer.ok) askToSignIn(answer.status === 401 ? "" : answer.cause);
    return !answer.ok;
  },
};

function heardOfCall(call) {
  announced.add(call.callId);
  calls = withCall(calls, call);
}

function heardOfAllCalls() {
  calls = new Map([...calls].filter(([id]) => announced.has(id)));
  log = { ...log, listed: true };
}

function heardOfLog(data) {
  log = { ...log, reachable: data.recognizer === "connected", reason: data.reason };
}

function rememberWords(callId, words) {
  if (words) lastWords.set(callId, words);
}

function select(callId) {
  selected = callId;
  transcript = empty();
  evicted = null;
  view.clear();
  stream?.close();
  stream = openStream(selected, on);
  repaint();
}

function selectByAddress() {
  const [, id] = location.pathname.match(/^\/calls\/([^/]+)$/) ?? [];
  select(id ? decodeURIComponent(id) : null);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("nav a, h1 a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, "", link.pathname);
  selectByAddress();
});
window.addEventListener("popstate", selectByAddress);

// ---- what is shown ------------------------------------------------------------------------------

function repaint() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    paint();
  });
}

function paint() {
  showCalls(nav, calls, selected, lastWords);
  paintBadge();
  $("evicted").hidden = evicted === null;
  $("welcome").hidden = selected !== null;
  $("call").hidden = selected === null;
  if (selected !== null) paintCall(calls.get(selected));
}

function paintCall(call) {
  const lines = shown(transcript);
  view.show(lines, lines.some((line) => line.channel > 0 || (line.speaker ?? 0) > 0));
  $("call-title").textContent = call?.from || selected;
  $("call-facts").textContent = facts(call);
  document.title = `${call?.from || selected} · Verbatim`;
  $("waiting").hidden = lines.length > 0 || transcript.ended !== null;
  $("waiting").textContent = call ? "Nothing has been said yet." : "This call has not begun. It will appear here when it does.";
  $("simulated").hidden = recognizerName(call) !== "simulated";
  $("ending").hidden = transcript.ended === null;
  if (transcript.ended) $("ending").textContent = ending();
  paintNotice();
  paintExports(call);
}

function facts(call) {
  if (!call) return selected;
  const name = recognizerName(call);
  const state = call.state === "live" ? "live" : `ended after ${clock(call.durationMs)}`;
  const by = name ? `heard by ${name === "simulated" ? "a simulated recogniser" : name}` : "";
  return [call.from ? call.callId : "", timeOfDay(call.startedAt), state, call.language, by]
    .filter(Boolean)
    .join(" · ");
}

const recognizerName = (call) => transcript.recognizer.name || call?.recognizer || "";

function ending() {
  const missing = gapMillis(transcript);
  const length = clock(transcript.ended.durationMs);
  if (transcript.ended.complete) return `The call ended after ${length}. Every word is here.`;
  return missing > 0
    ? `The call ended after ${length}. ${seconds(missing)} of it could not be transcribed.`
    : `The call ended after ${length}. Some words were never confirmed.`;
}

function paintNotice() {
  const { state, reason } = transcript.recognizer;
  const down = !transcript.ended && (state === "unavailable" || state === "reconnecting");
  const why = reason ? `: ${reason}` : "";
  $("notice").hidden = !down;
  $("notice").textContent =
    state === "unavailable"
      ? `The recogniser is not available${why}. Words may be missing until it is back.`
      : `The recogniser is reconnecting${why}. What is said now will follow.`;
}

function paintExports(call) {
  if ($("exports").dataset.call === selected || !call) return;
  $("exports").dataset.call = selected;
  const links = ["txt", "vtt", "srt", "json"].map((format) => {
    const link = document.createElement("a");
    link.href = `/v1/calls/${encodeURIComponent(selected)}/transcript?format=${format}`;
    link.download = `${selected}.${format}`;
    link.textContent = format;
    return link;
  });
  $("exports").replaceChildren("Save as ", ...links);
}

function badge() {
  if (evicted !== null) return ["evicted", "Paused"];
  if (connection === "connecting") return ["connecting", "Connecting"];
  if (connection === "reconnecting") return ["reconnecting", "Reconnecting"];
  if (!log.reachable) return ["reconnecting", "Reconnecting to the log"];
  if (transcript.ended) {
    return transcript.ended.complete ? ["complete", "Ended, complete"] : ["gaps", "Ended with gaps"];
  }
  if (!log.listed || (selected && calls.has(selected) && !transcript.caughtUp)) return ["catching-up", "Catching up"];
  if (selected && transcript.recognizer.state === "unavailable") return ["down", "Recogniser down"];
  if (selected && !calls.has(selected)) return ["waiting", "Waiting for the call"];
  return ["live", "Live"];
}

function paintBadge() {
  const [state, words] = badge();
  $("badge").dataset.state = state;
  if ($("badge").textContent !== words) $("badge").textContent = words;
}

setInterval(() => !$("desk").hidden && repaint(), 1000);

// ---- who may see it -----------------------------------------------------------------------------

function askToSignIn(cause) {
  stream?.close();
  calls = new Map();
  lastWords = new Map();
  transcript = empty();
  view.clear();
  showCalls(nav, calls, selected, lastWords);
  $("desk").hidden = true;
  $("sign-in").hidden = false;
  $("sign-out").hidden = true;
  $("badge").dataset.state = "signed-out";
  $("badge").textContent = "Signed out";
  tell(cause);
  $("token").focus();
}

function tell(problem) {
  $("sign-in-problem").hidden = !problem;
  $("sign-in-problem").textContent = problem;
}

function enter() {
  $("desk").hidden = false;
  $("sign-in").hidden = true;
  $("sign-out").hidden = false;
  selectByAddress();
}

$("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = $("token").value.trim();
  $("token").value = "";
  tell(await signIn(token).catch(() => "The gateway cannot be reached at the moment."));
});
$("sign-out").addEventListener("click", async () => {
  await signOut();
  askToSignIn("");
});
$("continue").addEventListener("click", () => {
  evicted = null;
  stream.resume();
});
onSignedIn(enter);

const answer = await mayWatch().catch(() => ({ ok: true }));
if (answer.ok) enter();
else askToSignIn(answer.status === 401 ? "" : answer.cause);
