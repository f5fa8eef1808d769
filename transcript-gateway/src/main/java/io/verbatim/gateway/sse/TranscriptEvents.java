package io.verbatim.gateway.sse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.verbatim.gateway.view.CallView;
import io.verbatim.gateway.view.EntryView;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import org.jspecify.annotations.Nullable;

/// Creates the events of the live transcript. Their names and fields are a contract with clients.
public final class TranscriptEvents {

  /// Prefix of the id of an `evicted` event. A client that sends such an id gets 204.
  public static final String EVICTED_PREFIX = "evicted:";

  /// Between the id of the last entry and that of the last translated final, in the id of a stream
  /// with translations.
  public static final char TRANSLATED = '~';

  private TranscriptEvents() {}

  private record CallOnly(String callId) {}

  private record Eviction(String reason, String code) {}

  private record CallReason(String callId, String reason) {}

  private record BusStatus(String recognizer, String reason) {}

  private record Gone(String callId, String state) {}

  private record NoData() {}

  /// @param id of the final
  /// @param seq of the final
  private record Translation(
      String callId,
      @JsonProperty("final") String id,
      long seq,
      String language,
      @Nullable String text,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {}

  private record TranslationStatus(String callId, String language, String state, String reason) {}

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

  /// The status of all calls: the log is unavailable, or available again.
  public static SseEvent status(RecognizerStatus.State state, String reason) {
    return SseEncoder.event("status", new BusStatus(state.wireName(), reason));
  }

  /// The history of this call is complete. Live events follow.
  public static SseEvent caughtUp(CallId call) {
    return SseEncoder.event("caught-up", new CallOnly(call.value()));
  }

  /// The list of calls is complete. Changes follow.
  public static SseEvent listCaughtUp() {
    return SseEncoder.event("caught-up", new NoData());
  }

  public static SseEvent resync(CallId call, String reason) {
    return SseEncoder.event("resync", new CallReason(call.value(), reason));
  }

  /// The translation of a final.
  ///
  /// @param id of the final
  /// @param seq of the final
  public static SseEvent translation(
      CallId call, String id, long seq, String language, String text) {
    return SseEncoder.event(
        "translation", new Translation(call.value(), id, seq, language, text, null));
  }

  /// A final that has no translation.
  ///
  /// @param reason for people
  public static SseEvent noTranslation(
      CallId call, String id, long seq, String language, String reason) {
    return SseEncoder.event(
        "translation", new Translation(call.value(), id, seq, language, null, reason));
  }

  /// The state of the translator: `available`, or `unavailable` with the reason.
  public static SseEvent translationStatus(
      CallId call, String language, String state, String reason) {
    return SseEncoder.event(
        "translation-status", new TranslationStatus(call.value(), language, state, reason));
  }

  /// The last event of a stream that the gateway ends.
  ///
  /// @param lastEntry the id of the last entry sent, from which the client can resume
  /// @param code the reason for programs
  /// @param reason the reason for people
  public static SseEvent evicted(String lastEntry, String code, String reason) {
    return SseEncoder.event("evicted", EVICTED_PREFIX + lastEntry, new Eviction(reason, code));
  }

  /// A call began or changed.
  public static SseEvent call(CallView call) {
    return SseEncoder.event("call", call);
  }

  /// A call was erased on request. No event of its transcript follows.
  public static SseEvent erased(CallId call) {
    return SseEncoder.event("erased", new CallOnly(call.value()));
  }

  /// A call's transcript has expired.
  public static SseEvent callGone(CallId call) {
    return SseEncoder.event("call", new Gone(call.value(), "gone"));
  }
}
