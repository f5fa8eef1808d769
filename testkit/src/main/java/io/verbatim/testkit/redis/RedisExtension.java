package io.verbatim.testkit.redis;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Provides a [RedisServer] to tests: one per test run, emptied before each test. Without a Redis
/// the tests fail; none is skipped.
///
/// Fails a test that leaves a connection open. Connections are counted by name, so a reconnect is
/// no leak. A server that a test paused or killed runs again afterwards.
public final class RedisExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RedisExtension.class);
  private static final Duration CLOSING_TAKES_AT_MOST = Duration.ofSeconds(5);

  @Override
  public void beforeEach(ExtensionContext context) {
    RedisServer server = server(context);
    server.restore();
    server.commands().flushall();
    context.getStore(NAMESPACE).put(Before.class, new Before(server.connectionsByName()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    RedisServer server = server(context);
    server.restore();
    Before before = context.getStore(NAMESPACE).get(Before.class, Before.class);
    if (before != null) {
      failOnLeaks(server, before.connections(), CLOSING_TAKES_AT_MOST);
    }
  }

  /// The connections by name before the test.
  private record Before(Map<String, Long> connections) {}

  static void failOnLeaks(RedisServer server, Map<String, Long> before, Duration patience) {
    try {
      Awaitility.await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> RedisServer.beyond(before, server.connectionsByName()).isEmpty());
    } catch (ConditionTimeoutException _) {
      throw new AssertionError(
          "the test left Redis connections open: "
              + String.join("; ", RedisServer.beyond(before, server.connectionsByName())));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RedisServer.class;
  }

  @Override
  public RedisServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  private static RedisServer server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(RedisServer.class, _ -> RedisServer.start(), RedisServer.class);
  }
}
