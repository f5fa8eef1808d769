package io.verbatim.gateway.sse;

import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.EntryView;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;

/// The events of the live transcript, by the names that other systems know.
public final class TranscriptEvents {

  /// Begins the id of an `evicted` event; a client that sends such an id is not served again.
  public static final String EVICTED_PREFIX = "evicted:";

  private TranscriptEvents() {}

  private record About(String callId) {}

  private record Eviction(String reason, String code) {}

  private record CallReason(String callId, String reason) {}

  private record AnyStatus(String recognizer, String reason) {}

  private record Gone(String callId, String state) {}

  private record Nothing() {}

  /// `final`, `gap` or `ended`, each with the entry's id.
  public static SseEvent entry(CallId call, TranscriptEntry entry) {
    String name =
        switch (entry) {
          case TranscriptEntry.Final _ -> "final";
          case TranscriptEntry.Gap _ -> "gap";
          case TranscriptEntry.Ended _ -> "ended";
        };
    return SseEncoder.event(name, entry.cursor(), EntryView.of(call, entry));
  }

  public static SseEvent interim(CallId call, Speech speech) {
    return SseEncoder.event("interim", EntryView.interim(call, speech));
  }

  public static SseEvent status(CallId call, RecognizerStatus status) {
    return SseEncoder.event("status", EntryView.status(call, status));
  }

  /// The status of all calls at once: the log cannot be reached, or can be reached again.
  public static SseEvent status(RecognizerStatus.State state, String reason) {
    return SseEncoder.event("status", new AnyStatus(state.wireName(), reason));
  }

  /// History of this call ends here, what follows is live.
  public static SseEvent caughtUp(CallId call) {
    return SseEncoder.event("caught-up", new About(call.value()));
  }

  /// The list of calls is complete, what follows are changes.
  public static SseEvent listCaughtUp() {
    return SseEncoder.event("caught-up", new Nothing());
  }

  public static SseEvent resync(CallId call, String reason) {
    return SseEncoder.event("resync", new CallReason(call.value(), reason));
  }

  /// The last event of a stream that the gateway ends.
  ///
  /// @param lastEntry the id of the last entry sent, from which a person can resume
  /// @param code the cause, for programs
  /// @param reason the cause, for people
  public static SseEvent evicted(String lastEntry, String code, String reason) {
    return SseEncoder.event("evicted", EVICTED_PREFIX + lastEntry, new Eviction(reason, code));
  }

  /// A call began or changed.
  public static SseEvent call(CallView call) {
    return SseEncoder.event("call", call);
  }

  /// A call's transcript has expired.
  public static SseEvent callGone(CallId call) {
    return SseEncoder.event("call", new Gone(call.value(), "gone"));
  }
}
