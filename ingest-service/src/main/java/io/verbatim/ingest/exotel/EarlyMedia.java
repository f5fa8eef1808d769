package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelMessage.Media;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Media that arrived before its `start`: the last second, at most 64 KiB. Confined to the event
/// loop.
final class EarlyMedia {
  static final long MAX_NANOS = 1_000_000_000L;
  static final int MAX_BYTES = 64 * 1024;

  /// The cost of an event besides its audio and texts, so that empty events are bounded too.
  private static final int OVERHEAD_BYTES = 64;

  private record Held(Media media, long atNanos) {
    int bytes() {
      int names = media.unknownFields().stream().mapToInt(String::length).sum();
      return OVERHEAD_BYTES + media.audio().length + length(media.streamSid()) + names;
    }

    private static int length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }
  }

  private final Deque<Held> held = new ArrayDeque<>();
  private int bytes;

  /// Adds one event. Returns how many older events were dropped.
  int add(Media media, long nowNanos) {
    Held latest = new Held(media, nowNanos);
    held.addLast(latest);
    bytes += latest.bytes();
    int dropped = 0;
    while (bytes > MAX_BYTES) {
      dropFirst();
      dropped++;
    }
    return dropped + dropOlderThan(nowNanos - MAX_NANOS);
  }

  /// Removes and returns all events, in order of arrival.
  List<Media> removeAll() {
    List<Media> all = new ArrayList<>(held.size());
    held.forEach(each -> all.add(each.media()));
    held.clear();
    bytes = 0;
    return all;
  }

  /// Drops the events that arrived before the given time. Returns their number.
  int dropOlderThan(long nanos) {
    int dropped = 0;
    while (!held.isEmpty() && held.getFirst().atNanos() - nanos < 0) {
      dropFirst();
      dropped++;
    }
    return dropped;
  }

  private void dropFirst() {
    bytes -= held.removeFirst().bytes();
  }
}
