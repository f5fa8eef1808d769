package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one call's transcript: what stands in order and until it is written, what is replaceable
/// only as it is now. One write at a time is under way.
///
/// A write whose outcome is unknown is made again; the log tells if it was made before.
final class TranscriptWriter {
  private static final Logger logger = LoggerFactory.getLogger(TranscriptWriter.class);

  /// More writes than this are not kept waiting.
  static final int MOST_WAITING = 512;

  private static final Duration RETRY = Duration.ofMillis(250);

  /// What becomes of the writes, told on the loop.
  interface Listener {
    /// Something was written.
    void written();

    /// The log stands elsewhere than believed; everything waiting was forgotten.
    ///
    /// @param channel the channel it is about, or [#EVERY_CHANNEL] at least those below
    void moved(int channel, long covered);

    /// Too much waits; everything waiting was forgotten.
    void overflowed();

    /// The end stands.
    void ended();

    /// Nothing can be written any more.
    void refused(Refusal why);
  }

  static final int EVERY_CHANNEL = -1;

  private final TranscriptLog log;
  private final Grant grant;
  private final CallLoop loop;
  private final AsrMetrics metrics;
  private final Listener listener;
  private final Deque<TranscriptWrite> waiting = new ArrayDeque<>();
  private final RecentWrites recent = new RecentWrites();
  private final NavigableMap<Integer, Speech> interims = new TreeMap<>();
  private final long[] confirmed;
  private long sentBytes;
  private @Nullable RecognizerStatus status;
  private @Nullable RecognizerStatus lastStatus;
  private boolean underWay;
  private boolean closed;

  TranscriptWriter(
      TranscriptLog log, Grant grant, CallLoop loop, AsrMetrics metrics, Listener listener) {
    this.log = log;
    this.grant = grant;
    this.loop = loop;
    this.metrics = metrics;
    this.listener = listener;
    this.confirmed = grant.covered().stream().mapToLong(Long::longValue).toArray();
  }

  /// Writes something that stands.
  void write(TranscriptWrite write) {
    if (waiting.size() >= MOST_WAITING) {
      forgetWaiting();
      listener.overflowed();
      return;
    }
    waiting.add(write);
    write.channel().ifPresent(interims::remove);
    pump();
  }

  void show(Speech interim) {
    interims.put(interim.channel(), interim);
    pump();
  }

  void tell(RecognizerStatus newStatus) {
    if (!newStatus.equals(lastStatus)) {
      lastStatus = newStatus;
      status = newStatus;
      pump();
    }
  }

  /// More audio has left for a recogniser; the log learns of it with what is written next.
  void sent(long bytes) {
    sentBytes += bytes;
  }

  /// Whether everything that stands has been written.
  boolean isIdle() {
    return waiting.isEmpty() && !underWay;
  }

  /// How far the log said the channel's words stand.
  long confirmed(int channel) {
    return confirmed[channel];
  }

  /// Writes nothing more.
  void close() {
    closed = true;
    forgetWaiting();
  }

  private void forgetWaiting() {
    waiting.clear();
    interims.clear();
  }

  private void pump() {
    if (underWay || closed) {
      return;
    }
    TranscriptWrite next = waiting.peek();
    RecognizerStatus told = status;
    if (next != null) {
      noteSent();
      under(next.perform(log, grant), outcome -> done(next, outcome), () -> {});
    } else if (told != null) {
      status = null;
      under(
          log.setRecognizer(grant.call(), grant.owner(), told),
          this::doneShowing,
          () -> status = status == null ? told : status);
    } else if (!interims.isEmpty()) {
      Speech interim = interims.pollFirstEntry().getValue();
      metrics.interimWritten();
      under(log.setInterim(grant.call(), grant.owner(), interim), this::doneShowing, () -> {});
    }
  }

  /// Goes just ahead of what stands, and again with the next that does: its own outcome is no
  /// matter.
  private void noteSent() {
    if (sentBytes > 0) {
      log.noteSent(grant.call(), grant.owner(), sentBytes);
    }
  }

  private interface Answer {
    void to(WriteResult<Long> outcome);
  }

  private void under(CompletionStage<WriteResult<Long>> asked, Answer answer, Runnable onFailure) {
    underWay = true;
    asked.whenComplete((outcome, error) ->
        loop.execute(() -> {
          if (closed) {
            return;
          }
          if (error == null && outcome != null) {
            underWay = false;
            answer.to(outcome);
            pump();
          } else {
            onFailure.run();
            loop.after(
                RETRY,
                () -> {
                  underWay = false;
                  pump();
                });
          }
        }));
  }

  private void doneShowing(WriteResult<Long> outcome) {
    switch (outcome) {
      case WriteResult.Written(_), WriteResult.Moved(_) -> listener.written();
      case WriteResult.Fenced() -> refused(Refusal.FENCED);
      case WriteResult.Gone() -> refused(Refusal.GONE);
      case WriteResult.Ended() -> refused(Refusal.ENDED);
    }
  }

  private void done(TranscriptWrite write, WriteResult<Long> outcome) {
    switch (outcome) {
      case WriteResult.Written(Long covered) -> stands(write, covered);
      case WriteResult.Moved(Long covered) -> {
        if (covered == write.to()) {
          stands(write, covered);
        } else if (!writesAgain(write, covered)) {
          forgetWaiting();
          recent.forget();
          listener.moved(write.channel().orElse(EVERY_CHANNEL), covered);
        }
      }
      case WriteResult.Fenced() -> refused(Refusal.FENCED);
      case WriteResult.Gone() -> refused(Refusal.GONE);
      case WriteResult.Ended() -> {
        if (write instanceof TranscriptWrite.End) {
          stands(write, write.to());
        } else {
          refused(Refusal.ENDED);
        }
      }
    }
  }

  /// The log stands where it did before some of our own writes: it has lost them, and gets them
  /// again before the one it refused. Answers whether we remember them.
  private boolean writesAgain(TranscriptWrite refused, long covered) {
    List<TranscriptWrite> lost =
        recent.between(refused.channel().orElse(onlyChannel()), covered, refused);
    if (lost.isEmpty()) {
      return false;
    }
    logger.warn(
        "transcript.rewritten callId={} covered={} writes={}", grant.call(), covered, lost.size());
    metrics.rewritten(lost.size());
    lost.reversed().forEach(waiting::addFirst);
    return true;
  }

  /// Where there is one, a write about the whole call is about that.
  private int onlyChannel() {
    return confirmed.length == 1 ? 0 : EVERY_CHANNEL;
  }

  private void stands(TranscriptWrite write, long covered) {
    waiting.remove(write);
    recent.add(write);
    long before = lowestConfirmed();
    for (int channel = 0; channel < confirmed.length; channel++) {
      if (write.channel().orElse(channel) == channel) {
        confirmed[channel] = Math.max(confirmed[channel], covered);
      }
    }
    write.count(metrics, grant.start().format(), before, lowestConfirmed());
    if (write instanceof TranscriptWrite.End) {
      close();
      listener.ended();
    } else {
      listener.written();
    }
  }

  private long lowestConfirmed() {
    return Arrays.stream(confirmed).min().orElseThrow();
  }

  private void refused(Refusal why) {
    close();
    listener.refused(why);
  }
}
