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

/// Takes one call: one script that stores a fresh owner token and answers what the call is as of
/// that moment.
final class CallTaking {

  /// What became of it.
  sealed interface Taken {}

  /// The call is given.
  record Given(Grant grant) implements Taken {}

  /// The call's hash names another announcement as the one that owns it.
  record NamedBy(String entry) implements Taken {}

  /// The call has ended; its owner may have died before the directory learnt of it.
  record Over() implements Taken {}

  /// The claim came too late: the entry may be another worker's by now.
  record Late() implements Taken {}

  /// The call is of a newer format than this worker knows.
  record Newer(String version) implements Taken {}

  /// The call is not known.
  record Unknown() implements Taken {}

  /// The call's hash is not one of ours.
  record Unreadable(String reason) implements Taken {}

  private static final int TOKEN_BYTES = 16;

  private final RedisConnection redis;
  private final SecureRandom random = new SecureRandom();
  private @Nullable CallId lastBegun;

  CallTaking(RedisConnection redis) {
    this.redis = redis;
  }

  /// @param taker the name of the worker that asks
  /// @param deadline server time until which the entry cannot be another worker's
  /// @param force take it although the hash names another announcement
  CompletionStage<Taken> take(
      CallId call, String entry, String taker, Deadline deadline, boolean force) {
    CallId before = lastBegun;
    if (before != null && !before.equals(call)) {
      exonerate(before, taker);
    }
    lastBegun = call;
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String owner = HexFormat.of().formatHex(token);
    return redis
        .run(
            Script.CLAIM,
            new String[] {redis.keys().call(call), redis.keys().now(call)},
            Reply.bytes(owner),
            Reply.bytes(entry),
            Reply.bytes(force ? "1" : "0"),
            Reply.bytes(taker),
            Reply.bytes(deadline.serverMillis()),
            Reply.bytes(Format.VERSION))
        .thenApply(reply -> taken(call, owner, reply));
  }

  /// The call is not to blame where its worker dies now.
  void exonerate(CallId call, String taker) {
    redis.run(Script.EXONERATE, new String[] {redis.keys().call(call)}, Reply.bytes(taker));
  }

  private static Taken taken(CallId call, String owner, Reply reply) {
    return switch (reply.word()) {
      case "claimed" -> {
        try {
          yield new Given(grant(owner, new CallHash(call, reply.fields(1)), reply.fields(2)));
        } catch (IllegalArgumentException notOurs) {
          yield new Unreadable(String.valueOf(notOurs.getMessage()));
        }
      }
      case "other" -> new NamedBy(reply.text(1));
      case "ended" -> new Over();
      case "late" -> new Late();
      case "newer" -> new Newer(reply.text(1));
      case "gone" -> new Unknown();
      default -> throw new IllegalStateException("claim.lua returned " + reply.word());
    };
  }

  private static Grant grant(String owner, CallHash hash, Map<String, String> register) {
    List<Long> covered = hash.coveredPerChannel();
    List<Speech> interims = new ArrayList<>(covered.size());
    for (int channel = 0; channel < covered.size(); channel++) {
      interim(register.get("interim:" + channel)).ifPresent(interims::add);
    }
    return new Grant(
        hash.start(), owner, hash.number("epoch"), (int) hash.number("takes"), covered, interims);
  }

  private static Optional<Speech> interim(@Nullable String json) {
    try {
      return Optional.ofNullable(json).map(TranscriptJson::speech);
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty(); // it is replaced by what the new owner hears
    }
  }
}
