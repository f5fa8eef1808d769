package io.verbatim.asr.assignment;

import io.verbatim.asr.call.CallContext;
import io.verbatim.asr.transcript.TranscriptWrite;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves a call that was delivered repeatedly without progress to the dead letters, so that it does
/// not crash one worker after another.
final class PoisonCall {
  private static final Logger logger = LoggerFactory.getLogger(PoisonCall.class);

  /// Deliveries without progress at which a call is dead-lettered.
  static final int MAX_DELIVERIES = 5;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private PoisonCall() {}

  static boolean is(Grant grant) {
    return grant.deliveryCount() >= MAX_DELIVERIES;
  }

  /// Adds the call to the dead letters and ends its transcript; then calls `done` on the loop.
  static void deadLetter(Grant grant, CallContext context, Runnable done) {
    logger.error("call.poison callId={} deliveries={}", grant.call(), grant.deliveryCount());
    context
        .bus()
        .deadLetters()
        .add(
            "audio_stream",
            grant.call().value(),
            "delivered " + grant.deliveryCount() + " times without progress")
        .thenCompose(_ -> context.bus().calls().find(grant.call()))
        .thenCompose(found -> end(grant, context, found.map(CallRecord::receivedBytes).orElse(0L)))
        .whenComplete((_, error) -> {
          if (error == null) {
            done.run();
          } else {
            context.loop().after(RETRY, () -> deadLetter(grant, context, done));
          }
        });
  }

  private static CompletionStage<WriteResult<Long>> end(
      Grant grant, CallContext context, long received) {
    TranscriptWrite.End end =
        new TranscriptWrite.End(
            List.of(),
            Math.max(received, grant.lowestCovered()),
            GapReason.POISON_CALL,
            new UncoveredTail(grant.interims(), recognizedTo(grant), GapReason.POISON_CALL, true));
    return end.perform(context.bus().transcripts(), grant)
        .thenApply(result -> {
          if (result instanceof WriteResult.Written<Long>(Long last)) {
            end.count(context.metrics(), grant.start().format(), grant.lowestCovered(), last);
          }
          return result;
        });
  }

  /// The position up to which every channel has words, interims included.
  private static long recognizedTo(Grant grant) {
    AudioFormat format = grant.start().format();
    return IntStream.range(0, format.channels())
        .mapToLong(channel ->
            grant.interims().stream()
                .filter(interim -> interim.channel() == channel)
                .mapToLong(interim -> format.toBytes(Duration.ofMillis(interim.endMs())))
                .reduce(grant.covered().get(channel), Math::max))
        .min()
        .orElse(0);
  }
}
