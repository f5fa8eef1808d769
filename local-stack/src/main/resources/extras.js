// What only this machine's page has: the sample call at the press of a button.

const extras = document.getElementById("extras");

const button = document.createElement("button");
button.type = "button";
button.className = "quiet";
button.textContent = "Play the sample call again";
button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const answer = await fetch("/local/play", { method: "POST" });
    const body = await answer.json();
    if (answer.ok) location.assign(`/calls/${encodeURIComponent(body.callId)}`);
    else button.title = body.detail ?? "The call could not be played.";
  } catch {
    button.title = "The local stack does not answer: is ./run still running?";
  }
  button.disabled = false;
});
extras.append(button);
