package io.verbatim.numbers;

import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/// A caller of the Exotel dialect: a lost connection ends the call, and its id is not used again.
///
/// @param ingest returns the URL of an ingest; called for each attempt
public record NonResumingCaller(
    Supplier<URI> ingest, String user, String password, String account) {

  /// Connects, with retries, and sends the call's audio.
  ///
  /// @throws IllegalStateException if no ingest accepts the call within
  ///   [NumberedCall#CONNECT_TIMEOUT]
  public NumberedCall call(int number, int frames) throws InterruptedException {
    long deadline = System.nanoTime() + NumberedCall.CONNECT_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      AtomicInteger sent = new AtomicInteger();
      CompletableFuture<Boolean> connected = new CompletableFuture<>();
      OngoingCall ongoing =
          new ExotelCaller(ingest.get(), user, password, account)
              .call(
                  FrameFormat.PHONE.sampleRateHz(),
                  audio(number, frames, sent).doOnSubscribe(_ -> connected.complete(true)));
      CompletableFuture<SentAudio> over =
          ongoing
              .ended()
              .handle((_, _) -> new SentAudio(sent.get(), 0, sent.get() < frames))
              .toCompletableFuture();
      if (over.thenApply(_ -> false).applyToEither(connected, accepted -> accepted).join()) {
        return new NumberedCall(ongoing.callId(), "exotel", FrameFormat.PHONE, number, over);
      }
      Thread.sleep(NumberedCall.RETRY_MILLIS);
    }
    throw new IllegalStateException("no ingest accepted call " + number);
  }

  private static Flux<byte[]> audio(int number, int frames, AtomicInteger sent) {
    NumberedAudio audio = new NumberedAudio(FrameFormat.PHONE, number);
    return Flux.interval(
            Duration.ZERO, Duration.ofMillis(Verdict.FRAME_MILLIS), Schedulers.parallel())
        .take(frames)
        .onBackpressureBuffer(frames)
        .map(frame -> audio.frame(frame.intValue(), System.nanoTime()))
        .doOnNext(_ -> sent.incrementAndGet());
  }
}
