// The words that raise an alert: the operator's, and those whoever reads has added in this browser.

import { show, write } from "./dom.js";
import { keep, kept, onKeptElsewhere } from "./kept.js";
import { alerts } from "./matches.js";

const MOST = 100;
const LONGEST = 80;

/**
 * @param at `{dialog, form, own, operators, cancel, open}`: the dialog, its parts, and what opens it
 * @param changed called after each change
 * @returns `{find, setOperators}`: find is what finds them in a text, another one after each change
 */
export function alertWords({ dialog, form, own, operators, cancel, open }, changed) {
  let fromOperator = [];
  const words = { find: finder(), setOperators };

  function finder() {
    return alerts([...fromOperator, ...kept("alert-words", [])]);
  }

  function renew() {
    words.find = finder();
    changed();
  }

  function setOperators(list) {
    fromOperator = list;
    renew();
  }

  open.addEventListener("click", () => {
    own.value = kept("alert-words", []).join("\n");
    write(operators, fromOperator.join(", "));
    show(operators.parentElement, fromOperator.length > 0);
    dialog.showModal();
  });
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep("alert-words", listed(own.value));
    dialog.close();
    renew();
  });
  onKeptElsewhere("alert-words", renew);
  return words;
}

/** One word or phrase for each line, each once. */
function listed(text) {
  const words = text.split("\n").map((word) => word.trim().slice(0, LONGEST));
  return [...new Set(words.filter(Boolean))].slice(0, MOST);
}
