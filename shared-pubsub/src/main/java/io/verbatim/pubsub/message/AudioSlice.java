package io.verbatim.pubsub.message;

import java.util.List;
import java.util.Optional;

/// The next part of a call's audio: entries in order, and the end if it is reached.
///
/// An entry that starts above the end of the previous one leaves a hole: audio that the log never
/// had, or has trimmed.
///
/// @param end present if nothing follows the entries of this slice
public record AudioSlice(List<Entry> entries, Optional<End> end) {

  /// One stretch of audio. The array is shared, not copied: readers must not change it.
  ///
  /// @param start position of its first byte
  /// @param arrivedMillis the arrival of its last byte at ingest, in epoch milliseconds
  /// @param afterLoss whether the audio before it never reached this log
  public record Entry(long start, byte[] pcm, long arrivedMillis, boolean afterLoss) {
    /// The position after its last byte.
    public long end() {
      return start + pcm.length;
    }
  }

  /// The end of a call's audio.
  ///
  /// @param position the call's last position; above the last entry's end if the last audio was
  ///   dropped
  /// @param afterLoss whether the audio before it never reached this log
  public record End(long position, String reason, boolean afterLoss) {}

  public AudioSlice {
    entries = List.copyOf(entries);
  }
}
