// The wall: every live call with its last lines, for whoever looks after many.

import { describeParties, describeState } from "./call-list.js";
import { mark, part, show, write } from "./dom.js";
import { clock } from "./format.js";
import { drawLine } from "./line.js";
import { agentOf, names } from "./voices.js";

/**
 * @param at `{cards, none, total}`: the elements of the wall
 * @param calls the calls themselves
 */
export function wall({ cards, none, total }, calls) {
  const known = new Map(); // call id -> its card

  /** Shows all of them, newest first. */
  function paint(alerts) {
    const live = calls.inState(true);
    live.forEach((call, place) => {
      const card = known.get(call.id) ?? newCard(call);
      known.set(call.id, card);
      update(call, alerts);
      if (cards.children[place] !== card.item) cards.insertBefore(card.item, cards.children[place] ?? null);
    });
    const ids = new Set(live.map(({ id }) => id));
    for (const [id, card] of known) {
      if (ids.has(id)) continue;
      card.item.remove();
      known.delete(id);
    }
    show(none, live.length === 0);
    write(total, live.length === 0 ? "" : `${live.length} live`);
  }

  /** Shows what is new of one call: its last lines are few, so they are drawn anew. */
  function update(call, alerts) {
    const card = known.get(call.id);
    if (!card) return;
    describeParties(card.who, call);
    describeState(card.state, call);
    write(card.when, clock(calls.durationMs(call)));
    mark(card.item, "class", call.hits.size > 0 ? "card alerted" : "card");
    const { tail } = call;
    const lines = [...tail.lines, ...[...tail.interims.values()].sort((a, b) => a.startMs - b.startMs)];
    const voices = tail.voices();
    const named = names(voices, agentOf(call.id, voices));
    card.lines.classList.toggle("voices", voices.length > 1);
    const items = lines.map((line) => drawn(card, line, tail, { names: named, alerts, language: call.about.language }));
    items.forEach((item, place) => {
      if (card.lines.children[place] !== item) card.lines.insertBefore(item, card.lines.children[place] ?? null);
    });
    while (card.lines.children.length > items.length) card.lines.lastChild.remove();
    show(card.silence, lines.length === 0);
  }

  /** The element of a line, drawn again only where the line is another than it showed. */
  function drawn(card, line, tail, how) {
    const voice = tail.voiceOf(line);
    const name = how.names.get(voice) ?? "";
    const shown = card.drawn.get(line.key);
    const item = shown?.item ?? part("li");
    if (shown?.line !== line || shown.name !== name || shown.alerts !== how.alerts) {
      drawLine(item, line, { ...how, voice, name });
    }
    card.drawn.set(line.key, { item, line, name, alerts: how.alerts });
    for (const key of card.drawn.keys()) {
      if (card.drawn.size <= 6) break;
      card.drawn.delete(key);
    }
    return item;
  }

  function tick() {
    for (const [id, card] of known) {
      const call = calls.get(id);
      if (call) write(card.when, clock(calls.durationMs(call)));
    }
  }

  return { paint, update, tick };
}

function newCard(call) {
  const item = part("li", "card");
  const title = part("h3");
  const who = part("a", "who");
  who.href = `/calls/${encodeURIComponent(call.id)}`;
  const when = part("span", "when");
  const state = part("p", "state");
  const lines = part("ol", "lines");
  const silence = part("p", "none", "Nothing has been said yet.");
  title.append(who);
  item.append(title, when, state, lines, silence);
  return { item, who, when, state, lines, silence, drawn: new Map() };
}
