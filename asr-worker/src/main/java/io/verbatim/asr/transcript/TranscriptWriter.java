package io.verbatim.asr.transcript;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.transcript.TranscriptWrite.Durable;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one call's transcript: durable writes in order, each repeated until it succeeds;
/// replaceable writes only in their newest form. One write is in flight at a time. Confined to the
/// event loop.
///
/// A write with an unknown outcome is repeated; the log detects a repetition.
final class TranscriptWriter {
  private static final Logger logger = LoggerFactory.getLogger(TranscriptWriter.class);

  /// Limit of queued durable writes.
  static final int MAX_WAITING = 512;

  static final int EVERY_CHANNEL = -1;

  private static final Duration RETRY = Duration.ofMillis(250);

  /// The outcome of writes. Never called from within [#write].
  interface Listener {
    /// A write succeeded.
    void written();

    /// The log's `covered` differs from the writer's; all queued writes were discarded.
    ///
    /// @param channel the channel concerned, or [#EVERY_CHANNEL]
    void moved(int channel, long covered);

    /// Too many writes were queued; all of them were discarded.
    void overflowed();

    /// The transcript has ended.
    void ended();

    /// The log refuses further writes of this owner.
    ///
    /// @param result fenced, gone or ended
    void refused(WriteResult<Long> result);
  }

  private final TranscriptLog log;
  private final Grant grant;
  private final EventLoop loop;
  private final AsrMetrics metrics;
  private final Listener listener;
  private final Deque<Durable> waiting = new ArrayDeque<>();
  private final RecentWrites recent = new RecentWrites();
  private final NavigableMap<Integer, TranscriptWrite.Interim> interims = new TreeMap<>();
  private final long[] confirmed;
  private long sentBytes;
  private TranscriptWrite.@Nullable Status status;
  private TranscriptWrite.@Nullable Status lastStatus;
  private boolean inFlight;
  private boolean closed;

  TranscriptWriter(
      TranscriptLog log, Grant grant, EventLoop loop, AsrMetrics metrics, Listener listener) {
    this.log = log;
    this.grant = grant;
    this.loop = loop;
    this.metrics = metrics;
    this.listener = listener;
    this.confirmed = grant.covered().stream().mapToLong(Long::longValue).toArray();
  }

  void write(TranscriptWrite write) {
    switch (write) {
      case TranscriptWrite.Interim interim -> interims.put(interim.speech().channel(), interim);
      case TranscriptWrite.Status changed -> {
        if (!changed.equals(lastStatus)) {
          lastStatus = changed;
          status = changed;
        }
      }
      case Durable durable -> enqueue(durable);
    }
    pump();
  }

  private void enqueue(Durable write) {
    if (waiting.size() >= MAX_WAITING) {
      discardWaiting();
      loop.execute(listener::overflowed);
    } else {
      waiting.add(write);
      write.channel().ifPresent(interims::remove);
    }
  }

  /// More audio was sent to a recogniser; recorded in the log with the next durable write.
  void sent(long bytes) {
    sentBytes += bytes;
  }

  /// Whether all durable writes have succeeded.
  boolean isIdle() {
    return waiting.isEmpty() && !inFlight;
  }

  /// The channel's `covered` as the log last confirmed it.
  long confirmed(int channel) {
    return confirmed[channel];
  }

  /// Stops all writes.
  void close() {
    closed = true;
    discardWaiting();
  }

  private void discardWaiting() {
    waiting.clear();
    interims.clear();
  }

  private void pump() {
    if (inFlight || closed) {
      return;
    }
    Durable durable = waiting.peek();
    if (durable != null) {
      recordSent();
      request(durable);
    } else if (status != null) {
      TranscriptWrite.Status next = status;
      status = null;
      request(next);
    } else if (!interims.isEmpty()) {
      metrics.interimWritten();
      request(interims.pollFirstEntry().getValue());
    }
  }

  /// Precedes each durable write. The outcome is ignored, because the next durable write repeats
  /// it.
  private void recordSent() {
    if (sentBytes > 0) {
      log.recordSent(grant.call(), grant.owner(), sentBytes);
    }
  }

  private void request(TranscriptWrite write) {
    inFlight = true;
    write.perform(log, grant).whenComplete((result, _) -> answered(write, result));
  }

  /// @param result null if the request failed
  private void answered(TranscriptWrite write, @Nullable WriteResult<Long> result) {
    if (closed) {
      return;
    }
    if (result == null) {
      if (write instanceof TranscriptWrite.Status unwritten && status == null) {
        status = unwritten;
      }
      loop.after(RETRY, this::retry);
      return;
    }
    inFlight = false;
    switch (write) {
      case Durable durable -> answered(durable, result);
      case TranscriptWrite.Interim _, TranscriptWrite.Status _ -> {
        switch (result) {
          case WriteResult.Written<Long> _, WriteResult.Moved<Long> _ -> listener.written();
          case WriteResult.Fenced<Long> _, WriteResult.Gone<Long> _, WriteResult.Ended<Long> _ ->
              refused(result);
        }
      }
    }
    pump();
  }

  private void retry() {
    inFlight = false;
    pump();
  }

  private void answered(Durable write, WriteResult<Long> result) {
    switch (result) {
      case WriteResult.Written<Long>(Long covered) -> succeeded(write, covered);
      case WriteResult.Moved<Long>(Long covered) -> {
        if (covered == write.to()) {
          succeeded(write, covered);
        } else if (!requeueLost(write, covered)) {
          discardWaiting();
          recent.clear();
          listener.moved(write.channel().orElse(EVERY_CHANNEL), covered);
        }
      }
      case WriteResult.Fenced<Long> _, WriteResult.Gone<Long> _ -> refused(result);
      case WriteResult.Ended<Long> _ -> {
        if (write instanceof TranscriptWrite.End) {
          succeeded(write, write.to());
        } else {
          refused(result);
        }
      }
    }
  }

  /// The log has lost some of this writer's last writes: queues them again before the refused one.
  /// Returns whether all of them are still kept.
  private boolean requeueLost(Durable refused, long covered) {
    int onlyChannel = confirmed.length == 1 ? 0 : EVERY_CHANNEL;
    List<Durable> lost = recent.between(refused.channel().orElse(onlyChannel), covered, refused);
    if (lost.isEmpty()) {
      return false;
    }
    logger.warn(
        "transcript.rewritten callId={} covered={} writes={}", grant.call(), covered, lost.size());
    metrics.rewritten(lost.size());
    lost.reversed().forEach(waiting::addFirst);
    return true;
  }

  private void succeeded(Durable write, long covered) {
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

  private void refused(WriteResult<Long> result) {
    close();
    listener.refused(result);
  }
}
