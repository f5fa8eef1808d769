package io.verbatim.asr.transcript;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// One write to a call's transcript: produced by the assembler, ordered by the writer, stored by
/// the log.
public sealed interface TranscriptWrite {

  /// Makes the write; a repetition is harmless.
  CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant);

  /// The words of a segment so far, replaced by the next interim of the channel.
  record Interim(Speech speech) implements TranscriptWrite {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.setInterim(grant.call(), grant.owner(), speech);
    }
  }

  /// The recogniser's state, replaced by the next one.
  record Status(RecognizerStatus status) implements TranscriptWrite {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.setRecognizer(grant.call(), grant.owner(), status);
    }
  }

  /// A write that is never replaced: made in order and repeated until it succeeds.
  sealed interface Durable extends TranscriptWrite {

    /// The `covered` after the write.
    long to();

    /// Whether the write advances this channel's `covered` from this position.
    default boolean continuesFrom(int channel, long position) {
      return false;
    }

    /// The one channel the write concerns; empty if it concerns all.
    default Optional<Integer> channel() {
      return Optional.empty();
    }

    /// Counts the write once it is made, and the audio by which it moved the lowest `covered`.
    ///
    /// @param from the lowest `covered` before
    /// @param to the lowest `covered` after; the same if another channel is behind
    void count(AsrMetrics metrics, AudioFormat format, long from, long to);
  }

  /// A write that moves one channel's `covered`.
  sealed interface Step extends Durable {
    Coverage coverage();

    @Override
    default long to() {
      return coverage().to();
    }

    @Override
    default boolean continuesFrom(int channel, long position) {
      return coverage().channel() == channel && coverage().from() == position;
    }

    @Override
    default Optional<Integer> channel() {
      return Optional.of(coverage().channel());
    }
  }

  /// Words that no longer change, and the audio they cover.
  record Final(Coverage coverage, Speech speech) implements Step {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.append(grant.call(), grant.owner(), coverage, speech);
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

  /// Audio without words.
  record Silence(Coverage coverage) implements Step {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.cover(grant.call(), grant.owner(), coverage);
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long from, long to) {
      metrics.transcribed(between(format, from, to));
    }
  }

  /// Audio that will not be transcribed, on every channel.
  record Gap(long from, long to, String reason) implements Durable {
    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.appendGap(grant.call(), grant.owner(), from, to, reason);
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long before, long after) {
      metrics.gapWritten(reason, between(format, before, after));
    }
  }

  /// The last write.
  ///
  /// @param covered per channel, the end of its finals as the owner knows it
  /// @param tail how audio without a final is recorded
  record End(List<Long> covered, long to, String reason, UncoveredTail tail) implements Durable {
    public End {
      covered = List.copyOf(covered);
    }

    @Override
    public CompletionStage<WriteResult<Long>> perform(TranscriptLog log, Grant grant) {
      return log.end(grant.call(), grant.owner(), covered, to, reason, tail);
    }

    /// An end may follow the finals of several channels; it has the end of each of them.
    @Override
    public boolean continuesFrom(int channel, long position) {
      return channel >= 0 && channel < covered.size() && covered.get(channel) == position;
    }

    @Override
    public void count(AsrMetrics metrics, AudioFormat format, long from, long last) {
      long wordsEnd =
          tail.unconfirmed().isEmpty() ? from : Math.clamp(tail.unconfirmedTo(), from, last);
      if (wordsEnd > from) {
        metrics.unconfirmed(between(format, from, wordsEnd));
      }
      if (last > wordsEnd) {
        metrics.gapWritten(tail.reason(), between(format, wordsEnd, last));
      }
    }
  }

  /// The length between two positions, in whole milliseconds of the call's own time.
  private static Duration between(AudioFormat format, long from, long to) {
    return Duration.ofMillis(format.toMillis(to) - format.toMillis(from));
  }
}
