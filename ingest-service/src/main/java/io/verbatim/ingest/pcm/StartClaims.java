package io.verbatim.ingest.pcm;

import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.Optional;

/// Which calls a caller may start, and what one is told that it may not.
final class StartClaims {
  private StartClaims() {}

  /// What in the start contradicts the caller's token.
  static Optional<PcmProblem> mismatch(TokenHolder caller, Start start) {
    if (contradicts(caller.interactionId(), start.call().value())) {
      return Optional.of(
          new PcmProblem(
              "claim_interaction_id", "interaction_id is not the one the token is made out for"));
    }
    if (contradicts(caller.tenantId(), start.tenant())) {
      return Optional.of(
          new PcmProblem("claim_tenant_id", "tenant_id is not the one the token is made out for"));
    }
    return Optional.empty();
  }

  private static boolean contradicts(Optional<String> claim, String stated) {
    return claim.isPresent() && !claim.get().equals(stated);
  }

  /// Why the log would not open the call.
  static PcmProblem refusal(Reason reason) {
    return switch (reason) {
      case EXISTS ->
          new PcmProblem(
              "already_live",
              "a call with this interaction_id is live: to go on with it, send resume_from with the"
                  + " number of the first frame without an ack");
      case ENDED ->
          new PcmProblem(
              "already_ended", "the call with this interaction_id has ended: use another");
      case OTHER_TENANT ->
          new PcmProblem("other_tenant", "interaction_id is in use by another tenant: use another");
      case OTHER_FORMAT ->
          new PcmProblem(
              "other_format",
              "the call was started with another encoding, sample_rate or channels: resume with the"
                  + " same");
    };
  }
}
