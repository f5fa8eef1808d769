package io.verbatim.pubsub.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.BusFullException;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one Redis connection of a process, on the event loop of its service.
///
/// It retries forever, also the first connect: a service starts without Redis and waits for it. A
/// connection is alive only while it answers: at least one command a second is sent, and after
/// three seconds without any reply the connection is closed and a new one opened. Commands are
/// bounded: without a connection, or with too many unanswered commands, a command fails at once
/// with [BusUnavailableException]. Confined to the event loop, unless a method says otherwise.
final class RedisConnection implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(RedisConnection.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration MIN_RECONNECT = Duration.ofMillis(50);
  private static final Duration MAX_RECONNECT = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /// Commands that are written within this time of the last flush are flushed together, at its end.
  private static final Duration FLUSH_INTERVAL = Duration.ofMillis(2);

  // May be part of a script's error.
  private static final String OUT_OF_MEMORY = "OOM command not allowed";

  /// About one to two seconds of a busy service's commands.
  private static final int MAX_UNANSWERED = 8_192;

  private final RedisSettings settings;
  private final Keys keys;
  private final EventLoop loop;
  private final ClientResources resources;
  private final RedisClient client;
  private final List<Runnable> connectedListeners = new ArrayList<>();
  private final List<PushListener> pushListeners = new ArrayList<>();
  private final List<Future<?>> timers = new ArrayList<>();
  private final RefusedCommands refusedCommands = new RefusedCommands();
  private final ConnectionMeter meter = new ConnectionMeter();
  private final @Nullable PrimaryCheck primaryCheck;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private @Nullable Channel channel;
  private @Nullable Channel opening;
  private int unanswered;
  private boolean flushDue;
  private long flushedNanos = System.nanoTime();
  private long answeredNanos = System.nanoTime();
  private long checkedNanos = System.nanoTime();
  private volatile @Nullable Long awaySinceNanos = System.nanoTime();
  private volatile @Nullable String problem;
  private volatile boolean closed;

  RedisConnection(RedisSettings settings, EventLoop loop) {
    this.settings = settings;
    this.keys = new Keys(settings.keyPrefix());
    this.loop = loop;
    this.resources =
        DefaultClientResources.builder()
            .eventLoopGroupProvider(new OneLoopProvider(loop))
            .eventExecutorGroup(loop)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel initialized) {
                    opening = initialized;
                  }
                })
            .build();
    this.client = RedisClient.create(resources, settings.uri(CONNECT_TIMEOUT));
    this.client.setOptions(
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP3)
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.create())
            .build());
    RedisURI uri = settings.uri(CONNECT_TIMEOUT);
    this.primaryCheck =
        uri.getSentinels().isEmpty() ? null : new PrimaryCheck(this, resources, uri);
  }

  /// Adds a listener that is called after each connect, and at once if the connection is open. On
  /// the loop, or before [#start].
  void onConnected(Runnable listener) {
    connectedListeners.add(listener);
    if (isOpen()) {
      listener.run();
    }
  }

  /// Adds a listener of server pushes. Before [#start] only.
  void onPush(PushListener listener) {
    pushListeners.add(listener);
  }

  void start() {
    execute(() -> {
      connect(MIN_RECONNECT);
      every(HEARTBEAT, this::checkLiveness);
    });
    if (primaryCheck != null) {
      primaryCheck.start();
    }
  }

  private void connect(Duration delayAfterFailure) {
    if (closed) {
      return;
    }
    client
        .connectAsync(RedisCall.CODEC, settings.uri(CONNECT_TIMEOUT))
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
      logger.warn("redis.away reason=\"{}\"", rootMessage(failure));
    }
    Duration next =
        delay.multipliedBy(2).compareTo(MAX_RECONNECT) > 0 ? MAX_RECONNECT : delay.multipliedBy(2);
    long jittered =
        ThreadLocalRandom.current().nextLong(delay.toMillis() / 2, delay.toMillis() + 1);
    schedule(() -> connect(next), Duration.ofMillis(jittered));
  }

  private void adopt(StatefulRedisConnection<String, byte[]> connected) {
    Channel adopted = opening;
    if (closed || adopted == null) {
      connected.closeAsync();
      return;
    }
    pushListeners.forEach(connected::addListener);
    connection = connected;
    channel = adopted;
    unanswered = 0;
    answeredNanos = System.nanoTime();
    adopted.closeFuture().addListener(_ -> execute(() -> disconnected(adopted, connected)));
    awaySinceNanos = null;
    meter.connected();
    logger.info("redis.connected client={}", settings.clientName());
    List.copyOf(connectedListeners).forEach(Runnable::run);
  }

  private void disconnected(Channel lost, StatefulRedisConnection<String, byte[]> connected) {
    connected.closeAsync();
    if (lost.equals(channel)) {
      channel = null;
      connection = null;
      awaySinceNanos = System.nanoTime();
      if (!closed) {
        logger.warn("redis.away reason=\"connection lost\"");
        reconnect();
      }
    }
  }

  private void reconnect() {
    Duration pause = refusedCommands.pause();
    if (pause.isZero()) {
      connect(MIN_RECONNECT.multipliedBy(2));
    } else {
      schedule(() -> connect(MIN_RECONNECT.multipliedBy(2)), pause);
    }
  }

  /// Closes a connection that has unanswered commands and has been silent for [#SILENCE], even if
  /// TCP reports no error. Skips a late check: then this process was paused, not the server.
  private void checkLiveness() {
    long now = System.nanoTime();
    boolean punctual = now - checkedNanos < 2 * HEARTBEAT.toNanos();
    checkedNanos = now;
    if (!isOpen()) {
      return;
    }
    if (unanswered > 0 && punctual && now - answeredNanos > SILENCE.toNanos()) {
      closeChannel("no answer for " + SILENCE.toSeconds() + " s");
    } else {
      meter.heartbeat(this, unanswered);
    }
  }

  /// Closes the connection, so that a new one is opened.
  void closeChannel(String reason) {
    Channel current = channel;
    if (current != null) {
      logger.warn("redis.connection_closed reason=\"{}\"", reason);
      current.close();
    }
  }

  /// Writes a command. It is flushed at the end of this iteration of the loop, or up to
  /// [#FLUSH_INTERVAL] after the last flush. On any thread; the call completes on the loop.
  <T> RedisCall<T> dispatch(RedisCall<T> call) {
    if (loop.inEventLoop()) {
      write(call);
    } else {
      executeOrElse(() -> write(call), call);
    }
    return call;
  }

  private void write(RedisCall<?> call) {
    Channel current = channel;
    if (current == null || !current.isActive() || closed) {
      call.completeExceptionally(notConnected());
      return;
    }
    if (unanswered >= MAX_UNANSWERED) {
      call.completeExceptionally(tooManyUnanswered());
      return;
    }
    sent();
    call.onAnswer(this::answered);
    current.write(call, current.voidPromise());
    flushSoon();
  }

  private static BusUnavailableException notConnected() {
    return new BusUnavailableException("redis: not connected");
  }

  private BusUnavailableException tooManyUnanswered() {
    return new BusUnavailableException("redis: too many unanswered commands: " + unanswered);
  }

  private void sent() {
    if (unanswered == 0) {
      answeredNanos = System.nanoTime();
    }
    unanswered++;
  }

  private void answered(@Nullable Throwable failure) {
    unanswered--;
    answeredNanos = System.nanoTime();
    if (failure != null) {
      refusedCommands.record(failure).ifPresent(this::closeChannel);
    }
  }

  private void flushSoon() {
    if (flushDue) {
      return;
    }
    flushDue = true;
    long wait = flushedNanos + FLUSH_INTERVAL.toNanos() - System.nanoTime();
    if (wait <= 0) {
      loop.execute(this::flush);
    } else {
      loop.schedule(this::flush, wait, TimeUnit.NANOSECONDS);
    }
  }

  /// Flushes the current connection, which may be newer than the one written to.
  private void flush() {
    flushDue = false;
    flushedNanos = System.nanoTime();
    Channel current = channel;
    if (current != null) {
      current.flush();
    }
  }

  /// Sends a command through the client's own API, for rare commands. On any thread; the future
  /// completes on the loop.
  ///
  /// A failure is a [BusUnavailableException] whose cause is the client's exception.
  <T> CompletableFuture<T> send(
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (loop.inEventLoop()) {
      send(command, result);
    } else {
      executeOrElse(() -> send(command, result), result);
    }
    return result;
  }

  private <T> void send(
      Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command,
      CompletableFuture<T> result) {
    StatefulRedisConnection<String, byte[]> current = connection;
    if (current == null || !isOpen() || closed) {
      result.completeExceptionally(notConnected());
      return;
    }
    if (unanswered >= MAX_UNANSWERED) {
      result.completeExceptionally(tooManyUnanswered());
      return;
    }
    sent();
    command
        .apply(current.async())
        .whenComplete((value, failure) -> {
          answered(failure);
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(unavailable(failure));
          }
        });
  }

  /// Makes a request on the loop; at once if the caller is on it.
  <T> CompletionStage<T> onLoop(Supplier<? extends CompletionStage<T>> request) {
    if (loop.inEventLoop()) {
      return request.get();
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    executeOrElse(
        () ->
            request
                .get()
                .whenComplete((value, failure) -> {
                  if (failure == null) {
                    result.complete(value);
                  } else {
                    result.completeExceptionally(failure);
                  }
                }),
        result);
    return result;
  }

  Keys keys() {
    return keys;
  }

  EventLoop loop() {
    return loop;
  }

  /// Runs a script by its digest, or by its text if the server does not know it.
  CompletableFuture<Reply> run(Script script, String[] keys, byte[]... arguments) {
    return run(
        script, new ReplyOutput<>(Function.identity()), new ScriptArguments.Plain(keys, arguments));
  }

  /// Runs a script with arguments and a reply that the caller encodes and decodes.
  <T> CompletableFuture<T> run(Script script, ReplyDecoder<T> decoder, ScriptArguments arguments) {
    ScriptCommand command = new ScriptCommand(script, arguments);
    RedisCall<T> call = new RedisCall<>(CommandType.EVALSHA, decoder, command);
    call.onUnknownScript(() -> {
      command.sendText();
      write(call);
    });
    return dispatch(call);
  }

  static BusUnavailableException unavailable(Throwable failure) {
    String message = rootMessage(failure);
    return message.contains(OUT_OF_MEMORY)
        ? new BusFullException("redis: " + message, failure)
        : new BusUnavailableException("redis: " + message, failure);
  }

  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown");
  }

  private boolean isOpen() {
    Channel current = channel;
    return current != null && current.isActive();
  }

  /// The server's address; null while the connection is closed.
  @Nullable InetSocketAddress remoteAddress() {
    Channel current = channel;
    return current != null && current.remoteAddress() instanceof InetSocketAddress remote
        ? remote
        : null;
  }

  /// Sets the problem that a check has found with the server; null for none.
  void report(@Nullable String found) {
    problem = found;
  }

  /// What the heartbeats have measured.
  ConnectionMeter meter() {
    return meter;
  }

  /// On any thread.
  BusHealth health() {
    Long since = awaySinceNanos;
    if (since == null) {
      return refusedCommands.health().orElseGet(this::connectedHealth);
    }
    Duration away = Duration.ofNanos(System.nanoTime() - since);
    return new BusHealth.Away(away, "redis: not connected for " + away.toSeconds() + " s");
  }

  private BusHealth connectedHealth() {
    String current = problem;
    return current == null ? new BusHealth.Connected() : new BusHealth.Degraded(current);
  }

  /// Runs a task on the loop; ignored if the bus is closed. On any thread.
  void execute(Runnable task) {
    executeOrElse(task, null);
  }

  /// Runs a task on the loop; if the bus is closed, fails `orphan` instead. On any thread.
  void executeOrElse(Runnable task, @Nullable CompletableFuture<?> orphan) {
    try {
      loop.execute(() -> {
        if (!closed) {
          guarded(task);
        } else if (orphan != null) {
          orphan.completeExceptionally(new BusUnavailableException("redis: the bus is closed"));
        }
      });
    } catch (RejectedExecutionException _) {
      if (orphan != null) {
        orphan.completeExceptionally(new BusUnavailableException("redis: the bus is closed"));
      }
    }
  }

  void schedule(Runnable task, Duration delay) {
    if (!closed && !loop.isShuttingDown()) {
      loop.schedule(
          () -> {
            if (!closed) {
              guarded(task);
            }
          },
          delay.toNanos(),
          TimeUnit.NANOSECONDS);
    }
  }

  /// Runs a task at every interval until the bus is closed or the future is cancelled.
  Future<?> every(Duration interval, Runnable task) {
    Future<?> timer =
        loop.scheduleWithFixedDelay(
            () -> guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    timers.add(timer);
    return timer;
  }

  /// Runs a task and logs its failure: a periodic task that throws would not run again.
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      if (!closed) {
        logger.error("bus.failure", e);
      }
    }
  }

  /// Closes the connection. Later requests fail. On any thread; off the loop it waits for the end.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (loop.isShuttingDown()) {
      return;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      timers.forEach(timer -> timer.cancel(false));
      if (primaryCheck != null) {
        primaryCheck.close();
      }
      client
          .shutdownAsync(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((_, _) -> done.complete(null));
    });
    if (!loop.inEventLoop()) {
      try {
        done.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        logger.warn("redis.close_failed reason=\"{}\"", rootMessage(e));
      }
    }
    resources.shutdown(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
