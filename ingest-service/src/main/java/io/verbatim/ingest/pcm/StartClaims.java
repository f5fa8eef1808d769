package io.verbatim.ingest.pcm;

import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.Optional;

/// Checks a start against the caller's token, and describes a call the log refuses.
final class StartClaims {
  private StartClaims() {}

  /// The start's field that contradicts the caller's token, if any.
  static Optional<Problem> mismatch(TokenHolder caller, Start start) {
    if (contradicts(caller.interactionId(), start.call().value())) {
      return Optional.of(
          new Problem(
              "claim_interaction_id",
              "interaction_id differs from the token's claim. Send the same value."));
    }
    if (contradicts(caller.tenantId(), start.tenant())) {
      return Optional.of(
          new Problem(
              "claim_tenant_id", "tenant_id differs from the token's claim. Send the same value."));
    }
    return Optional.empty();
  }

  private static boolean contradicts(Optional<String> claim, String stated) {
    return claim.isPresent() && !claim.get().equals(stated);
  }

  /// Why the log refused to open the call.
  static Problem refusal(Reason reason) {
    return switch (reason) {
      case EXISTS ->
          new Problem(
              "already_live",
              "A call with this interaction_id is live. To resume it, send resume_from with the number"
                  + " of the first frame without an ack.");
      case ENDED ->
          new Problem(
              "already_ended",
              "The call with this interaction_id has ended. Use another interaction_id.");
      case OTHER_TENANT ->
          new Problem("other_tenant", "Another tenant uses this interaction_id. Use another one.");
      case OTHER_FORMAT ->
          new Problem(
              "other_format",
              "The call has another encoding, sample_rate or channels. Resume it with the same values.");
    };
  }
}
