package io.verbatim.ingest.exotel;

import io.verbatim.ingest.exotel.ExotelMessage.Media;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Media that came before its `start`: the newest second of it, at most 64 KiB.
final class EarlyMedia {
  static final long MAX_NANOS = 1_000_000_000L;
  static final int MAX_CHARS = 64 * 1024 / 3 * 4;

  /// What an event costs beside its texts, so that empty ones are bounded too.
  private static final int OVERHEAD_CHARS = 64;

  private record Held(Media media, long atNanos) {
    int chars() {
      int names = media.unknownFields().stream().mapToInt(String::length).sum();
      return OVERHEAD_CHARS + length(media.payload()) + length(media.streamSid()) + names;
    }

    private static int length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }
  }

  private final Deque<Held> held = new ArrayDeque<>();
  private int chars;

  /// Holds one event and answers how many older ones had to go.
  int add(Media media, long nowNanos) {
    Held latest = new Held(media, nowNanos);
    held.addLast(latest);
    chars += latest.chars();
    int dropped = 0;
    while (chars > MAX_CHARS) {
      dropFirst();
      dropped++;
    }
    return dropped + dropOlderThan(nowNanos - MAX_NANOS);
  }

  /// Gives up everything held, in the order of arrival.
  List<Media> take() {
    List<Media> all = new ArrayList<>(held.size());
    held.forEach(each -> all.add(each.media()));
    held.clear();
    chars = 0;
    return all;
  }

  /// Drops what came before the given time and answers how many that were.
  int dropOlderThan(long nanos) {
    int dropped = 0;
    while (!held.isEmpty() && held.getFirst().atNanos() - nanos < 0) {
      dropFirst();
      dropped++;
    }
    return dropped;
  }

  private void dropFirst() {
    chars -= held.removeFirst().chars();
  }
}
