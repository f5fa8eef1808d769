package io.verbatim.local.numbers;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/// Calls by the pcm dialect and never gives up: keeps every frame that was not acknowledged, and
/// when its line is lost calls again, resumes, and sends from the frame it is asked for.
///
/// Thread-safe.
public final class ResumingCaller {
  private final HttpClient client;
  private final IntFunction<URI> ingest;
  private final String token;
  private final String tenant;
  private final Map<PcmLine, URI> lines = new ConcurrentHashMap<>();

  /// @param ingest where to call: asked with the call's number for its first connection, and with
  ///   the next number for each further one
  /// @param token the JWT to show
  public ResumingCaller(HttpClient client, IntFunction<URI> ingest, String token, String tenant) {
    this.client = client;
    this.ingest = ingest;
    this.token = token;
    this.tenant = tenant;
  }

  /// Every connection to this ingest is lost now, to its caller.
  ///
  /// @return how many there were
  public int redial(URI url) {
    int lost = 0;
    for (Map.Entry<PcmLine, URI> line : lines.entrySet()) {
      if (line.getValue().equals(url)) {
        line.getKey().close();
        lost++;
      }
    }
    return lost;
  }

  /// Calls and speaks, on a thread of its own.
  public NumberedCall call(NumberedFormat format, int number, int frames) {
    String callId = "numbers-" + UUID.randomUUID();
    CompletableFuture<Spoken> over = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("caller-" + number)
        .start(() -> {
          try {
            over.complete(new Call(callId, format, number, frames).speak());
          } catch (InterruptedException | RuntimeException e) {
            over.completeExceptionally(e);
          }
        });
    return new NumberedCall(callId, "pcm", format, number, over);
  }

  private record Kept(int seq, byte[] audio) {}

  /// One call, over as many lines as it takes.
  private final class Call {
    private final String callId;
    private final NumberedFormat format;
    private final int number;
    private final int frames;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private int spoken;
    private int stored;
    private long begunNanos;
    private boolean saidAll;

    Call(String callId, NumberedFormat format, int number, int frames) {
      this.callId = callId;
      this.format = format;
      this.number = number;
      this.frames = frames;
    }

    Spoken speak() throws InterruptedException {
      long deadline = System.nanoTime() + NumberedCall.PATIENCE.toNanos();
      for (int attempt = number; System.nanoTime() < deadline; attempt++) {
        URI url = ingest.apply(attempt);
        try (PcmLine line = PcmLine.open(client, url, token)) {
          lines.put(line, url);
          line.whenLost(() -> lines.remove(line));
          line.start(callId, tenant, format, stored + 1);
          talk(line, line.awaitStarted());
          return new Spoken(spoken, frames, false);
        } catch (PcmLine.LostException e) {
          if (e.isCallOver()) {
            return new Spoken(spoken, stored, !saidAll);
          }
          if (e.wasUp()) {
            deadline = System.nanoTime() + NumberedCall.PATIENCE.toNanos();
          }
          Pauses.rest(NumberedCall.RETRY_MILLIS);
        }
      }
      throw new IllegalStateException("nobody took call " + number + " up again");
    }

    private void talk(PcmLine line, int next) throws PcmLine.LostException, InterruptedException {
      stored = Math.max(stored, next - 1);
      forgetStored();
      if (!kept.isEmpty() && kept.getFirst().seq() != next) {
        throw new IllegalStateException(
            "asked for frame %d, but %d were acknowledged".formatted(next, stored));
      }
      for (Kept frame : List.copyOf(kept)) {
        line.send(frame.audio());
      }
      begunNanos = begunNanos == 0 ? System.nanoTime() : begunNanos;
      while (spoken < frames) {
        Pauses.until(begunNanos + spoken * Verdict.FRAME_MILLIS * 1_000_000L);
        byte[] frame = TalkingFrame.of(format, number, spoken, System.nanoTime());
        spoken++;
        kept.addLast(new Kept(spoken, frame));
        line.send(frame);
        stored = Math.max(stored, line.acknowledged());
        forgetStored();
      }
      saidAll = true;
      line.stop();
    }

    private void forgetStored() {
      while (!kept.isEmpty() && kept.getFirst().seq() <= stored) {
        kept.removeFirst();
      }
    }
  }
}
