package io.verbatim.bench.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Sends Exotel calls to one ingest service, open-loop: every frame has a due time by an absolute
/// clock, and its lateness is recorded. The calls start at random phases of the 20 ms. Everything
/// except the public methods is confined to the loop.
public final class ExotelLoad implements AutoCloseable {
  private static final long FRAME_NANOS = 20_000_000;

  /// The minimum time between two send operations, which avoids a wake-up per frame. With 300
  /// calls, 4 frames on average become due in this time, at random as on a real network.
  private static final long TICK_NANOS = 250_000;

  private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
  private static final int HANDSHAKES_PER_TICK = 20;

  private final Loop loop;
  private final int port;
  private final String path;
  private final ExotelText text = new ExotelText();
  private final List<Line> lines = new ArrayList<>();
  private Line[] byPhase = new Line[0];
  private volatile Latencies lateness = new Latencies();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private volatile String problem = "";
  private int cursor;
  private long roundStart;
  private boolean stopping;

  /// One call's connection.
  static final class Line {
    final int call;
    final byte[] streamSid;
    final String callSid;
    final long phase;
    Channel channel;
    int frames;

    @SuppressWarnings("NullAway.Init") // the channel is set before the line is used
    Line(int call, String callSid, long phase) {
      this.call = call;
      this.callSid = callSid;
      this.streamSid = callSid.getBytes(US_ASCII);
      this.phase = phase;
    }
  }

  /// @param port of the ingest service on 127.0.0.1
  /// @param path such as `/v1/ingest/token`
  /// @param prefix of the call ids, which must be new to the service
  public ExotelLoad(Loop loop, int port, String path, String prefix, int calls, long seed) {
    this.loop = loop;
    this.port = port;
    this.path = path;
    SplittableRandom random = new SplittableRandom(seed);
    for (int call = 0; call < calls; call++) {
      String sid = prefix + String.format(java.util.Locale.ROOT, "%05d", call);
      lines.add(new Line(call, sid, random.nextLong(FRAME_NANOS)));
    }
  }

  /// The ids of all calls, ordered by call number.
  public List<String> callSids() {
    return lines.stream().map(line -> line.callSid).toList();
  }

  /// Connects all calls and starts their audio; returns when every call is open.
  public void start() {
    connectFrom(0);
    Workspace.await(
        "all " + lines.size() + " calls are open (" + problem + ")",
        OPEN_LIMIT,
        () -> {
          failOnProblem();
          return open.get() == lines.size();
        });
    loop.executor().execute(this::begin);
  }

  private void connectFrom(int first) {
    int end = Math.min(lines.size(), first + HANDSHAKES_PER_TICK);
    for (Line line : lines.subList(first, end)) {
      loop.clients()
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(new CallSocket(ExotelLoad.this, line));
                }
              })
          .connect("127.0.0.1", port)
          .addListener(connected -> {
            if (!connected.isSuccess()) {
              problem = "cannot connect: " + connected.cause();
            }
          });
    }
    if (end < lines.size()) {
      loop.executor().schedule(() -> connectFrom(end), 20, TimeUnit.MILLISECONDS);
    }
  }

  String path() {
    return path;
  }

  /// Sends the first messages of a call after its handshake.
  void opened(Line line, Channel channel) {
    line.channel = channel;
    // Padded with blanks, so that every frame has the same header length.
    text.message("{\"event\":\"connected\"}" + " ".repeat(120));
    send(channel);
    text.message(
        "{\"event\":\"start\",\"stream_sid\":\""
            + line.callSid
            + "\",\"sequence_number\":\"1\",\"start\":{\"stream_sid\":\""
            + line.callSid
            + "\",\"call_sid\":\""
            + line.callSid
            + "\",\"account_sid\":\"bench\",\"from\":\"09876543210\",\"to\":\"08012345678\","
            + "\"media_format\":{\"encoding\":\"base64\",\"sample_rate\":\"8000\","
            + "\"bit_rate\":\"128kbps\"}}}");
    send(channel);
    open.incrementAndGet();
  }

  void ended(Line line, String reason) {
    if (!stopping && problem.isEmpty()) {
      problem = "call " + line.callSid + " was closed by the service: " + reason;
    }
  }

  private void begin() {
    byPhase = lines.toArray(Line[]::new);
    Arrays.sort(byPhase, (a, b) -> Long.compare(a.phase, b.phase));
    roundStart = System.nanoTime();
    cursor = 0;
    tick();
  }

  private void tick() {
    if (stopping) {
      return;
    }
    long now = System.nanoTime();
    Latencies late = lateness;
    int written = 0;
    long due = roundStart + byPhase[cursor].phase;
    while (due <= now) {
      Line line = byPhase[cursor];
      long sending = System.nanoTime();
      text.media(line.streamSid, line.call, line.frames++, sending);
      send(line.channel);
      late.record(sending - due);
      written++;
      if (++cursor == byPhase.length) {
        cursor = 0;
        roundStart += FRAME_NANOS;
      }
      due = roundStart + byPhase[cursor].phase;
    }
    sent.addAndGet(written);
    long wait = Math.max(TICK_NANOS, due - System.nanoTime());
    loop.executor().schedule(this::tick, wait, TimeUnit.NANOSECONDS);
  }

  private void send(Channel channel) {
    channel.writeAndFlush(
        channel.alloc().directBuffer(text.length()).writeBytes(text.bytes(), 0, text.length()),
        channel.voidPromise());
  }

  /// The number of frames sent so far, of all calls.
  public long sent() {
    return sent.get();
  }

  /// Returns the lateness of the frames so far and starts a new record.
  public Latencies swapLateness() {
    Latencies before = lateness;
    lateness = new Latencies();
    return before;
  }

  /// Throws if a call was refused or closed.
  public void failOnProblem() {
    if (!problem.isEmpty()) {
      throw new BenchException("The load failed: " + problem);
    }
  }

  /// Ends all calls like Exotel: sends `stop`, then closes the connection.
  ///
  /// @return the number of frames sent, by call number
  public int[] stop() {
    return loop.executor().submit(this::stopOnLoop).syncUninterruptibly().getNow();
  }

  private int[] stopOnLoop() {
    stopping = true;
    int[] frames = new int[lines.size()];
    for (Line line : lines) {
      frames[line.call] = line.frames;
      if (line.channel != null && line.channel.isActive()) {
        text.message(
            "{\"event\":\"stop\",\"stream_sid\":\""
                + line.callSid
                + "\",\"sequence_number\":\""
                + (line.frames + 2)
                + "\",\"stop\":{\"call_sid\":\""
                + line.callSid
                + "\",\"account_sid\":\"bench\",\"reason\":\"canceled or call ended\"}}");
        send(line.channel);
        line.channel.close();
      }
    }
    return frames;
  }

  /// Ends all calls.
  @Override
  public void close() {
    stop();
  }
}
