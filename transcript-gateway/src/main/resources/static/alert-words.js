// The alert words: those of the operator and those that the reader added in this browser.

import { setText, setVisible } from "./dom.js";
import { onPreferenceChange, preference, setPreference } from "./preferences.js";
import { alerts } from "./matches.js";

const MAX_WORDS = 100;
const MAX_LENGTH = 80;

/**
 * @param elements `{dialog, form, own, operators, cancel, open}`: the dialog, its parts, and the button that
 *     opens it
 * @param changed called after each change
 * @returns `{find, setOperators}`: `find` finds the words in a text, and is a new function after each change
 */
export function alertWords({ dialog, form, own, operators, cancel, open }, changed) {
  let fromOperator = [];
  const words = { find: finder(), setOperators };

  function finder() {
    return alerts([...fromOperator, ...preference("alert-words", [])]);
  }

  function update() {
    words.find = finder();
    changed();
  }

  function setOperators(list) {
    fromOperator = list;
    update();
  }

  open.addEventListener("click", () => {
    own.value = preference("alert-words", []).join("\n");
    setText(operators, fromOperator.join(", "));
    setVisible(operators.parentElement, fromOperator.length > 0);
    dialog.showModal();
  });
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    setPreference("alert-words", parse(own.value));
    dialog.close();
    update();
  });
  onPreferenceChange("alert-words", update);
  return words;
}

/** The words or phrases of a text, one per line, without repetitions. */
function parse(text) {
  const words = text.split("\n").map((word) => word.trim().slice(0, MAX_LENGTH));
  return [...new Set(words.filter(Boolean))].slice(0, MAX_WORDS);
}
