package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Something to be written that stands.
sealed interface TranscriptWrite {

  /// Makes the write; making it again does no harm.
  CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant);

  /// Where `covered` stands once it is written.
  long to();

  /// Whether it takes this one channel on from this position.
  default boolean isStep(int channel, long position) {
    return false;
  }

  /// The one channel it is about, if it is about one.
  Optional<Integer> channel();

  /// Counts it, once it is written, and the audio it took the lowest `covered` over.
  ///
  /// @param from where the lowest `covered` stood before
  /// @param to where it stands now; the same where another channel lags behind
  void count(AsrMetrics metrics, AudioFormat format, long from, long to);

  /// What lies between two positions, in whole milliseconds of the call's own time.
  private static Duration between(AudioFormat format, long from, long to) {
    return Duration.ofMillis(format.toMillis(to) - format.toMillis(from));
  }

  record Final(Coverage coverage, Speech speech) implements TranscriptWrite {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.append(grant.call(), grant.owner(), coverage, speech);
    }

    @Override
    public long to() {
      return coverage.to();
    }

    @Override
    public boolean isStep(int channel, long position) {
      return coverage.channel() == channel && coverage.from() == position;
    }

    @Override
    public Optional<Integer> channel() {
      return Optional.of(coverage.channel());
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long from, long to) {
      metrics.finalWritten(Duration.ofMillis(speech.latencyMs()));
      Duration length = between(format, from, to);
      if (speech.unconfirmed()) {
        metrics.unconfirmed(length);
      } else {
        metrics.transcribed(length);
      }
    }
  }

  record Silence(Coverage coverage) implements TranscriptWrite {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.cover(grant.call(), grant.owner(), coverage);
    }

    @Override
    public long to() {
      return coverage.to();
    }

    @Override
    public boolean isStep(int channel, long position) {
      return coverage.channel() == channel && coverage.from() == position;
    }

    @Override
    public Optional<Integer> channel() {
      return Optional.of(coverage.channel());
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long from, long to) {
      metrics.transcribed(between(format, from, to));
    }
  }

  record Gap(long from, long to, String reason) implements TranscriptWrite {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.appendGap(grant.call(), grant.owner(), from, to, reason);
    }

    @Override
    public Optional<Integer> channel() {
      return Optional.empty();
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long before, long after) {
      metrics.gapWritten(reason, between(format, before, after));
    }
  }

  /// The last one.
  ///
  /// @param rest what is said of audio left without a final
  record End(List<Long> covered, long to, String reason, UncoveredTail rest)
      implements TranscriptWrite {
    public End {
      covered = List.copyOf(covered);
    }

    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.end(grant.call(), grant.owner(), covered, to, reason, rest);
    }

    /// The one step that may follow words of several channels; told apart where there is one.
    @Override
    public boolean isStep(int channel, long position) {
      return channel >= 0 && channel < covered.size() && covered.get(channel) == position;
    }

    @Override
    public Optional<Integer> channel() {
      return Optional.empty();
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long from, long last) {
      long heard = rest.unconfirmed().isEmpty() ? from : Math.clamp(rest.heardTo(), from, last);
      if (heard > from) {
        metrics.unconfirmed(between(format, from, heard));
      }
      if (last > heard) {
        metrics.gapWritten(rest.reason(), between(format, heard, last));
      }
    }
  }
}
