package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.CoveredSpeech;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The live state of one call, encoded: the newest interim of each channel and the recogniser's
/// state.
///
/// Every change gets the next version. A subscriber remembers one version, so it is sent the newest
/// of each, and nothing twice.
final class LiveStateEvents {

  private record Interim(Speech speech, SseEvent event, long version) {}

  private static final RecognizerStatus NO_RECOGNIZER =
      new RecognizerStatus(
          RecognizerStatus.State.RECONNECTING, "", "no recogniser is connected yet");

  private final CallId call;
  private final GatewayMetrics metrics;
  private final Map<Integer, Interim> interims = new TreeMap<>();
  private final CoveredSpeech covered = new CoveredSpeech();
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

  /// Passes on what changed after a version, the recogniser's state first.
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

  /// Gives the recogniser's state a new version, after all subscribers were notified that it is
  /// unknown.
  void repeatStatus() {
    status(Optional.ofNullable(status).orElse(NO_RECOGNIZER));
  }

  /// Removes the interims that an entry covers.
  void covered(TranscriptEntry entry) {
    covered.add(entry);
    interims.values().removeIf(interim -> covered.contains(interim.speech));
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
    if (covered.contains(speech)) {
      metrics.staleInterim();
      return;
    }
    interims.put(speech.channel(), encoded(speech));
  }

  /// Replaces an interim that disappeared without a final by one without words.
  private Interim cleared(Interim shown) {
    return shown.speech.text().isEmpty() ? shown : encoded(shown.speech.withoutWords());
  }

  private Interim encoded(Speech speech) {
    metrics.encoded(1);
    return new Interim(speech, TranscriptEvents.interim(call, speech), ++version);
  }

  private static boolean isIn(LiveState state, int channel) {
    return state.interims().stream().anyMatch(speech -> speech.channel() == channel);
  }
}
