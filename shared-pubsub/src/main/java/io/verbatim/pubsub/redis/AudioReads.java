package io.verbatim.pubsub.redis;

import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Reads the audio streams that may have grown, many in one XREAD. Confined to the event loop.
///
/// An idle stream is tracked: its reader is notified when it grows, and reads at once. One
/// invalidation per entry costs more than the entry, so active streams are read together at short
/// intervals instead, without tracking. A stream without new entries for a while becomes idle and
/// is tracked again. The interval grows with the number of active streams: with few of them,
/// waiting saves little.
///
/// Several reads may be in flight. Together they request at most about 256 KiB, estimated from the
/// entries of the last reads, so throughput does not depend on the round trip and no reply delays
/// later ones for long. A key of another type fails the read of all streams in the same command.
/// They are then read one by one, and only that stream waits.
final class AudioReads {
  private static final int MAX_BYTES_IN_FLIGHT = 256 * 1024;
  private static final int MIN_ENTRIES_PER_STREAM = 4;
  private static final int MAX_ENTRIES_PER_STREAM = 64;
  private static final long NANOS_PER_ACTIVE_STREAM = 75_000;
  private static final long MIN_INTERVAL_NANOS = 1_000_000;
  private static final long MAX_INTERVAL_NANOS = 10_000_000;

  /// Longer than the interval between two entries of a live call.
  private static final long IDLE_AFTER_NANOS = 100_000_000;

  private static final Duration FAILURE_RETRY = Duration.ofMillis(100);
  private static final Duration WRONG_TYPE_RETRY = Duration.ofSeconds(1);

  private static final byte[] XREAD = Reply.bytes("XREAD");
  private static final byte[] COUNT = Reply.bytes("COUNT");
  private static final byte[] STREAMS = Reply.bytes("STREAMS");

  /// The read state of one reader's stream.
  static final class State {
    /// The stream may have grown since the last read.
    private boolean changed = true;

    /// Audio arrives: the stream is read at intervals, without tracking.
    private boolean active;

    private boolean reading;

    /// The last read failed because one of its keys has another type.
    private boolean suspect;

    /// The key has another type; it is read again after [#WRONG_TYPE_RETRY].
    private boolean paused;

    private long foundNanos;

    /// The number of entries of the last read.
    private int lastEntries;
  }

  private final RedisConnection redis;
  private final Invalidations invalidations;

  /// Readers that wait for audio, in order; a reader is removed when it is answered.
  private final SequencedSet<RedisAudioReader> waiting = new LinkedHashSet<>();

  private int activeStreams;
  private int bytesInFlight;
  private boolean readDue;
  private long readNanos = System.nanoTime();

  AudioReads(RedisConnection redis, Invalidations invalidations) {
    this.redis = redis;
    this.invalidations = invalidations;
  }

  /// The reader requests audio.
  void await(RedisAudioReader reader) {
    waiting.add(reader);
    if (reader.state.changed || reader.state.active) {
      readSoon();
    }
  }

  /// The stream may have grown.
  void changed(RedisAudioReader reader) {
    reader.state.changed = true;
    if (waiting.contains(reader)) {
      readSoon();
    }
  }

  void remove(RedisAudioReader reader) {
    waiting.remove(reader);
    markIdle(reader.state);
  }

  private void readSoon() {
    if (readDue) {
      return;
    }
    readDue = true;
    long wait = readNanos + interval() - System.nanoTime();
    if (wait <= 0) {
      redis.execute(this::read);
    } else {
      redis.schedule(this::read, Duration.ofNanos(wait));
    }
  }

  private long interval() {
    return Math.clamp(
        activeStreams * NANOS_PER_ACTIVE_STREAM, MIN_INTERVAL_NANOS, MAX_INTERVAL_NANOS);
  }

  private void read() {
    readDue = false;
    readNanos = System.nanoTime();
    List<RedisAudioReader> untracked = new ArrayList<>();
    List<RedisAudioReader> tracked = new ArrayList<>();
    List<RedisAudioReader> suspects = new ArrayList<>();
    int entryBytes = 0;
    int reserved = bytesInFlight;
    for (RedisAudioReader reader : waiting) {
      State state = reader.state;
      if (state.reading || state.paused || !(state.changed || state.active)) {
        continue;
      }
      int expected = expectedBytes(reader, MAX_ENTRIES_PER_STREAM);
      if (reserved > 0 && reserved + expected > MAX_BYTES_IN_FLIGHT) {
        continue; // it is read after a reply has freed room
      }
      reserved += expected;
      entryBytes += reader.entries.expectedEntryBytes();
      if (state.active && readNanos - state.foundNanos >= IDLE_AFTER_NANOS) {
        markIdle(state);
      }
      (state.suspect ? suspects : state.active ? untracked : tracked).add(reader);
    }
    int entries =
        Math.clamp(
            (MAX_BYTES_IN_FLIGHT - bytesInFlight) / Math.max(1, entryBytes),
            MIN_ENTRIES_PER_STREAM,
            MAX_ENTRIES_PER_STREAM);
    read(untracked, entries);
    readTracked(tracked, entries);
    suspects.forEach(reader -> readTracked(List.of(reader), entries));
  }

