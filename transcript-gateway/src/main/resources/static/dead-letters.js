// The operators' page: lists the dead letters and deletes them. It uses the session of the agent's page.

import { $, create, setText, setVisible } from "./dom.js";
import { count, timeOfDay } from "./format.js";
import { refusalOf } from "./stream.js";

const PATH = "/v1/dead-letters";

/** Sends a request. Returns the answer, or null if it was refused or failed, after showing the reason. */
async function send(path, method) {
  try {
    const answer = await fetch(path, { method });
    if (answer.ok || answer.status === 404) return answer;
    const { status, cause } = await refusalOf(answer);
    showProblem(status === 401 || status === 403 ? `${cause} Sign in at “Calls” with a token that has the scope ops.` : cause);
  } catch {
    showProblem("The gateway cannot be reached at the moment.");
  }
  return null;
}

function showProblem(text) {
  setText($("problem"), text);
  setVisible($("problem"), text !== "");
}

async function load() {
  showProblem("");
  const answer = await send(PATH, "GET");
  const letters = answer ? (await answer.json()).deadLetters : [];
  $("letters").replaceChildren(...letters.map(item));
  setText($("message"), answer ? (letters.length === 0 ? "No dead letters." : count(letters.length, "dead letter")) : "");
  setVisible($("delete-all"), letters.length > 0);
}

function item(letter) {
  const entry = create("li", "letter");
  const remove = create("button", "quiet", "Delete");
  remove.type = "button";
  remove.setAttribute("aria-label", `Delete ${letter.id}`);
  remove.addEventListener("click", async () => {
    if (await send(`${PATH}/${encodeURIComponent(letter.id)}`, "DELETE")) {
      await load();
      $("main").focus();
    }
  });
  const about = create("div", "letter-about");
  about.append(create("strong", "letter-reason", letter.reason), create("span", "facts", `${letter.source} ${letter.entry}`), create("span", "facts", addedAt(letter.id)));
  entry.append(about, remove);
  return entry;
}

/** The time in a dead letter's id, which Redis makes from its clock. */
function addedAt(id) {
  return timeOfDay(new Date(Number(id.split("-")[0])).toISOString());
}

$("reload").addEventListener("click", load);
$("delete-all").addEventListener("click", () => $("confirm").showModal());
$("confirm").addEventListener("close", async () => {
  if ($("confirm").returnValue !== "delete") return;
  if (await send(PATH, "DELETE")) await load();
  $("main").focus();
});

await load();
