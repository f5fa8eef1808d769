package io.verbatim.pubsub.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the sentinels every second which server is the primary, and closes the service's connection
/// if it is to another one.
///
/// A primary that was replaced answers for about 10 s more, until the sentinels demote it: its
/// readers would miss what the new one has. Holds one connection to a sentinel. Confined to the
/// event loop.
final class PrimaryCheck {
  private static final Logger logger = LoggerFactory.getLogger(PrimaryCheck.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final RedisConnection redis;
  private final RedisURI uri;
  private final ClientResources resources;
  private final RedisClient client;
  private @Nullable StatefulRedisSentinelConnection<String, String> sentinel;
  private boolean asking;
  private boolean failing;
  private @Nullable InetSocketAddress primary;

  /// @param resources of the service's connection
  /// @param uri names the sentinels and the primary
  PrimaryCheck(RedisConnection redis, ClientResources resources, RedisURI uri) {
    this.redis = redis;
    this.uri = uri;
    this.resources = resources.mutate().nettyCustomizer(new NettyCustomizer() {}).build();
    client = RedisClient.create(this.resources);
    client.setOptions(ClientOptions.builder().autoReconnect(false).build());
  }

  void start() {
    redis.execute(() -> redis.every(INTERVAL, this::check));
  }

  private void check() {
    if (asking) {
      return;
    }
    asking = true;
    connect()
        .thenCompose(connected -> connected.async().getMasterAddrByName(uri.getSentinelMasterId()))
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((address, failure) -> redis.execute(() -> answered(address, failure)));
  }

  private CompletionStage<StatefulRedisSentinelConnection<String, String>> connect() {
    StatefulRedisSentinelConnection<String, String> current = sentinel;
    return current != null
        ? CompletableFuture.completedFuture(current)
        : client
            .connectSentinelAsync(StringCodec.UTF8, uri)
            .whenComplete((connected, failure) -> {
              if (failure == null) {
                redis.execute(() -> adopt(connected));
              }
            });
  }

  /// A connection that was opened after the timeout finds another one in its place.
  private void adopt(StatefulRedisSentinelConnection<String, String> connected) {
    if (sentinel == null) {
      sentinel = connected;
    } else {
      connected.closeAsync();
    }
  }

  private void answered(@Nullable SocketAddress address, @Nullable Throwable failure) {
    asking = false;
    if (failure != null) {
      failed(failure);
    } else if (address instanceof InetSocketAddress named) {
      failing = false;
      compare(named);
    }
  }

  private void failed(Throwable failure) {
    if (!failing) {
      failing = true;
      logger.warn("redis.sentinels_failed reason=\"{}\"", RedisConnection.rootMessage(failure));
    }
    StatefulRedisSentinelConnection<String, String> failed = sentinel;
    sentinel = null;
    if (failed != null) {
      failed.closeAsync();
    }
  }

  private void compare(InetSocketAddress named) {
    InetSocketAddress before = primary;
    primary = named;
    boolean changed = before != null && !before.equals(named);
    if (changed || !isConnectedTo(named)) {
      redis.closeChannel("the sentinels name another primary");
    }
  }

  /// A host name is not resolved: then only the port is compared.
  private boolean isConnectedTo(InetSocketAddress named) {
    InetSocketAddress remote = redis.remoteAddress();
    if (remote == null) {
      return true;
    }
    byte[] address = NetUtil.createByteArrayFromIpAddressString(named.getHostString());
    return remote.getPort() == named.getPort()
        && (address == null || Arrays.equals(address, remote.getAddress().getAddress()));
  }

  /// Closes the connection to the sentinel.
  void close() {
    client.shutdownAsync(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    resources.shutdown(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
