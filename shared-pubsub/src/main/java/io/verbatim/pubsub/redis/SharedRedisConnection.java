package io.verbatim.pubsub.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.BusFullException;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one connection of a process, and the one thread that owns everything built on it.
///
/// It connects for ever, also the first time: a service starts without Redis and waits for it.
/// Commands are bounded: while the connection is away, or too many are unanswered, a command fails
/// at once with [BusUnavailableException].
final class SharedRedisConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedRedisConnection.class);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MIN_RECONNECT = Duration.ofMillis(50);
  private static final Duration MAX_RECONNECT = Duration.ofSeconds(5);

  // Each also as part of what a script failed with.
  private static final String NO_ROOM = "OOM command not allowed";
  private static final String READ_ONLY = "READONLY You can't write";

  /// About one to two seconds of a busy service's commands.
  private static final int MAX_UNANSWERED = 8_192;

  private final RedisSettings settings;
  private final ClientResources resources;
  private final RedisClient client;
  private final ScheduledThreadPoolExecutor thread;
  private final List<Runnable> connectedListeners = new ArrayList<>();
  private final List<PushListener> pushListeners = new ArrayList<>();
  private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile @Nullable Long awaySinceNanos = System.nanoTime();
  private long leftReplicaNanos = System.nanoTime() - MAX_RECONNECT.toNanos();
  private volatile boolean closed;

  SharedRedisConnection(RedisSettings settings) {
    this.settings = settings;
    this.resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.fullJitter(
                    MIN_RECONNECT, MAX_RECONNECT, MIN_RECONNECT.toMillis(), TimeUnit.MILLISECONDS))
            .build();
    this.client = RedisClient.create(resources, settings.uri());
    this.client.setOptions(
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP3)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MAX_UNANSWERED)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
            .build());
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task ->
                Thread.ofPlatform().name("bus-" + settings.clientName()).daemon().unstarted(task));
    this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Told on the bus's thread each time the connection is there (again), and now if it is there
  /// already.
  ///
  /// Called on the bus's thread, or before [#start].
  void onConnected(Runnable listener) {
    connectedListeners.add(listener);
    if (isOpen()) {
      listener.run();
    }
  }

  /// Told of server pushes on Netty's thread. Before [#start] only.
  void onPush(PushListener listener) {
    pushListeners.add(listener);
  }

  void start() {
    execute(() -> connect(MIN_RECONNECT));
  }

  private void connect(Duration delayAfterFailure) {
    if (closed) {
      return;
    }
    client
        .connectAsync(CODEC, settings.uri())
        .whenComplete((connected, failure) ->
            execute(() -> {
              if (failure == null) {
                adopt(connected);
              } else {
                retry(delayAfterFailure, failure);
              }
            }));
  }

  private void retry(Duration delay, Throwable failure) {
    if (delay.equals(MIN_RECONNECT)) {
      log.warn("redis.away reason={}", rootMessage(failure));
    }
    Duration next =
        delay.multipliedBy(2).compareTo(MAX_RECONNECT) > 0 ? MAX_RECONNECT : delay.multipliedBy(2);
    long jittered =
        ThreadLocalRandom.current().nextLong(delay.toMillis() / 2, delay.toMillis() + 1);
    schedule(() -> connect(next), Duration.ofMillis(jittered));
  }

  private void adopt(StatefulRedisConnection<String, byte[]> connected) {
    if (closed) {
      connected.closeAsync();
      return;
    }
    pushListeners.forEach(connected::addListener);
    connected.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
            execute(SharedRedisConnection.this::connected);
          }

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            awaySinceNanos = System.nanoTime();
            if (!closed) {
              log.warn("redis.away reason=\"connection lost\"");
            }
          }
        });
    connection = connected;
    connected();
  }

  private void connected() {
    awaySinceNanos = null;
    log.info("redis.connected client={}", settings.clientName());
    connectedListeners.forEach(Runnable::run);
  }

  /// Sends a command; the future completes on the bus's thread.
  ///
  /// A failure is a [BusUnavailableException], or what Redis said where that is an answer to the
  /// command itself.
  <T> CompletableFuture<T> send(
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    StatefulRedisConnection<String, byte[]> current = connection;
    if (current == null || !current.isOpen()) {
      fail(result, new BusUnavailableException("redis: not connected"));
      return result;
    }
    try {
      command
          .apply(current.async())
          .whenComplete(
              (value, failure) -> executeOrElse(() -> complete(result, value, failure), result));
    } catch (RuntimeException refused) {
      fail(result, unavailable(refused));
    }
    return result;
  }

  private void fail(CompletableFuture<?> result, BusUnavailableException failure) {
    executeOrElse(() -> result.completeExceptionally(failure), result);
  }

  /// Runs a script by its digest, and by its text where the server does not know it (any more).
  CompletableFuture<Reply> run(Script script, String[] keys, byte[]... arguments) {
    return this.<List<Object>>send(
            redis -> redis.evalsha(script.sha(), ScriptOutputType.MULTI, keys, arguments))
        .exceptionallyCompose(failure ->
            failure.getCause() instanceof RedisNoScriptException
                ? send(
                    redis -> redis.eval(script.source(), ScriptOutputType.MULTI, keys, arguments))
                : CompletableFuture.failedFuture(failure))
        .thenApply(Reply::new);
  }

  private <T> void complete(CompletableFuture<T> result, T value, @Nullable Throwable failure) {
    if (failure == null) {
      if (awaySinceNanos != null && isOpen()) {
        awaySinceNanos = null;
      }
      result.complete(value);
      return;
    }
    if (failure instanceof RedisCommandTimeoutException && awaySinceNanos == null) {
      awaySinceNanos = System.nanoTime() - COMMAND_TIMEOUT.toNanos();
      log.warn("redis.away reason=\"no answer for {} s\"", COMMAND_TIMEOUT.toSeconds());
    }
    BusUnavailableException unavailable = unavailable(failure);
    if (String.valueOf(unavailable.getMessage()).contains(READ_ONLY)) {
      leaveReplica();
    }
    result.completeExceptionally(unavailable);
  }

  /// A server that has become a replica may stay one for ever, while the name now means another:
  /// connecting anew finds out.
  private void leaveReplica() {
    StatefulRedisConnection<String, byte[]> current = connection;
    long now = System.nanoTime();
    if (current == null || now - leftReplicaNanos < MAX_RECONNECT.toNanos()) {
      return;
    }
    leftReplicaNanos = now;
    log.warn("redis.read_only reason=\"the server is a replica: connecting anew\"");
    RedisAsyncCommands<String, byte[]> commands = current.async();
    var _ =
        commands
            .clientId()
            .thenCompose(id -> commands.clientKill(KillArgs.Builder.id(id).skipme(false)))
            .exceptionally(refused -> {
              log.warn("redis.read_only_kept reason={}", rootMessage(refused));
              return null;
            });
  }

  private static BusUnavailableException unavailable(Throwable failure) {
    String message = rootMessage(failure);
    return message.contains(NO_ROOM)
        ? new BusFullException("redis: " + message, failure)
        : new BusUnavailableException("redis: " + message, failure);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown");
  }

  private boolean isOpen() {
    StatefulRedisConnection<String, byte[]> current = connection;
    return current != null && current.isOpen();
  }

  BusHealth health() {
    Long since = awaySinceNanos;
    if (since == null) {
      return new BusHealth.Connected();
    }
    Duration away = Duration.ofNanos(System.nanoTime() - since);
    return new BusHealth.Away(away, "redis: not connected for " + away.toSeconds() + " s");
  }

  /// Runs on the bus's thread; not at all once the bus is closed.
  void execute(Runnable task) {
    executeOrElse(task, null);
  }

  /// The same; where the bus is closed, `orphan` fails instead of waiting for ever.
  void executeOrElse(Runnable task, @Nullable CompletableFuture<?> orphan) {
    try {
      thread.execute(() -> guarded(task));
    } catch (RejectedExecutionException _) {
      if (orphan != null) {
        orphan.completeExceptionally(new BusUnavailableException("redis: the bus is closed"));
      }
    }
  }

  void schedule(Runnable task, Duration delay) {
    try {
      thread.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // Closed: nothing is due any more.
    }
  }

  ScheduledFuture<?> every(Duration interval, Runnable task) {
    return thread.scheduleWithFixedDelay(
        () -> guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A periodic task that throws would never run again, and silently.
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      if (!closed) {
        log.error("bus.failure", e);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    client.shutdown(Duration.ZERO, CLOSE_TIMEOUT);
    resources.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
