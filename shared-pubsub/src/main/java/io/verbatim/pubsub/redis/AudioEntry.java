package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioSlice;
import java.util.Arrays;
import java.util.Map;

/// What one entry of an audio stream turns out to be.
sealed interface AudioEntry {

  record Audio(AudioSlice.Entry entry) implements AudioEntry {}

  record End(AudioSlice.End end) implements AudioEntry {}

  /// Not written by us; its audio, if it is any, is a hole.
  record Unreadable(String reason) implements AudioEntry {}

  /// Reads an entry: values in, values out, never an exception.
  ///
  /// @param position where the reader stands; what an entry repeats from below it is cut off
  static AudioEntry read(String id, Map<String, byte[]> body, long position) {
    try {
      boolean afterLoss = body.containsKey("lost");
      byte[] end = body.get("end");
      if (end != null) {
        return new End(new AudioSlice.End(endOf(id), Reply.asText(end), afterLoss));
      }
      byte[] pcm = body.get("pcm");
      byte[] arrived = body.get("t");
      if (pcm == null || arrived == null) {
        return new Unreadable("audio entry without pcm or t");
      }
      long start = endOf(id) - pcm.length;
      if (start < 0) {
        return new Unreadable("audio entry that begins before the call");
      }
      int said = Math.clamp(position - start, 0, pcm.length);
      return new Audio(
          new AudioSlice.Entry(
              start + said,
              said == 0 ? pcm : Arrays.copyOfRange(pcm, said, pcm.length),
              Long.parseLong(Reply.asText(arrived)),
              afterLoss && said == 0));
    } catch (NumberFormatException notANumber) {
      return new Unreadable("audio entry whose position or t is no number");
    }
  }

  /// The end position, which is the first half of the id.
  private static long endOf(String id) {
    return Long.parseLong(id, 0, id.indexOf('-'), 10);
  }
}
