package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.Speech;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Claims calls. One script per call stores a fresh owner token and returns the call's state.
final class CallClaims {

  /// The result of a claim.
  sealed interface ClaimResult {}

  /// The call is granted.
  record Granted(Grant grant) implements ClaimResult {}

  /// The call's hash names another announcement.
  record OtherEntry(String entry) implements ClaimResult {}

  /// The call has ended; its owner may have died before it updated the directory.
  record Ended() implements ClaimResult {}

  /// The deadline has passed: the entry may belong to another worker.
  record TooLate() implements ClaimResult {}

  /// The call has a newer format than this worker knows.
  record NewerFormat(String version) implements ClaimResult {}

  /// The call is unknown.
  record Unknown() implements ClaimResult {}

  /// The call's hash cannot be decoded.
  record Unreadable(String reason) implements ClaimResult {}

  private static final int TOKEN_BYTES = 16;

  private final RedisConnection redis;
  private final SecureRandom random = new SecureRandom();
  private @Nullable CallId lastBegun;

  CallClaims(RedisConnection redis) {
    this.redis = redis;
  }

  /// @param worker the name of the claiming worker
  /// @param deadline the server time until which the entry cannot belong to another worker
  /// @param force claims the call even if the hash names another announcement
  CompletionStage<ClaimResult> claim(
      CallId call, String entry, String worker, Deadline deadline, boolean force) {
    CallId previous = lastBegun;
    if (previous != null && !previous.equals(call)) {
      unmarkBegun(previous, worker);
    }
    lastBegun = call;
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String owner = HexFormat.of().formatHex(token);
    return redis
        .run(
            Script.CLAIM,
            new String[] {redis.keys().call(call), redis.keys().liveState(call)},
            Reply.bytes(owner),
            Reply.bytes(entry),
            Reply.bytes(force ? "1" : "0"),
            Reply.bytes(worker),
            Reply.bytes(deadline.serverMillis()),
            Reply.bytes(Format.VERSION))
        .thenApply(reply -> result(call, owner, reply));
  }

  /// From now on, the death of this worker is not counted as a failed delivery of the call.
  void unmarkBegun(CallId call, String worker) {
    redis.run(Script.UNMARK_BEGUN, new String[] {redis.keys().call(call)}, Reply.bytes(worker));
  }

  private static ClaimResult result(CallId call, String owner, Reply reply) {
    return switch (reply.word()) {
      case "claimed" -> {
        try {
          yield new Granted(grant(owner, new CallHash(call, reply.fields(1)), reply.fields(2)));
        } catch (IllegalArgumentException invalid) {
          yield new Unreadable(String.valueOf(invalid.getMessage()));
        }
      }
      case "other" -> new OtherEntry(reply.text(1));
      case "ended" -> new Ended();
      case "late" -> new TooLate();
      case "newer" -> new NewerFormat(reply.text(1));
      case "gone" -> new Unknown();
      default -> throw new IllegalStateException("claim.lua returned " + reply.word());
    };
  }

  private static Grant grant(String owner, CallHash hash, Map<String, String> liveState) {
    List<Long> covered = hash.coveredPerChannel();
    List<Speech> interims = new ArrayList<>(covered.size());
    for (int channel = 0; channel < covered.size(); channel++) {
      interim(liveState.get("interim:" + channel)).ifPresent(interims::add);
    }
    return new Grant(
        hash.start(), owner, hash.number("epoch"), (int) hash.number("takes"), covered, interims);
  }

  private static Optional<Speech> interim(@Nullable String json) {
    try {
      return Optional.ofNullable(json).map(TranscriptJson::speech);
    } catch (IllegalArgumentException invalid) {
      return Optional.empty(); // the new owner's next interim replaces it
    }
  }
}
