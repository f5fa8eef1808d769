package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is replaceable in one call, encoded: the newest interim of each channel and the
/// recogniser's state.
///
/// Every change gets the next version. A subscriber that remembers one number is therefore sent the
/// newest of each, and nothing twice.
final class LiveStateEvents {

  private record Interim(Speech speech, SseEvent event, long version) {}

  private static final RecognizerStatus NO_RECOGNIZER =
      new RecognizerStatus(RecognizerStatus.State.RECONNECTING, "", "no recogniser is at work yet");

  private final CallId call;
  private final GatewayMetrics metrics;
  private final Map<Integer, Interim> interims = new TreeMap<>();
  private final Map<Integer, Long> finalEnds = new HashMap<>();
  private long gapEnd;
  private @Nullable RecognizerStatus status;
  private @Nullable SseEvent statusEvent;
  private long statusVersion;
  private long version;

  LiveStateEvents(CallId call, GatewayMetrics metrics) {
    this.call = call;
    this.metrics = metrics;
  }

  long version() {
    return version;
  }

  /// What changed after a version, the recogniser's state first.
  void since(long seen, Consumer<SseEvent> out) {
    if (seen == version) {
      return;
    }
    if (statusEvent != null && statusVersion > seen) {
      out.accept(statusEvent);
    }
    for (Interim interim : interims.values()) {
      if (interim.version > seen) {
        out.accept(interim.event);
      }
    }
  }

  void update(LiveState state) {
    state.recognizer().ifPresent(this::update);
    interims.replaceAll((channel, shown) -> isIn(state, channel) ? shown : cleared(shown));
    state.interims().forEach(this::update);
  }

  /// Makes the recogniser's state new, after all subscribers were notified that it is unknown.
  void repeatStatus() {
    status(Optional.ofNullable(status).orElse(NO_RECOGNIZER));
  }

  /// An entry replaces the interims it covers.
  void covered(TranscriptEntry entry) {
    switch (entry) {
      case TranscriptEntry.Final(_, _, _, Speech speech) ->
          finalEnds.merge(speech.channel(), speech.endMs(), Math::max);
      case TranscriptEntry.Gap gap -> gapEnd = Math.max(gapEnd, gap.endMs());
      case TranscriptEntry.Ended _ -> gapEnd = Long.MAX_VALUE;
    }
    interims.values().removeIf(interim -> isCovered(interim.speech));
  }

  private void update(RecognizerStatus current) {
    if (!current.equals(status)) {
      status(current);
    }
  }

  private void status(RecognizerStatus current) {
    status = current.equals(NO_RECOGNIZER) ? null : current;
    statusEvent = TranscriptEvents.status(call, current);
    statusVersion = ++version;
    metrics.encoded(1);
  }

  private void update(Speech speech) {
    Interim shown = interims.get(speech.channel());
    if (shown != null && shown.speech.equals(speech)) {
      return;
    }
    if (isCovered(speech)) {
      metrics.staleInterim();
      return;
    }
    interims.put(speech.channel(), encoded(speech));
  }

  /// The log's live state may hold an interim that a final already covers: after a crash between
  /// two writes, or because it is read before the entries.
  private boolean isCovered(Speech speech) {
    return speech.startMs() < Math.max(gapEnd, finalEnds.getOrDefault(speech.channel(), 0L));
  }

  /// An interim that disappeared without a final is replaced by one without words.
  private Interim cleared(Interim shown) {
    Speech was = shown.speech;
    if (was.text().isEmpty()) {
      return shown;
    }
    Speech nothing =
        new Speech(
            was.segment(),
            was.startMs(),
            was.endMs(),
            "",
            0,
            was.speaker(),
            was.channel(),
            was.language(),
            List.of(),
            was.recognizer(),
            0,
            0,
            false);
    return encoded(nothing);
  }

  private Interim encoded(Speech speech) {
    metrics.encoded(1);
    return new Interim(speech, TranscriptEvents.interim(call, speech), ++version);
  }

  private static boolean isIn(LiveState state, int channel) {
    return state.interims().stream().anyMatch(speech -> speech.channel() == channel);
  }
}
