// What only this machine's page has: the sample call at the press of a button, and what the simulated recogniser means.

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

const { simulated } = await (await fetch("/local/status")).json();
if (simulated) {
  const line = document.createElement("small");
  line.textContent =
    " Simulated recogniser: it knows the words of the sample call; of any other audio it shows when somebody speaks, as [speech]." +
    " DEEPGRAM_API_KEY=… ./run hears the words.";
  extras.append(line);
}
