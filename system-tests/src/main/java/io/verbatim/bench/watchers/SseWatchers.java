package io.verbatim.bench.watchers;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many clients of server-sent events on one loop. They read as fast as possible, search for
/// numbered words, and do not reconnect. Everything except the public methods is confined to the
/// loop.
public final class SseWatchers implements AutoCloseable {
  private static final Duration OPEN_LIMIT = Duration.ofMinutes(3);
  private static final int HANDSHAKES_AT_ONCE = 50;

  private final Loop loop;
  private final int port;
  private final String request;
  private final NumberedWords words;
  private final List<Channel> channels = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile Latencies latencies = new Latencies();
  private volatile String problem = "";
  private volatile boolean closing;
  private int wanted;
  private int started;
  private byte[] scratch = new byte[1 << 16];

  /// @param port of the server on 127.0.0.1
  /// @param path of the stream
  /// @param headers of the request
  public SseWatchers(
      Loop loop, int port, String path, Map<String, String> headers, NumberedWords words) {
    this.loop = loop;
    this.port = port;
    this.words = words;
    StringBuilder text = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
    text.append("Host: 127.0.0.1\r\nAccept: text/event-stream\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    request = text.append("\r\n").toString();
  }

  /// Opens `count` streams, 50 handshakes at a time; returns when all are answered with 200.
  public void open(int count) {
    loop.executor()
        .execute(() -> {
          wanted += count;
          for (int i = 0; i < HANDSHAKES_AT_ONCE; i++) {
            connectNext();
          }
        });
    int expected = open.get() + count;
    Workspace.await(
        count + " streams are open",
        OPEN_LIMIT,
        () -> {
          if (!problem.isEmpty()) {
            throw new BenchException("A stream could not be opened: " + problem);
          }
          return open.get() >= expected;
        });
  }

  private void connectNext() {
    if (started >= wanted) {
      return;
    }
    started++;
    loop.clients()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channels.add(channel);
                channel.pipeline().addLast(new SseSocket(SseWatchers.this));
              }
            })
        .connect("127.0.0.1", port)
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            problem = "cannot connect: " + connected.cause();
          }
        });
  }

  String request() {
    return request;
  }

  void opened() {
    open.incrementAndGet();
    connectNext();
  }

  void refused(String answer) {
    problem = answer;
  }

  void closed() {
    if (!closing) {
      lost.incrementAndGet();
    }
  }

  /// A buffer for the bytes of one read.
  byte[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    return scratch;
  }

  void received(int number, long nowNanos) {
    delivered.lazySet(delivered.get() + 1);
    latencies.record(nowNanos - words.writtenNanos(number));
  }

  void read(int length) {
    bytes.lazySet(bytes.get() + length);
  }

  void event() {
    events.lazySet(events.get() + 1);
  }

  /// The number of numbered words received so far, by all watchers.
  public long delivered() {
    return delivered.get();
  }

  /// The number of events of any kind received so far, by all watchers.
  public long events() {
    return events.get();
  }

  /// The bytes received so far by all watchers, including those of HTTP.
  public long bytes() {
    return bytes.get();
  }

  /// The number of streams that the server has closed.
  public int lost() {
    return lost.get();
  }

  /// Returns the latencies from written to received so far and starts a new record.
  public Latencies swapLatencies() {
    Latencies before = latencies;
    latencies = new Latencies();
    return before;
  }

  /// Closes all streams.
  @Override
  public void close() {
    closing = true;
    loop.executor().submit(() -> channels.forEach(Channel::close)).syncUninterruptibly();
  }
}
