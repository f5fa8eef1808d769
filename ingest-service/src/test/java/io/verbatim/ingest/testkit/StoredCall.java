package io.verbatim.ingest.testkit;

import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A call in the log, read to its end.
///
/// @param entries the number of audio entries
/// @param holes the positions at which audio is missing
@SuppressWarnings("ArrayRecordComponent")
public record StoredCall(byte[] audio, int entries, List<Long> holes, long end, String reason) {

  /// Reads until the end entry, waiting for it.
  public static StoredCall read(Bus bus, String call) {
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    List<Long> holes = new ArrayList<>();
    int entries = 0;
    long position = 0;
    try (AudioReader reader = bus.audio().read(new CallId(call), 0)) {
      while (true) {
        AudioSlice slice =
            reader.next().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        for (AudioSlice.Entry entry : slice.entries()) {
          if (entry.start() != position) {
            holes.add(position);
          }
          audio.writeBytes(entry.pcm());
          position = entry.end();
          entries++;
        }
        if (slice.end().isPresent()) {
          AudioSlice.End end = slice.end().get();
          return new StoredCall(audio.toByteArray(), entries, holes, end.position(), end.reason());
        }
      }
    }
  }
}
