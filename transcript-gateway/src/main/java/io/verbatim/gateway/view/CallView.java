package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.record.numbers.PhoneNumber;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call in lists and `call` events.
///
/// @param from the caller's number; only its last four digits for viewers without the scope `ops`,
///   and for archived calls
/// @param recognizer the recogniser's name, such as `nova-3` or `simulated`; null before the first
///   session
/// @param recognizerState `connected`, `reconnecting` or `unavailable`; null before the first
///   session
public record CallView(
    String callId,
    String tenant,
    String state,
    String source,
    Instant startedAt,
    Instant lastActivityAt,
    long durationMs,
    @Nullable String language,
    int sampleRate,
    @Nullable String from,
    @Nullable String to,
    @Nullable String recognizer,
    @Nullable String recognizerState,
    long finals,
    long gapMs,
    boolean complete) {

  /// The view of a call for one viewer.
  ///
  /// @param fullNumbers whether the viewer may see full phone numbers
  public static CallView of(CallRecord call, boolean fullNumbers) {
    CallStart start = call.start();
    Optional<RecognizerStatus> recognizer = Optional.ofNullable(call.recognizer());
    return new CallView(
        start.call().value(),
        start.tenant(),
        call.state().wireName(),
        start.source().wireName(),
        start.started(),
        call.lastActivity(),
        call.receivedMs(),
        start.language(),
        start.format().sampleRateHz(),
        fullNumbers ? start.from() : PhoneNumber.masked(start.from()),
        fullNumbers ? start.to() : PhoneNumber.masked(start.to()),
        recognizer.map(RecognizerStatus::recognizer).filter(name -> !name.isEmpty()).orElse(null),
        recognizer.map(status -> status.state().wireName()).orElse(null),
        call.finals(),
        call.gapMs(),
        call.complete());
  }

  @JsonIgnore
  public boolean isLive() {
    return state.equals(CallRecord.State.LIVE.wireName());
  }
}
