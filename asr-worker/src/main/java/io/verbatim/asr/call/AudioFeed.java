package io.verbatim.asr.call;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioSlice.Entry;
import io.verbatim.pubsub.message.CallId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One call's audio as it comes from the log: a place in it, and a little that was read ahead.
///
/// While nobody can use the audio it reads on without keeping any (scanning), so as to learn of the
/// call's end; then it must be started again where audio is needed from.
final class AudioFeed {
  /// Reads ahead until this much waits; one slice of the log may come on top.
  private static final int READ_AHEAD_BYTES = 64 * 1024;

  private static final Duration RETRY = Duration.ofSeconds(1);

  /// A stretch of audio without a hole.
  ///
  /// @param arrivedMillis when its last byte came to ingest
  record Batch(long start, byte[] pcm, long arrivedMillis) {
    long end() {
      return start + pcm.length;
    }
  }

  private final AudioLog log;
  private final CallId call;
  private final CallLoop loop;
  private final Runnable onNews;
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private @Nullable AudioReader reader;
  private int reading;
  private boolean asked;
  private long position;
  private long waitingBytes;
  private boolean scanning;
  private Optional<AudioSlice.End> end = Optional.empty();
  private boolean endRead;

  /// @param onNews called on the loop when there is something to look at
  AudioFeed(AudioLog log, CallId call, CallLoop loop, Runnable onNews) {
    this.log = log;
    this.call = call;
    this.loop = loop;
    this.onNews = onNews;
  }

  /// Forgets what was read and reads from here on.
  void startAt(long start) {
    close();
    position = start;
    scanning = false;
    endRead = false;
    reader = log.read(call, start);
  }

  /// Reads on where there is room.
  void pull() {
    AudioReader source = reader;
    boolean full = !scanning && waitingBytes >= READ_AHEAD_BYTES;
    if (source == null || asked || endRead || full) {
      return;
    }
    asked = true;
    int generation = reading;
    source
        .next()
        .whenComplete((slice, error) ->
            loop.execute(() -> {
              if (generation == reading) {
                came(slice, error);
              }
            }));
  }

  private void came(@Nullable AudioSlice slice, @Nullable Throwable error) {
    asked = false;
    if (slice == null || error != null) {
      long resumeAt = position + waitingBytes;
      loop.after(RETRY, () -> resume(resumeAt));
      return;
    }
    if (slice.end().isPresent()) {
      end = slice.end();
      endRead = true;
    }
    for (Entry entry : slice.entries()) {
      if (scanning) {
        position = entry.end();
      } else {
        waiting.add(entry);
        waitingBytes += entry.pcm().length;
      }
    }
    onNews.run();
  }

  /// The log gave up on a read, which it is not meant to: begin again behind what is held.
  private void resume(long resumeAt) {
    if (reader != null && !asked && resumeAt == position + waitingBytes) {
      boolean wasScanning = scanning;
      startAt(position);
      scanning = wasScanning;
      onNews.run();
    }
  }

  /// Lets go of what was read and keeps nothing more, to find the end.
  void scan() {
    if (!scanning) {
      scanning = true;
      if (!waiting.isEmpty()) {
        position = waiting.getLast().end();
      }
      waiting.clear();
      waitingBytes = 0;
    }
  }

  boolean isScanning() {
    return scanning;
  }

  /// Whether more waits than is read ahead.
  boolean isFull() {
    return waitingBytes >= READ_AHEAD_BYTES;
  }

  /// The call's position the next byte has.
  long position() {
    return position;
  }

  /// Whether audio waits that follows without a hole.
  boolean hasAudio() {
    return !waiting.isEmpty() && waiting.getFirst().start() == position;
  }

  /// Where audio goes on, or the call ends, if there is a hole before that.
  OptionalLong holeEnd() {
    long next;
    if (!waiting.isEmpty()) {
      next = waiting.getFirst().start();
    } else if (endRead) {
      next = end.map(AudioSlice.End::position).orElse(position);
    } else {
      return OptionalLong.empty();
    }
    return next > position ? OptionalLong.of(next) : OptionalLong.empty();
  }

  /// Whether what is missing before what comes next never reached the log.
  boolean isAfterLoss() {
    return waiting.isEmpty()
        ? end.map(AudioSlice.End::afterLoss).orElse(false)
        : waiting.getFirst().afterLoss();
  }

  /// Goes behind the hole.
  void skipTo(long holeEnd) {
    position = holeEnd;
  }

  /// The call's end, once it has been read, with or without audio left before it.
  Optional<AudioSlice.End> end() {
    return end;
  }

  /// Whether all audio there will ever be lies behind, or what is left of it was let go.
  boolean isAtEnd() {
    return endRead && waiting.isEmpty() && (scanning || holeEnd().isEmpty());
  }

  /// Takes audio up to the next hole, whole entries together where they fit.
  ///
  /// @param maxBytes whole sample frames, at least one
  Batch take(int maxBytes) {
    int size = 0;
    long next = position;
    for (Entry entry : waiting) {
      if (entry.start() != next || size >= maxBytes) {
        break;
      }
      size = Math.min(maxBytes, size + entry.pcm().length);
      next = entry.end();
    }
    byte[] pcm = new byte[size];
    long start = position;
    long arrivedMillis = 0;
    for (int filled = 0; filled < size; ) {
      Entry entry = waiting.remove();
      int part = Math.min(entry.pcm().length, size - filled);
      System.arraycopy(entry.pcm(), 0, pcm, filled, part);
      filled += part;
      arrivedMillis = entry.arrivedMillis();
      if (part < entry.pcm().length) {
        waiting.addFirst(rest(entry, part));
      }
    }
    position = start + size;
    waitingBytes -= size;
    return new Batch(start, pcm, arrivedMillis);
  }

  private static Entry rest(Entry entry, int from) {
    byte[] rest = Arrays.copyOfRange(entry.pcm(), from, entry.pcm().length);
    return new Entry(entry.start() + from, rest, entry.arrivedMillis(), false);
  }

  /// Reads no more and holds nothing.
  void close() {
    AudioReader source = reader;
    reader = null;
    scanning = false;
    reading++;
    asked = false;
    waiting.clear();
    waitingBytes = 0;
    if (source != null) {
      source.close();
    }
  }
}
