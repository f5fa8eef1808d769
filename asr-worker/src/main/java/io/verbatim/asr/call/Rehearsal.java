package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.pubsub.message.AudioFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A recogniser session from its first byte to its last word, before the first call's: what a
/// process does for the first time takes it half a second longer, and a call that was just taken
/// over from a dead worker has none to lose.
public final class Rehearsal {
  private static final AudioFormat FORMAT = AudioFormat.parse("pcm16/8000/1");
  private static final int BYTES = 1600;

  private final SpeechRecognizer recognizer;
  private final TranscriptAssembler assembler =
      new TranscriptAssembler(FORMAT, List.of(0L), List.of(), "rehearsal");
  private final CompletableFuture<Integer> finals = new CompletableFuture<>();
  private final CompletableFuture<RecognizerSession> session = new CompletableFuture<>();
  private int steps;

  private Rehearsal(SpeechRecognizer recognizer) {
    this.recognizer = recognizer;
  }

  /// Holds it with a recogniser that reaches nobody but this machine; blocks until it is over.
  ///
  /// @return how many steps of a transcript came of it; 0 where it did not come to its end in time
  public static int hold(SpeechRecognizer recognizer, Duration patience) {
    return new Rehearsal(recognizer).hold(patience);
  }

  private int hold(Duration patience) {
    session.complete(recognizer.open(new SessionRequest(FORMAT, "en"), this::told));
    return finals.completeOnTimeout(0, patience.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private void told(RecognizerEvent event) {
    switch (event) {
      case RecognizerEvent.Opened _ -> session.thenAccept(this::speak);
      case RecognizerEvent.Heard(var hypothesis) -> steps += assembler.hear(hypothesis, 0).size();
      case RecognizerEvent.Signal _ -> {}
      case RecognizerEvent.Closed(CloseCause cause) ->
          finals.complete(cause instanceof CloseCause.Finished ? steps : 0);
    }
  }

  private void speak(RecognizerSession open) {
    assembler.sent(BYTES, 0, 0);
    open.send(new byte[BYTES]).thenRun(open::finish);
  }
}
