package io.verbatim.asr.call;

import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Follows one call like a subscriber: records every entry, and every state of its recogniser that
/// lasts long enough to be read.
final class CallSubscriber implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CallId call;
  private final TranscriptReader reader;
  private final List<TranscriptEntry> entries = new ArrayList<>();
  private final List<String> statuses = new ArrayList<>();
  private String interim = "";
  private boolean closed;

  CallSubscriber(Bus bus, CallId call) {
    this.call = call;
    this.reader = bus.transcripts().follow(call, TranscriptLog.START);
    pull();
  }

  private void pull() {
    reader.next().whenComplete((change, error) -> received(change));
  }

  private void received(@Nullable TranscriptChange change) {
    synchronized (this) {
      if (change != null) {
        entries.addAll(change.entries());
        change.liveState().recognizer().map(CallSubscriber::text).ifPresent(this::addStatus);
        interim =
            change.liveState().interims().stream().map(Speech::text).collect(Collectors.joining());
      }
      if (closed) {
        return;
      }
    }
    pull();
  }

  private void addStatus(String status) {
    if (statuses.isEmpty() || !statuses.getLast().equals(status)) {
      statuses.add(status);
    }
  }

  private static String text(RecognizerStatus status) {
    String state = status.state().wireName();
    return status.reason().isEmpty() ? state : state + ": " + status.reason();
  }

  CallId call() {
    return call;
  }

  /// `state` or `state: reason`, in order.
  synchronized List<String> statuses() {
    return List.copyOf(statuses);
  }

  /// The current interim.
  synchronized String interim() {
    return interim;
  }

  synchronized List<Speech> finals() {
    return entries.stream()
        .filter(TranscriptEntry.Final.class::isInstance)
        .map(entry -> ((TranscriptEntry.Final) entry).speech())
        .toList();
  }

  String words() {
    return finals().stream().map(Speech::text).collect(Collectors.joining(" "));
  }

  /// `from-to reason`, in milliseconds.
  synchronized List<String> gaps() {
    return entries.stream()
        .filter(TranscriptEntry.Gap.class::isInstance)
        .map(TranscriptEntry.Gap.class::cast)
        .map(gap -> gap.startMs() + "-" + gap.endMs() + " " + gap.reason())
        .toList();
  }

  TranscriptEntry.Ended awaitEnd() {
    await().atMost(TIMEOUT).until(this::hasEnded);
    return end();
  }

  private synchronized boolean hasEnded() {
    return !entries.isEmpty() && entries.getLast() instanceof TranscriptEntry.Ended;
  }

  private synchronized TranscriptEntry.Ended end() {
    return (TranscriptEntry.Ended) entries.getLast();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    reader.close();
  }
}
