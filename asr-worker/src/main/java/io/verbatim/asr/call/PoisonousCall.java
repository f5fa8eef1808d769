package io.verbatim.asr.call;

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

/// A call that was taken again and again and never came a word further: it is laid aside, so that
/// it does not take one worker after the other with it.
final class PoisonousCall {
  private static final Logger log = LoggerFactory.getLogger(PoisonousCall.class);

  /// As many takings without progress are one too many.
  static final int MOST_TAKES = 5;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private PoisonousCall() {}

  static boolean is(Grant grant) {
    return grant.deliveryCount() >= MOST_TAKES;
  }

  /// Notes it among the dead letters and ends its transcript; then `done` is called on the loop.
  static void layAside(Grant grant, CallTools tools, Runnable done) {
    log.error("call.poisonous callId={} takes={}", grant.call(), grant.deliveryCount());
    tools
        .bus()
        .deadLetters()
        .add(
            "audio_stream",
            grant.call().value(),
            "taken " + grant.deliveryCount() + " times in vain")
        .thenCompose(noted -> tools.bus().calls().find(grant.call()))
        .thenCompose(found -> end(grant, tools, found.map(CallRecord::receivedBytes).orElse(0L)))
        .whenComplete((outcome, error) -> {
          if (error == null) {
            tools.loop().execute(done);
          } else {
            tools.loop().after(RETRY, () -> layAside(grant, tools, done));
          }
        });
  }

  private static CompletionStage<WriteResult<Long>> end(
      Grant grant, CallTools tools, long received) {
    TranscriptWrite end =
        new TranscriptWrite.End(
            List.of(),
            Math.max(received, grant.lowestCovered()),
            GapReason.POISONOUS,
            new UncoveredTail(grant.interims(), heardTo(grant), GapReason.POISONOUS, true));
    return end.perform(tools.bus().transcripts(), grant)
        .thenApply(outcome -> {
          if (outcome instanceof WriteResult.Written(Long last)) {
            end.count(tools.metrics(), grant.start().format(), grant.lowestCovered(), last);
          }
          return outcome;
        });
  }

  /// Below this every channel was heard, be it only by its last interim.
  private static long heardTo(Grant grant) {
    AudioFormat format = grant.start().format();
    return IntStream.range(0, format.channels())
        .mapToLong(channel ->
            grant.interims().stream()
                .filter(shown -> shown.channel() == channel)
                .mapToLong(shown -> format.toBytes(Duration.ofMillis(shown.endMs())))
                .reduce(grant.covered().get(channel), Math::max))
        .min()
        .orElse(0);
  }
}
