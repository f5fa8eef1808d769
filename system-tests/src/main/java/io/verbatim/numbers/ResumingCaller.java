package io.verbatim.numbers;

import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A caller of the pcm dialect that keeps every unacknowledged frame. When its connection is lost,
/// it reconnects, resumes the call, and sends from the requested frame.
///
/// Thread-safe.
public final class ResumingCaller {
  private final HttpClient client;
  private final IntFunction<URI> ingest;
  private final String token;
  private final String tenant;
  private final Map<PcmConnection, URI> connections = new ConcurrentHashMap<>();

  /// @param ingest returns the URL of an ingest; called with the call's number for its first
  ///   connection and with the next number for each further one
  /// @param token the JWT for the handshake
  public ResumingCaller(HttpClient client, IntFunction<URI> ingest, String token, String tenant) {
    this.client = client;
    this.ingest = ingest;
    this.token = token;
    this.tenant = tenant;
  }

  /// Closes every connection to this ingest on the caller's side. Their calls reconnect and resume.
  ///
  /// @return the number of connections
  public int closeConnections(URI url) {
    int closed = 0;
    for (Map.Entry<PcmConnection, URI> connection : connections.entrySet()) {
      if (connection.getValue().equals(url)) {
        connection.getKey().close();
        closed++;
      }
    }
    return closed;
  }

  /// Starts a call on its own thread.
  public NumberedCall call(FrameFormat format, int number, int frames) {
    String callId = "numbers-" + UUID.randomUUID();
    CompletableFuture<SentAudio> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("caller-" + number)
        .start(() -> {
          try {
            result.complete(new Call(callId, format, number, frames).run());
          } catch (InterruptedException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return new NumberedCall(callId, "pcm", format, number, result);
  }

  private record PendingFrame(int seq, byte[] audio) {}

  /// One call, over one or more connections.
  private final class Call {
    private final String callId;
    private final FrameFormat format;
    private final NumberedAudio audio;
    private final int number;
    private final int frames;
    private final Deque<PendingFrame> unacknowledged = new ArrayDeque<>();
    private int sent;
    private int stored;
    private long startNanos;
    private boolean allSent;

    Call(String callId, FrameFormat format, int number, int frames) {
      this.callId = callId;
      this.format = format;
      this.audio = new NumberedAudio(format, number);
      this.number = number;
      this.frames = frames;
    }

    SentAudio run() throws InterruptedException {
      long deadline = System.nanoTime() + NumberedCall.CONNECT_TIMEOUT.toNanos();
      for (int attempt = number; System.nanoTime() < deadline; attempt++) {
        URI url = ingest.apply(attempt);
        try (PcmConnection connection = PcmConnection.open(client, url, token)) {
          connections.put(connection, url);
          connection.whenLost(() -> connections.remove(connection));
          connection.start(callId, tenant, format, stored + 1);
          sendAudio(connection, connection.awaitStarted());
          return new SentAudio(sent, frames, false);
        } catch (PcmConnection.LostException e) {
          if (e.isCallOver()) {
            return new SentAudio(sent, stored, !allSent);
          }
          if (e.wasStarted()) {
            deadline = System.nanoTime() + NumberedCall.CONNECT_TIMEOUT.toNanos();
          }
          Thread.sleep(NumberedCall.RETRY_MILLIS);
        }
      }
      throw new IllegalStateException("no ingest accepted call " + number);
    }

    private void sendAudio(PcmConnection connection, int next)
        throws PcmConnection.LostException, InterruptedException {
      stored = Math.max(stored, next - 1);
      dropStored();
      if (!unacknowledged.isEmpty() && unacknowledged.getFirst().seq() != next) {
        throw new IllegalStateException(
            "the service requested frame %d, but %d frames are acknowledged"
                .formatted(next, stored));
      }
      for (PendingFrame frame : List.copyOf(unacknowledged)) {
        connection.send(frame.audio());
      }
      startNanos = startNanos == 0 ? System.nanoTime() : startNanos;
      while (sent < frames) {
        TimeUnit.NANOSECONDS.sleep(
            startNanos + sent * Verdict.FRAME_MILLIS * 1_000_000L - System.nanoTime());
        byte[] frame = audio.frame(sent, System.nanoTime());
        sent++;
        unacknowledged.addLast(new PendingFrame(sent, frame));
        connection.send(frame);
        stored = Math.max(stored, connection.acknowledged());
        dropStored();
      }
      allSent = true;
      connection.stop();
    }

    private void dropStored() {
      while (!unacknowledged.isEmpty() && unacknowledged.getFirst().seq() <= stored) {
        unacknowledged.removeFirst();
      }
    }
  }
}
