// The local additions to the pages: a button that plays the sample call, and what is simulated.

const extras = document.getElementById("extras");

function playButton() {
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
      button.title = "The local stack does not answer. Check that ./run is running.";
    }
    button.disabled = false;
  });
  return button;
}

function simulatedProviders() {
  const note = document.createElement("p");
  note.className = "banner";
  const link = document.createElement("a");
  link.href = "/local/sample-call.wav";
  link.download = "sample-call.wav";
  link.textContent = "the sample call";
  note.append("The providers are simulated on this machine. They know only the words of ", link, ", which you can save and upload, and mark a text instead of translating it.");
  return note;
}

extras.append(document.body.dataset.view === "recordings" ? simulatedProviders() : playButton());
