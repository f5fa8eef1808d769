// The usage page: a chart of the minutes received, and the rows behind it.

import { $, create, setText, setVisible } from "./dom.js";
import { clock, count } from "./format.js";
import { showProblem } from "./problem.js";

const SVG = "http://www.w3.org/2000/svg";

// The chart has room for this many bars at least, so that a single day is a bar and not a block.
const MIN_BARS = 14;

async function load() {
  const fields = ["from", "to"].map((name) => [name, $(name).value]).filter(([, value]) => value !== "");
  const parameters = new URLSearchParams(fields);
  $("csv").href = `/v1/usage?${new URLSearchParams([...fields, ["format", "csv"]])}`;
  const answer = await fetch(`/v1/usage?${parameters}`).catch(() => null);
  setVisible($("problem"), !answer?.ok);
  setVisible($("chart"), Boolean(answer?.ok));
  setVisible($("table"), Boolean(answer?.ok));
  if (!answer?.ok) return showProblem(answer);
  const { from, to, usage } = await answer.json();
  [$("from").value, $("to").value] = [from, to];
  paint(usage);
}

function paint(usage) {
  const calls = usage.reduce((sum, row) => sum + row.calls, 0);
  const received = usage.reduce((sum, row) => sum + row.receivedMs, 0);
  setText($("result"), `${count(calls, "call")}, ${clock(received)} received.`);
  paintBars(usage);
  $("rows").replaceChildren(...usage.map(tableRow));
}

function paintBars(usage) {
  const days = new Map();
  for (const { period, receivedMs } of usage) days.set(period, (days.get(period) ?? 0) + receivedMs);
  const highest = Math.max(1, ...days.values());
  const bars = [...days].map(([period, millis], index) => {
    const bar = document.createElementNS(SVG, "rect");
    const height = (millis / highest) * 100;
    for (const [name, value] of Object.entries({ x: index * 10 + 1, y: 100 - height, width: 8, height })) bar.setAttribute(name, String(value));
    const title = document.createElementNS(SVG, "title");
    title.textContent = `${period}: ${clock(millis)}`;
    bar.append(title);
    return bar;
  });
  $("bars").setAttribute("viewBox", `0 0 ${Math.max(MIN_BARS, days.size) * 10} 100`);
  $("bars").replaceChildren(...bars);
  const top = [...days].sort((a, b) => b[1] - a[1])[0];
  setText($("chart-summary"), top ? `The highest is ${top[0]} with ${clock(top[1])}.` : "There are no calls in these days.");
}

function tableRow(row) {
  const element = create("tr");
  const head = create("th", "", row.period);
  head.scope = "row";
  const cells = [row.tenant, row.kind, row.calls, clock(row.receivedMs), clock(row.transcribedMs), clock(row.gapMs), clock(row.replayedMs), row.words, row.batchJobs, row.translations];
  element.append(head, ...cells.map((value) => create("td", "", String(value))));
  return element;
}

$("usage-form").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});
load();