  /// The expected bytes of the next read. A stream that was read to its end has one or two new
  /// entries; one with a backlog has as many as requested. Reserving the maximum for each would
  /// leave room for only a few streams, and the others would wait for the reply.
  private static int expectedBytes(RedisAudioReader reader, int maxEntries) {
    return Math.min(maxEntries, reader.state.lastEntries + 2) * reader.entries.expectedEntryBytes();
  }

  private void readTracked(List<RedisAudioReader> readers, int entries) {
    if (!readers.isEmpty()) {
      invalidations.trackNextRead();
      read(readers, entries);
    }
  }

  private void read(List<RedisAudioReader> readers, int entries) {
    if (readers.isEmpty()) {
      return;
    }
    int bytes = 0;
    for (RedisAudioReader reader : readers) {
      bytes += expectedBytes(reader, entries);
      reader.state.changed = false;
      reader.state.reading = true;
      reader.entries.startRead();
    }
    int requestedBytes = bytes;
    bytesInFlight += requestedBytes;
    AudioReadDecoder decoder =
        new AudioReadDecoder(readers.stream().map(reader -> reader.entries).toList());
    redis
        .dispatch(
            new RedisCall<>(
                CommandType.XREAD, decoder, (out, buffer) -> encode(out, buffer, readers, entries)))
        .whenComplete((_, failure) -> {
          bytesInFlight -= requestedBytes;
          answered(readers, entries, failure);
        });
  }

  private static void encode(
      RespWriter out, ByteBuf buffer, List<RedisAudioReader> readers, int entries) {
    buffer.ensureWritable(128 + 96 * readers.size());
    out.array(4 + 2 * readers.size());
    out.bytes(XREAD);
    out.bytes(COUNT);
    out.number(entries);
    out.bytes(STREAMS);
    readers.forEach(reader -> out.bytes(reader.entries.key()));
    readers.forEach(reader -> reader.entries.encodeLastId(out));
  }

  private void answered(List<RedisAudioReader> readers, int entries, @Nullable Throwable failure) {
    readers.forEach(reader -> reader.state.reading = false);
    if (failure != null && WrongType.isCauseOf(failure)) {
      markSuspects(readers);
      readSoon();
      return;
    }
    if (failure != null) {
      readers.forEach(reader -> reader.state.changed = true);
      redis.schedule(this::readSoon, FAILURE_RETRY);
      return;
    }
    boolean found = false;
    long now = System.nanoTime();
    for (RedisAudioReader reader : readers) {
      if (!waiting.remove(reader)) {
        continue; // closed while its read was in flight
      }
      reader.state.suspect = false;
      int count = reader.entries.entriesRead();
      reader.state.lastEntries = count;
      if (count > 0) {
        found = true;
        markActive(reader.state, now);
        reader.state.changed |= count == entries;
      }
      // Removed during the answer, because the reader's user may request more at once.
      if (!reader.answer()) {
        waiting.add(reader);
      }
    }
    if (found) {
      invalidations.foundSomething();
    }
    if (!waiting.isEmpty()) {
      readSoon();
    }
  }

  private void markActive(State state, long now) {
    state.foundNanos = now;
    if (!state.active) {
      state.active = true;
      activeStreams++;
    }
  }

  /// The next read is tracked. It must also find entries that arrived before it.
  private void markIdle(State state) {
    if (state.active) {
      state.active = false;
      state.changed = true;
      activeStreams--;
    }
  }

  /// If several streams failed together, each becomes a suspect. If one failed alone, its key has
  /// the wrong type.
  private void markSuspects(List<RedisAudioReader> failed) {
    for (RedisAudioReader reader : failed) {
      reader.state.changed = true;
      if (failed.size() > 1) {
        reader.state.suspect = true;
      } else if (waiting.contains(reader)) {
        pause(reader);
      }
    }
  }

  private void pause(RedisAudioReader reader) {
    reader.entries.reportWrongType();
    reader.state.paused = true;
    redis.schedule(
        () -> {
          reader.state.paused = false;
          changed(reader);
        },
        WRONG_TYPE_RETRY);
  }
}
