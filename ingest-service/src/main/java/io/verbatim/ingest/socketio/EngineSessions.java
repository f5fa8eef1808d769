package io.verbatim.ingest.socketio;

import io.verbatim.ingest.audiostream.AudioStreamAuthenticator;
import io.verbatim.ingest.auth.Caller;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.ConnectionContext;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.handshake.RejectionHandler;
import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Problem;
import io.verbatim.service.EventLoop;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;

/// The open Engine.IO sessions, by id; a session is removed when its connection is closed. Those
/// whose client has not authenticated yet are limited: beyond the limit the oldest is closed.
/// Confined to the event loop.
public final class EngineSessions {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 15;
  private static final Problem TOO_MANY_FAILURES =
      Problem.named(
          429,
          "too_many_failures",
          "Connection rejected: Too many failed connects from your address. Try again later.");
  private static final Problem KEYS_UNAVAILABLE =
      Problem.named(
          503,
          "keys_unavailable",
          "Connection rejected: The keys that verify tokens are unavailable.");

  private final Map<String, EngineSession> sessions = new HashMap<>();
  private final SequencedSet<EngineSession> unauthenticated = new LinkedHashSet<>();
  private final int maxUnauthenticated;
  private final OpenConnections connections;
  private final ConnectionContext context;
  private final AudioStreamAuthenticator authenticator;
  private final RateLimiter failures;
  private final RejectionHandler rejections;
  private final EventLoop loop;
  private byte[] packet = new byte[4096];

  /// @param maxUnauthenticated sessions whose client may be unauthenticated at once
  /// @param failures limits the failed authentications of an address
  public EngineSessions(
      int maxUnauthenticated,
      OpenConnections connections,
      ConnectionContext context,
      AudioStreamAuthenticator authenticator,
      RateLimiter failures,
      RejectionHandler rejections,
      EventLoop loop) {
    this.maxUnauthenticated = maxUnauthenticated;
    this.connections = connections;
    this.context = context;
    this.authenticator = authenticator;
    this.failures = failures;
    this.rejections = rejections;
    this.loop = loop;
    context.metrics().gaugeSocketIoSessions(sessions::size);
  }

  /// What a client shows when it opens a session.
  ///
  /// @param token of the `Authorization` header
  /// @param apiKey of the `x-api-key` header
  record Opening(
      InetAddress client,
      Optional<String> token,
      Optional<String> apiKey,
      Optional<String> language) {}

  /// Creates a session.
  EngineSession open(Opening opening) {
    if (unauthenticated.size() >= maxUnauthenticated) {
      unauthenticated.removeFirst().evict();
    }
    EngineSession session =
        new EngineSession(randomId(), this, channel -> connection(channel, opening));
    sessions.put(session.id(), session);
    unauthenticated.add(session);
    return session;
  }

  private CallConnection connection(EngineSession session, Opening opening) {
    return new CallConnection(
        session,
        context,
        connection ->
            new SocketIoDialect(connection, new Access(session, opening), opening.language()));
  }

  Optional<EngineSession> find(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  /// Whether the id is that of a session whose client has authenticated.
  public boolean isAuthenticated(String id) {
    EngineSession session = sessions.get(id);
    return session != null && !unauthenticated.contains(session);
  }

  void remove(EngineSession session) {
    sessions.remove(session.id());
    unauthenticated.remove(session);
  }

  OpenConnections connections() {
    return connections;
  }

  void execute(Runnable task) {
    loop.execute(task);
  }

  /// Copies a packet to the start of an array that all sessions share. Valid until the next call.
  byte[] copy(byte[] body, int from, int to) {
    if (packet.length < to - from) {
      packet = new byte[to - from];
    }
    System.arraycopy(body, from, packet, 0, to - from);
    return packet;
  }

  /// The first packet of a session.
  String openPacket(String id, boolean polling) {
    return "0{\"sid\":\"%s\",\"upgrades\":[%s],\"pingInterval\":%d,\"pingTimeout\":%d,\"maxPayload\":%d}"
        .formatted(
            id,
            polling ? "\"websocket\"" : "",
            context.timeouts().ping().toMillis(),
            context.timeouts().pong().toMillis(),
            context.maxMessageBytes());
  }

  private static String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private final class Access implements SocketIoDialect.Access {
    private final EngineSession session;
    private final Opening opening;

    Access(EngineSession session, Opening opening) {
      this.session = session;
      this.opening = opening;
    }

    @Override
    public void authenticate(
        Optional<String> token, Optional<String> apiKey, Consumer<AuthResult<Caller>> decided) {
      boolean inMessage = token.isPresent() || apiKey.isPresent();
      var _ =
          authenticator
              .authenticate(
                  inMessage ? token : opening.token(), inMessage ? apiKey : opening.apiKey())
              .whenComplete((result, _) ->
                  loop.run(() ->
                      decided.accept(
                          recorded(result == null ? new Rejected<>(KEYS_UNAVAILABLE) : result))));
    }

    /// Counts failures only. Beyond the limit, a failure is answered without its reason.
    private AuthResult<Caller> recorded(AuthResult<Caller> result) {
      return switch (result) {
        case Accepted<Caller> accepted -> {
          unauthenticated.remove(session);
          yield accepted;
        }
        case Rejected<Caller>(Problem problem) -> {
          boolean isShown = problem.status() >= 500 || failures.tryAcquire(opening.client());
          Problem shown = isShown ? problem : TOO_MANY_FAILURES;
          rejections.record(shown);
          yield new Rejected<>(shown);
        }
      };
    }

    @Override
    public String socketId() {
      return randomId();
    }
  }
}
