package io.verbatim.asr;

import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.deepgram.WarmupServer;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs one complete recogniser session before the first call: the first session of a process takes
/// half a second longer than later ones, and a call taken over from a dead worker must not wait for
/// that.
final class Warmup {
  private static final AudioFormat FORMAT = AudioFormat.parse("pcm16/8000/1");
  private static final int AUDIO_BYTES = 1600;
  private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

  private final SpeechRecognizer recognizer;
  private final TranscriptAssembler assembler =
      new TranscriptAssembler(FORMAT, List.of(0L), List.of(), "warmup", _ -> {});
  private final CompletableFuture<Integer> result = new CompletableFuture<>();
  private @Nullable RecognizerSession session;
  private int writes;

  private Warmup(SpeechRecognizer recognizer) {
    this.recognizer = recognizer;
  }

  /// Runs the session on the loop, against a loopback server. Blocks the calling thread.
  ///
  /// @return how many transcript writes resulted; 0 if the session did not finish in time
  static int run(EventLoop loop, Duration timeout) {
    try (WarmupServer server = new WarmupServer(loop);
        SpeechRecognizer recognizer =
            new DeepgramRecognizer(
                loop, DeepgramSettings.of(server.url(), new Secret("none"), "warmup", ""))) {
      return run(loop, recognizer, timeout);
    }
  }

  static int run(EventLoop loop, SpeechRecognizer recognizer, Duration timeout) {
    Warmup warmup = new Warmup(recognizer);
    loop.execute(warmup::open);
    return warmup.result.completeOnTimeout(0, timeout.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private void open() {
    session = recognizer.open(new SessionRequest(FORMAT, "en"), HANDSHAKE_LIMIT, this::onEvent);
  }

  private void onEvent(RecognizerEvent event) {
    switch (event) {
      case RecognizerEvent.Opened _ -> sendAudio();
      case RecognizerEvent.Result(var hypothesis) ->
          writes += assembler.onHypothesis(hypothesis, 0, 0).size();
      case RecognizerEvent.Signal _, RecognizerEvent.Writable _ -> {}
      case RecognizerEvent.Closed(CloseCause cause) ->
          result.complete(cause instanceof CloseCause.Finished ? writes : 0);
    }
  }

  private void sendAudio() {
    if (session != null) {
      assembler.sent(AUDIO_BYTES, 0, 0);
      session.send(new byte[AUDIO_BYTES], 0, AUDIO_BYTES);
      session.finish();
    }
  }
}
