package io.verbatim.bench.ingest;

import io.netty.buffer.Unpooled;
import io.verbatim.bench.calls.AudioCheck;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Resp;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the audio of calls in Redis: entries `<end position>-0` with `pcm`, and a last entry `<end
/// position>-1` with `end`.
final class StoredAudio {
  private static final String PAGE = "500";

  private StoredAudio() {}

  static String key(String callSid) {
    return "audio_stream:{" + callSid + "}";
  }

  /// The number of frames of a call that are missing or differ from what was sent. All frames count
  /// if the call has no end entry.
  static int lost(Resp redis, String callSid, int call, int sent) {
    AudioCheck check = new AudioCheck();
    String from = "-";
    String end = "";
    while (true) {
      List<@Nullable Object> page = redis.list("XRANGE", key(callSid), from, "+", "COUNT", PAGE);
      if (page.isEmpty()) {
        break;
      }
      for (Object entry : page) {
        String id = Resp.asText(Resp.asList(entry).getFirst());
        from = "(" + id;
        byte[] pcm = field(entry, "pcm");
        if (pcm != null) {
          check.accept(Unpooled.wrappedBuffer(pcm), 0, null);
        } else {
          end = id;
        }
      }
    }
    long expectedEnd = (long) sent * AudioCheck.FRAME_BYTES;
    boolean whole =
        end.equals(expectedEnd + "-1")
            && !check.isWithinFrame()
            && (sent == 0 || check.call() == call);
    return whole ? Math.abs(sent - check.frames()) + check.wrong() : Math.max(1, sent);
  }

  static boolean isEnded(Resp redis, String callSid) {
    List<@Nullable Object> last = redis.list("XREVRANGE", key(callSid), "+", "-", "COUNT", "1");
    return !last.isEmpty() && field(last.getFirst(), "end") != null;
  }

  private static byte @Nullable [] field(@Nullable Object entry, String name) {
    List<@Nullable Object> fields = Resp.asList(Resp.asList(entry).get(1));
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (fields.get(i) instanceof byte[] key
          && new String(key, StandardCharsets.US_ASCII).equals(name)
          && fields.get(i + 1) instanceof byte[] value) {
        return value;
      }
    }
    return null;
  }

  /// Reads a call's audio on its own thread until its end entry, and measures the age of each frame
  /// when it can be read.
  static Thread follow(Redis server, String callSid, LatencySink sink) {
    return Thread.ofPlatform()
        .name("follow-" + callSid)
        .daemon()
        .start(() -> {
          try (Resp redis = server.connect()) {
            followToEnd(redis, callSid, sink);
          } catch (UncheckedIOException | BenchException e) {
            System.err.println("The reader of call " + callSid + " failed: " + e.getMessage());
          }
        });
  }

  /// Supplies the current record of a follower's latencies; null while none are recorded.
  interface LatencySink {
    @Nullable Latencies now();
  }

  private static void followToEnd(Resp redis, String callSid, LatencySink sink) {
    AudioCheck check = new AudioCheck();
    String last = "0-0";
    boolean ended = false;
    while (!ended) {
      List<@Nullable Object> reply =
          redis.list("XREAD", "BLOCK", "40000", "STREAMS", key(callSid), last);
      long now = System.nanoTime();
      if (reply.isEmpty()) {
        throw new BenchException("no audio for 40 s");
      }
      for (Object entry : Resp.asList(Resp.asList(reply.getFirst()).get(1))) {
        last = Resp.asText(Resp.asList(entry).getFirst());
        byte[] pcm = field(entry, "pcm");
        if (pcm == null) {
          ended = true;
        } else {
          check.accept(Unpooled.wrappedBuffer(pcm), now, sink.now());
        }
      }
    }
  }
}
