package io.verbatim.asr.feed;

import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioSlice.Entry;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One call's audio as it is read from the log: a position in it, and a bounded read-ahead.
/// Confined to the event loop.
///
/// While no session can take the audio, the feed only scans: it reads on without keeping audio, to
/// find the call's end. [#startAt] ends the scan and reads the audio again.
public final class AudioFeed {
  /// Limit of the read-ahead; the last slice may exceed it.
  private static final int READ_AHEAD_BYTES = 64 * 1024;

  private static final Duration RETRY = Duration.ofSeconds(1);

  /// A stretch of audio without a gap: a part of a shared array, which must not be changed.
  ///
  /// @param start position of its first byte
  /// @param arrivedMillis when its last byte arrived at ingest
  public record Batch(long start, byte[] array, int offset, int length, long arrivedMillis) {
    public long end() {
      return start + length;
    }
  }

  private final AudioLog log;
  private final CallId call;
  private final EventLoop loop;
  private final Runnable onChange;

  /// The first entry may start below [#position]; the part below was taken.
  private final Deque<Entry> waiting = new ArrayDeque<>();

  private @Nullable AudioReader reader;

  /// Changes with each start and close, so that late answers to earlier reads are ignored.
  private int generation;

  private boolean reading;
  private long position;
  private long waitingBytes;
  private boolean scanning;

  /// The call's end, which stays known when the audio is read again.
  private Optional<AudioSlice.End> end = Optional.empty();

  /// Whether the current reader has reached the end.
  private boolean endRead;

  /// @param onChange called when audio, a gap or the end has been read, also from within [#pull]
  public AudioFeed(AudioLog log, CallId call, EventLoop loop, Runnable onChange) {
    this.log = log;
    this.call = call;
    this.loop = loop;
    this.onChange = onChange;
  }

  /// Discards what was read and reads from this position on.
  public void startAt(long start) {
    close();
    position = start;
    endRead = false;
    reader = log.read(call, start);
  }

  /// Reads the next slice, unless the read-ahead is full.
  public void pull() {
    AudioReader source = reader;
    if (source == null || reading || endRead || (!scanning && isFull())) {
      return;
    }
    reading = true;
    int current = generation;
    source
        .next()
        .whenComplete((slice, error) -> {
          if (current == generation) {
            received(slice, error);
          }
        });
  }

  private void received(@Nullable AudioSlice slice, @Nullable Throwable error) {
    reading = false;
    if (slice == null || error != null) {
      int failedGeneration = generation;
      loop.after(RETRY, () -> resume(failedGeneration));
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
    onChange.run();
  }

  /// Reads again from the position after a failed read. The contract of the log excludes such
  /// failures.
  private void resume(int failedGeneration) {
    if (failedGeneration == generation && reader != null) {
      boolean wasScanning = scanning;
      startAt(position);
      scanning = wasScanning;
      onChange.run();
    }
  }

  /// Discards what was read and, from now on, keeps no audio and only looks for the end.
  public void scan() {
    if (!scanning) {
      scanning = true;
      if (!waiting.isEmpty()) {
        position = waiting.getLast().end();
      }
      waiting.clear();
      waitingBytes = 0;
    }
  }

  public boolean isScanning() {
    return scanning;
  }

  /// Whether the read-ahead is full.
  public boolean isFull() {
    return waitingBytes >= READ_AHEAD_BYTES;
  }

  /// Position of the next byte.
  public long position() {
    return position;
  }

  /// Whether audio is available, with no gap before it.
  public boolean hasAudio() {
    return !waiting.isEmpty() && waiting.getFirst().start() <= position;
  }

  /// The end of the gap before the next audio or the call's end; empty if there is no gap.
  public OptionalLong gapEnd() {
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

  /// Whether the audio before the next entry is missing because it never reached the log.
  public boolean isAfterLoss() {
    return waiting.isEmpty()
        ? end.map(AudioSlice.End::afterLoss).orElse(false)
        : waiting.getFirst().afterLoss();
  }

  /// Continues after the gap.
  public void skipTo(long gapEnd) {
    position = gapEnd;
  }

  /// The call's end, once it has been read, with or without audio left before it.
  public Optional<AudioSlice.End> end() {
    return end;
  }

  /// Whether all audio of the call has been taken or discarded.
  public boolean isAtEnd() {
    return endRead && waiting.isEmpty() && (scanning || gapEnd().isEmpty());
  }

  /// Takes audio up to the next gap; requires [#hasAudio]. A part of one entry is not copied;
  /// several entries become one copy.
  ///
  /// @param maxBytes whole sample frames, at least one
  public Batch take(int maxBytes) {
    Entry first = waiting.getFirst();
    int offset = (int) (position - first.start());
    int left = first.pcm().length - offset;
    if (left >= maxBytes || waiting.size() == 1) {
      int length = Math.min(left, maxBytes);
      Batch batch = new Batch(position, first.pcm(), offset, length, first.arrivedMillis());
      advance(length);
      return batch;
    }
    return gather(maxBytes);
  }

  private Batch gather(int maxBytes) {
    long end = position;
    for (Entry entry : waiting) {
      if (entry.start() > end || end - position >= maxBytes) {
        break;
      }
      end = entry.end();
    }
    long start = position;
    byte[] pcm = new byte[(int) Math.min(maxBytes, end - start)];
    long arrivedMillis = 0;
    for (int filled = 0; filled < pcm.length; ) {
      Entry entry = waiting.getFirst();
      int offset = (int) (position - entry.start());
      int part = Math.min(entry.pcm().length - offset, pcm.length - filled);
      System.arraycopy(entry.pcm(), offset, pcm, filled, part);
      filled += part;
      arrivedMillis = entry.arrivedMillis();
      advance(part);
    }
    return new Batch(start, pcm, 0, pcm.length, arrivedMillis);
  }

  private void advance(int taken) {
    position += taken;
    waitingBytes -= taken;
    if (waiting.getFirst().end() <= position) {
      waiting.removeFirst();
    }
  }

  /// Stops reading and discards what was read.
  public void close() {
    AudioReader source = reader;
    reader = null;
    generation++;
    scanning = false;
    reading = false;
    waiting.clear();
    waitingBytes = 0;
    if (source != null) {
      source.close();
    }
  }
}
