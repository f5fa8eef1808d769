// The search page: a query in the URL, and its hits, each of which opens the call at its line.

import { $, create, setText, setVisible } from "./dom.js";
import { clock, count, languageTag, timeOfDay } from "./format.js";
import { showProblem } from "./problem.js";

const FIELDS = ["q", "from", "to", "speaker"];
let next = null;
let shown = 0;
let current = null; // the query that is shown

function query() {
  const fields = FIELDS.map((name) => [name, $(name).value.trim()]).filter(([, value]) => value !== "");
  return new URLSearchParams(fields);
}

/** `to` is the day after the last one that is wanted, because it is exclusive. */
function parameters(after) {
  const all = new URLSearchParams(current);
  if (all.has("to")) {
    const day = new Date(`${all.get("to")}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + 1);
    all.set("to", day.toISOString().slice(0, 10));
  }
  if (after) all.set("after", after);
  return all;
}

async function load(after) {
  const asked = current;
  setVisible($("problem"), false);
  setText($("result"), "Searching …");
  const answer = await fetch(`/v1/search?${parameters(after)}`).catch(() => null);
  if (asked !== current) return;
  if (!answer?.ok) return showProblem(answer);
  const page = await answer.json();
  if (asked !== current) return;
  next = page.next;
  shown += page.hits.length;
  const first = page.hits.map(hit).map((item) => $("hits").appendChild(item))[0];
  setVisible($("more"), next !== null);
  setText($("result"), result(page));
  if (after) first?.querySelector("a").focus();
}

function result(page) {
  const away = page.archiveAvailable === false ? " Only live calls were searched, because the archive is not available at the moment." : "";
  if (shown === 0) return `No line matches.${away}`;
  return `${count(shown, "line")}${next === null ? "" : " so far"}.${away}`;
}

function hit(about) {
  const item = create("li");
  const link = create("a");
  link.href = `/calls/${encodeURIComponent(about.callId)}?${new URLSearchParams({ line: String(about.seq) })}`;
  const words = create("span", "words");
  const tag = languageTag(about.language);
  if (tag) words.lang = tag;
  words.append(...marked(about));
  const state = about.state === "live" ? "live now" : timeOfDay(about.startedAt);
  link.append(words, create("span", "facts", `${about.callId} · ${state} · at ${clock(about.startMs)} · speaker ${about.speaker}`));
  item.append(link);
  return item;
}

function marked({ text, matches }) {
  const parts = [];
  let at = 0;
  for (const { from, to } of matches) {
    if (from < at) continue;
    parts.push(text.slice(at, from), create("mark", "found-part", text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)].filter((part) => part !== "");
}

function begin() {
  current = query();
  [next, shown] = [null, 0];
  $("hits").replaceChildren();
  setVisible($("more"), false);
  if (current.has("q")) load(null);
  else setText($("result"), "");
}

function readUrl() {
  const given = new URLSearchParams(location.search);
  for (const name of FIELDS) $(name).value = given.get(name) ?? "";
  begin();
}

$("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", `/search?${query()}`);
  begin();
});
$("more").addEventListener("click", () => load(next));
window.addEventListener("popstate", readUrl);
readUrl();
