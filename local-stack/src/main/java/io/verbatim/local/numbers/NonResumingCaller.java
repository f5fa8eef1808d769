package io.verbatim.local.numbers;

import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/// Calls as Exotel does: a line that drops is the call's end, and nobody calls again under its id.
///
/// @param ingest where to call, asked for each time anew
public record NonResumingCaller(
    Supplier<URI> ingest, String user, String password, String account) {

  /// Calls until there is a line, and then speaks.
  ///
  /// @throws IllegalStateException when there was none for long
  public NumberedCall call(int number, int frames) throws InterruptedException {
    long deadline = System.nanoTime() + NumberedCall.PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      AtomicInteger sent = new AtomicInteger();
      CompletableFuture<Boolean> line = new CompletableFuture<>();
      OngoingCall ongoing =
          new ExotelCaller(ingest.get(), user, password, account)
              .call(
                  NumberedFormat.PHONE.sampleRateHz(),
                  audio(number, frames, sent).doOnSubscribe(_ -> line.complete(true)));
      CompletableFuture<Spoken> over =
          ongoing
              .ended()
              .handle((_, _) -> new Spoken(sent.get(), 0, sent.get() < frames))
              .toCompletableFuture();
      if (over.thenApply(_ -> false).applyToEither(line, taken -> taken).join()) {
        return new NumberedCall(ongoing.callId(), "exotel", NumberedFormat.PHONE, number, over);
      }
      Pauses.rest(NumberedCall.RETRY_MILLIS);
    }
    throw new IllegalStateException("nobody took call " + number);
  }

  private static Flux<byte[]> audio(int number, int frames, AtomicInteger sent) {
    return Flux.interval(
            Duration.ZERO, Duration.ofMillis(Verdict.FRAME_MILLIS), Schedulers.parallel())
        .take(frames)
        .onBackpressureBuffer(frames)
        .map(frame -> TalkingFrame.of(number, frame.intValue(), System.nanoTime()))
        .doOnNext(_ -> sent.incrementAndGet());
  }
}
