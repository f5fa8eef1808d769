// Shows on a page of its own why a request failed.

import { $, create, setText, setVisible } from "./dom.js";
import { refusalOf } from "./stream.js";

/**
 * Shows the reason in place of the result.
 *
 * @param answer null if there was none
 * @param part the beginning of the elements' ids, on a page with several results
 */
export async function showProblem(answer, part = "") {
  const refusal = answer ? await refusalOf(answer) : { status: 0, cause: "The gateway cannot be reached at the moment." };
  const link = create("a", "", "Sign in");
  link.href = "/";
  showText(part, refusal.cause, ...(refusal.status === 401 ? [" ", link] : []));
}

/** Shows a text, with links if there are any, in place of the result. */
export function showText(part, ...content) {
  setText($(`${part}result`), "");
  $(`${part}problem`).replaceChildren(...content);
  setVisible($(`${part}problem`), true);
}
