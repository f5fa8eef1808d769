package io.verbatim.local;

import io.verbatim.local.follow.EndedCall;
import io.verbatim.local.follow.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// What `./run` says on the console. Thread-safe as far as the stream is.
record Console(PrintStream out) {

  void help() {
    try (InputStream text = Console.class.getResourceAsStream("/run-help.txt")) {
      if (text == null) {
        throw new IllegalStateException("the help is not on the class path");
      }
      out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void starting(Path log, boolean simulated) {
    out.println("Starting a Redis, a recogniser and the three services; their logs go to " + log);
    out.println(
        simulated
            ? "The recogniser is simulated: it knows the words of the sample call; of other audio it shows when somebody"
                + " speaks, but no words.\nFor the words of your own recording: DEEPGRAM_API_KEY=… ./run --call FILE.wav"
            : "The recogniser is Deepgram, with the key of DEEPGRAM_API_KEY.");
  }

  void ready(Duration took, URI page) {
    out.printf("%nReady in %.1f s. Open%n%n    %s%n%n", took.toMillis() / 1000.0, page);
  }

  void playing(String what, Duration length, int calls) {
    out.printf(
        "Playing %s, %d s%s, as a phone line would.%n",
        what, length.toSeconds(), calls > 1 ? ", " + calls + " times at once" : "");
  }

  void tryNext(Stack stack, String callId, Path token) {
    out.printf(
        """

        Try next, in another terminal:
          your own recording   ./run --pcm FILE.wav --url %s --token "$(cat %s)"
                               (WAV: PCM 16 bit at 8, 16, 24 or 48 kHz, or G.711 at 8 kHz; mono or stereo)
          the live transcript  curl -N -H "Authorization: Bearer $(cat %s)" -H "Accept: text/event-stream" \\
                                 %sv1/calls/%s/transcript
          a killed worker      ./run --kill-worker
          Exotel itself        a public tunnel to port %d, and in the Stream applet
                               wss://%s:%s@YOUR-TUNNEL/v1/ingest
        Ctrl-C ends everything.

        """,
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
    out.printf("Killed %s with kill -9 while it heard: \"%s\"%n", worker.description(), sentence);
  }

  void tookOver(WorkerProcess worker, Duration after) {
    out.printf(
        "%s took the call over %.1f s later, from the end of the last final.%n",
        worker.description(), after.toMillis() / 1000.0);
  }

  void judged(EndedCall call, Judgement judgement) {
    switch (judgement) {
      case Judgement.Whole(int words) ->
          out.printf(
              "Call %s has ended. Its transcript equals the script: all %d words, each once, in order.%n",
              call.callId(), words);
      case Judgement.Differs(
              int word,
              String expected,
              String heard,
              int wordsExpected,
              int wordsHeard) ->
          out.printf(
              "Call %s has ended. Its transcript DIFFERS from the script: %d of %d words, first at word %d: expected"
                  + " \"%s\", heard \"%s\".%n",
              call.callId(), wordsHeard, wordsExpected, word + 1, expected, heard);
    }
  }

  void ended(EndedCall call) {
    out.printf(
        "Call %s has ended, %s: %d segments%s.%n",
        call.callId(),
        call.complete() ? "complete" : "NOT complete",
        call.finals().size(),
        call.gapMs() > 0 ? ", " + call.gapMs() + " ms that nobody transcribed" : "");
  }

  void say(String line) {
    out.println(line);
  }
}
