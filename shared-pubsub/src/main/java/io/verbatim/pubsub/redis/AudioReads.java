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
/// A stream at rest is tracked: its reader is notified when it grows, and reads at once. One
/// invalidation per entry costs more than the entry, so a stream in which audio flows is read at
/// short intervals instead, together with all others of its kind and without tracking; it is
/// tracked again when nothing has come for a while. The interval grows with the number of such
/// streams: the fewer there are, the less there is to gain by waiting.
///
/// Several reads may be in flight. Together they ask for at most 256 KiB, as far as the entries of
/// the last reads tell, so throughput does not depend on the round trip and no reply delays what
/// comes behind it. A key of another type fails the read of all streams that are read with it; they
/// are then read one by one, and that stream alone waits.
final class AudioReads {
  private static final int MAX_BYTES_IN_FLIGHT = 256 * 1024;
  private static final int MIN_ENTRIES_PER_STREAM = 4;
  private static final int MAX_ENTRIES_PER_STREAM = 64;
  private static final long NANOS_PER_FLOWING_STREAM = 75_000;
  private static final long MIN_INTERVAL_NANOS = 1_000_000;
  private static final long MAX_INTERVAL_NANOS = 10_000_000;

  /// Longer than the pause between two entries of a caller that speaks.
  private static final long AT_REST_AFTER_NANOS = 100_000_000;

  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration WRONG_TYPE_RETRY = Duration.ofSeconds(1);

  private static final byte[] XREAD = Reply.bytes("XREAD");
  private static final byte[] COUNT = Reply.bytes("COUNT");
  private static final byte[] STREAMS = Reply.bytes("STREAMS");

  /// What is known of one reader's stream.
  static final class State {
    /// It may have grown since it was last read.
    private boolean changed = true;

    /// Audio flows: it is read at intervals, without tracking.
    private boolean flows;

    private boolean reading;

    /// Its read failed together with others because of a key of another type.
    private boolean suspect;

    /// Its key is of another type, as of a moment ago.
    private boolean paused;

    private long foundNanos;

    /// How many entries its last read found.
    private int lastEntries;
  }

  private final RedisConnection redis;
  private final Invalidations invalidations;

  /// Readers that wait for audio, in turn: a reader leaves when it is served.
  private final SequencedSet<RedisAudioReader> waiting = new LinkedHashSet<>();

  private int flowing;
  private int bytesInFlight;
  private boolean readDue;
  private long readNanos = System.nanoTime();

  AudioReads(RedisConnection redis, Invalidations invalidations) {
    this.redis = redis;
    this.invalidations = invalidations;
  }

  /// The reader wants audio.
  void await(RedisAudioReader reader) {
    waiting.add(reader);
    if (reader.state.changed || reader.state.flows) {
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

  void forget(RedisAudioReader reader) {
    waiting.remove(reader);
    comesToRest(reader.state);
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
    return Math.clamp(flowing * NANOS_PER_FLOWING_STREAM, MIN_INTERVAL_NANOS, MAX_INTERVAL_NANOS);
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
      if (state.reading || state.paused || !(state.changed || state.flows)) {
        continue;
      }
      int expected = expectedBytes(reader, MAX_ENTRIES_PER_STREAM);
      if (reserved > 0 && reserved + expected > MAX_BYTES_IN_FLIGHT) {
        continue; // it is read when an answer has made room
      }
      reserved += expected;
      entryBytes += reader.entries.expectedEntryBytes();
      if (state.flows && readNanos - state.foundNanos >= AT_REST_AFTER_NANOS) {
        comesToRest(state);
      }
      (state.suspect ? suspects : state.flows ? untracked : tracked).add(reader);
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

  /// A stream that is read to its end has an entry or two next time; one with a backlog has as many
  /// as are asked for. Reserving the most for each would leave room for a few streams only, and the
  /// others would wait for the answer.
  private static int expectedBytes(RedisAudioReader reader, int mostEntries) {
    return Math.min(mostEntries, reader.state.lastEntries + 2)
        * reader.entries.expectedEntryBytes();
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
      reader.entries.readBegins();
    }
    int asked = bytes;
    bytesInFlight += asked;
    AudioReadDecoder decoder =
        new AudioReadDecoder(readers.stream().map(reader -> reader.entries).toList());
    redis
        .dispatch(
            new RedisCall<>(
                CommandType.XREAD, decoder, (out, buffer) -> encode(out, buffer, readers, entries)))
        .whenComplete((_, failure) -> {
          bytesInFlight -= asked;
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
      suspect(readers);
      readSoon();
      return;
    }
    if (failure != null) {
      readers.forEach(reader -> reader.state.changed = true);
      redis.schedule(this::readSoon, AFTER_FAILURE);
      return;
    }
    boolean found = false;
    long now = System.nanoTime();
    for (RedisAudioReader reader : readers) {
      if (!waiting.remove(reader)) {
        continue; // closed while its read was in flight
      }
      reader.state.suspect = false;
      int came = reader.entries.entriesRead();
      reader.state.lastEntries = came;
      if (came > 0) {
        found = true;
        audioFlows(reader.state, now);
        reader.state.changed |= came == entries;
      }
      // Not waiting during the answer: the reader's owner may ask for more at once.
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

  private void audioFlows(State state, long now) {
    state.foundNanos = now;
    if (!state.flows) {
      state.flows = true;
      flowing++;
    }
  }

  /// The next read of it is tracked, and must find what came before it was.
  private void comesToRest(State state) {
    if (state.flows) {
      state.flows = false;
      state.changed = true;
      flowing--;
    }
  }

  /// Of several it is not known yet whose key it is; a single one is it.
  private void suspect(List<RedisAudioReader> failed) {
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
