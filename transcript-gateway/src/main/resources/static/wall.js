// The wall: all live calls with their last lines.

import { describeParties, describeState } from "./call-list.js";
import { create, setAttribute, setText, setVisible } from "./dom.js";
import { clock } from "./format.js";
import { drawLine } from "./line.js";
import { agentOf, names } from "./speakers.js";

/**
 * @param elements `{cards, none, total}`: the elements of the wall
 * @param calls the calls
 */
export function wall({ cards, none, total }, calls) {
  const known = new Map(); // call id -> its card

  /** Shows all live calls, newest first. */
  function paint(alerts) {
    const live = calls.inState(true);
    live.forEach((call, index) => {
      const card = known.get(call.id) ?? newCard(call);
      known.set(call.id, card);
      update(call, alerts);
      if (cards.children[index] !== card.item) cards.insertBefore(card.item, cards.children[index] ?? null);
    });
    const ids = new Set(live.map(({ id }) => id));
    for (const [id, card] of known) {
      if (ids.has(id)) continue;
      card.item.remove();
      known.delete(id);
    }
    setVisible(none, live.length === 0);
    setText(total, live.length === 0 ? "" : `${live.length} live`);
  }

  /** Updates one call with all of its last lines. */
  function update(call, alerts) {
    const card = known.get(call.id);
    if (!card) return;
    describeParties(card.parties, call);
    describeState(card.state, call);
    setText(card.when, clock(calls.durationMs(call)));
    setAttribute(card.item, "class", call.hits.size > 0 ? "card alerted" : "card");
    const { tail } = call;
    const lines = [...tail.lines, ...[...tail.interims.values()].sort((a, b) => a.startMs - b.startMs)];
    const speakers = tail.speakers();
    const named = names(speakers, agentOf(call.id, speakers));
    card.lines.classList.toggle("speakers", speakers.length > 1);
    const items = lines.map((line) => drawn(card, line, tail, { names: named, alerts, language: call.about.language }));
    items.forEach((item, index) => {
      if (card.lines.children[index] !== item) card.lines.insertBefore(item, card.lines.children[index] ?? null);
    });
    while (card.lines.children.length > items.length) card.lines.lastChild.remove();
    setVisible(card.empty, lines.length === 0);
  }

  /** The element of a line. It is drawn again only if the line, the name or the alert words changed. */
  function drawn(card, line, tail, options) {
    const speaker = tail.speakerOf(line);
    const name = options.names.get(speaker) ?? "";
    const shown = card.drawn.get(line.key);
    const item = shown?.item ?? create("li");
    if (shown?.line !== line || shown.name !== name || shown.alerts !== options.alerts) {
      drawLine(item, line, { ...options, speaker, name });
    }
    card.drawn.set(line.key, { item, line, name, alerts: options.alerts });
    for (const key of card.drawn.keys()) {
      if (card.drawn.size <= 6) break;
      card.drawn.delete(key);
    }
    return item;
  }

  function tick() {
    for (const [id, card] of known) {
      const call = calls.get(id);
      if (call) setText(card.when, clock(calls.durationMs(call)));
    }
  }

  return { paint, update, tick };
}

function newCard(call) {
  const item = create("li", "card");
  const title = create("h3");
  const parties = create("a", "parties");
  parties.href = `/calls/${encodeURIComponent(call.id)}`;
  const when = create("span", "when");
  const state = create("p", "state");
  const lines = create("ol", "lines");
  const empty = create("p", "none", "Nothing has been said yet.");
  title.append(parties);
  item.append(title, when, state, lines, empty);
  return { item, parties, when, state, lines, empty, drawn: new Map() };
}
