package io.verbatim.local;

import io.verbatim.local.follow.EndedCall;
import io.verbatim.local.follow.ScriptComparison;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// Prints the messages of `./run`. As thread-safe as its stream.
record Console(PrintStream out) {

  void help() {
    try (InputStream text = Console.class.getResourceAsStream("/run-help.txt")) {
      if (text == null) {
        throw new IllegalStateException("/run-help.txt is missing from the class path");
      }
      out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void starting(Path log, boolean simulated) {
    out.println("Starting Redis, a recogniser and the three services. Logs: " + log);
    out.println(
        simulated
            ? "The recogniser is simulated. It knows the words of the sample call. For other audio it reports when"
                + " someone speaks, without words.\nFor your own recording: DEEPGRAM_API_KEY=… ./run --call FILE.wav"
            : "The recogniser is Deepgram, with the key from DEEPGRAM_API_KEY.");
  }

  void ready(Duration elapsed, URI page) {
    out.printf("%nReady in %.1f s. Open%n%n    %s%n%n", elapsed.toMillis() / 1000.0, page);
  }

  void playing(String name, Duration length, int calls) {
    out.printf(
        "Playing %s, %d s%s, in real time.%n",
        name, length.toSeconds(), calls > 1 ? ", " + calls + " times at once" : "");
  }

  void nextSteps(Stack stack, String callId, Path token) {
    out.printf(
        """

        Recordings: %srecordings transcribes files and translates. Its providers are simulated.

        Try next, in another terminal:
          your own recording   ./run --pcm FILE.wav --url %s --token "$(cat %s)"
                               (WAV: PCM 16 bit at 8, 16, 24 or 48 kHz, or G.711 at 8 kHz; mono or stereo)
          the live transcript  curl -N -H "Authorization: Bearer $(cat %s)" -H "Accept: text/event-stream" \\
                                 %sv1/calls/%s/transcript
          kill a worker        ./run --kill-worker
          real Exotel calls    a public tunnel to port %d, and this URL in the Stream applet:
                               wss://%s:%s@YOUR-TUNNEL/v1/ingest
        Press Ctrl-C to stop.

        """,
        stack.gateway(),
        stack.ingest(),
        token,
        token,
        stack.gateway(),
        callId,
        stack.ingest().getPort(),
        stack.exotel().username(),
        stack.exotel().password());
  }

  void killed(WorkerProcess worker, String sentence) {
    out.printf(
        "Killed %s with kill -9 while it transcribed: \"%s\"%n", worker.description(), sentence);
  }

  void tookOver(WorkerProcess worker, Duration delay) {
    out.printf(
        "%s took over the call %.1f s later, from the end of the last final.%n",
        worker.description(), delay.toMillis() / 1000.0);
  }

  void compared(EndedCall call, ScriptComparison comparison) {
    switch (comparison) {
      case ScriptComparison.Equal(int words) ->
          out.printf(
              "Call %s ended. Its transcript equals the script: all %d words, each once, in order.%n",
              call.callId(), words);
      case ScriptComparison.Differs(
              int word,
              String expected,
              String actual,
              int expectedWords,
              int actualWords) ->
          out.printf(
              "Call %s ended. Its transcript DIFFERS from the script: %d of %d words, first at word %d: expected"
                  + " \"%s\", actual \"%s\".%n",
              call.callId(), actualWords, expectedWords, word + 1, expected, actual);
    }
  }

  void ended(EndedCall call) {
    out.printf(
        "Call %s ended, %s: %d segments%s.%n",
        call.callId(),
        call.complete() ? "complete" : "NOT complete",
        call.finals().size(),
        call.gapMs() > 0 ? ", " + call.gapMs() + " ms not transcribed" : "");
  }

  void print(String line) {
    out.println(line);
  }
}
