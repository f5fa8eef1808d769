package io.verbatim.gateway.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.RecognizerStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One call as lists and `call` events show it.
///
/// @param from the caller's number; only its last four digits for whoever does not operate the
///   system
/// @param recognizer who listens, such as `nova-3` or `simulated`; null before the first session
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

  private static final int DIGITS_SHOWN = 4;

  /// The call as one reader may see it.
  ///
  /// @param fullNumbers whether the reader may see whole phone numbers
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
        fullNumbers ? start.from() : masked(start.from()),
        fullNumbers ? start.to() : masked(start.to()),
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

  /// Shows the last four digits, and hides a number so short that four would be most of it.
  private static @Nullable String masked(@Nullable String number) {
    if (number == null) {
      return null;
    }
    String strip = number.strip();
    return strip.length() < 2 * DIGITS_SHOWN
        ? "…"
        : "…" + strip.substring(strip.length() - DIGITS_SHOWN);
  }
}
