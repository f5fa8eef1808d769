package io.verbatim.ingest.auth;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import io.verbatim.pubsub.message.PublishedApiKey;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import io.verbatim.service.EventLoop.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The valid API keys, as the gateways publish them on the bus. Confined to the event loop, except
/// [#start] and [#close].
///
/// One command every two seconds reads a change. A handshake is checked in memory. The keys are
/// valid for as long as the gateways confirmed them, at most ten minutes, also if the bus is away;
/// then no key is accepted, but open connections stay.
public final class KnownApiKeys implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(KnownApiKeys.class);

  /// The header of a key.
  public static final String HEADER = "x-api-key";

  static final Duration POLL = Duration.ofSeconds(2);

  private static final long NO_VERSION = -1;
  private static final Problem UNAVAILABLE =
      Problem.named(
          503,
          "api_keys_unavailable",
          "No gateway has confirmed the API keys recently. Try again later, or send Authorization:"
              + " Bearer <token>.");

  private final PublishedApiKeys published;
  private final EventLoop loop;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Set<String> used = new HashSet<>();
  private Map<String, PublishedApiKey> keys = Map.of();
  private long version = NO_VERSION;
  private long validUntilNanos;
  private boolean reading;
  private @Nullable Timer timer;

  /// @param nanos a monotonic clock
  public KnownApiKeys(
      PublishedApiKeys published, EventLoop loop, InstantSource clock, LongSupplier nanos) {
    this.published = published;
    this.loop = loop;
    this.clock = clock;
    this.nanos = nanos;
  }

  /// Begins to read the keys.
  public void start() {
    timer = loop.every(POLL, this::read);
    loop.execute(this::read);
  }

  private void read() {
    if (reading) {
      return;
    }
    reading = true;
    Set<String> reported = Set.copyOf(used);
    used.clear();
    long asked = nanos.getAsLong();
    published
        .read(version, reported)
        .whenComplete((snapshot, failure) ->
            loop.run(() -> {
              if (failure == null) {
                snapshot.ifPresentOrElse(read -> decode(read, asked), () -> reading = false);
              } else {
                used.addAll(reported);
                failed(failure);
              }
            }));
  }

  /// Decodes off the loop, because ten thousand keys take some milliseconds.
  private void decode(ApiKeySnapshot snapshot, long asked) {
    CompletionStage<Map<String, PublishedApiKey>> decoded =
        snapshot
            .keys()
            .map(text -> loop.offload(() -> byId(text)))
            .orElseGet(() -> CompletableFuture.completedStage(keys));
    decoded.whenComplete((current, failure) -> {
      if (failure != null) {
        failed(failure);
        return;
      }
      reading = false;
      keys = current;
      version = snapshot.version();
      validUntilNanos = asked + snapshot.validFor().toNanos();
    });
  }

  /// The keys that are known stay valid for their time.
  private void failed(Throwable failure) {
    reading = false;
    logger.debug("keys.unread", failure);
  }

  private static Map<String, PublishedApiKey> byId(String text) {
    return ApiKeyList.decode(text).stream()
        .collect(
            Collectors.toUnmodifiableMap(
                PublishedApiKey::id, Function.identity(), (first, _) -> first));
  }

  /// Authenticates the text of a key.
  public AuthResult<Caller> authenticate(String text) {
    if (version == NO_VERSION || validUntilNanos - nanos.getAsLong() <= 0) {
      return new Rejected<>(UNAVAILABLE);
    }
    return PublishedApiKey.idOf(text)
        .map(keys::get)
        .filter(key -> key.matches(text) && !isExpired(key))
        .map(this::authorize)
        .orElseGet(() ->
            AuthResult.unauthorized("bad_api_key", "The API key is unknown, expired or revoked."));
  }

  private AuthResult<Caller> authorize(PublishedApiKey key) {
    if (!key.scopes().contains(JwtAuthenticator.SCOPE)) {
      return AuthResult.missingScope(JwtAuthenticator.SCOPE);
    }
    used.add(key.id());
    return new Accepted<>(
        new Caller.TokenHolder(
            Optional.of(key.id()),
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(key.tenant())));
  }

  /// Whether the key with this id, which was accepted before, is no longer valid.
  public boolean isRevoked(String id) {
    PublishedApiKey key = keys.get(id);
    return key == null || isExpired(key);
  }

  private boolean isExpired(PublishedApiKey key) {
    Instant expiresAt = key.expiresAt();
    return expiresAt != null && !clock.instant().isBefore(expiresAt);
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
