package io.verbatim.ingest.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packing of entries into blocks of a shared pool.
class StoredAudioTest {
  private final BlockPool pool = new BlockPool(Long.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomOperations_returnEveryEntryUnchanged(long seed) {
    Random random = new Random(seed);
    List<StoredAudio> packed = List.of(new StoredAudio(pool), new StoredAudio(pool));
    List<Deque<AudioChunk>> expected = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    long[] ends = new long[2];
    for (int step = 0; step < 20_000; step++) {
      int call = random.nextInt(2);
      StoredAudio audio = packed.get(call);
      Deque<AudioChunk> model = expected.get(call);
      switch (random.nextInt(model.size() > 100 ? 4 : 8)) {
        case 0 -> {
          if (!model.isEmpty()) {
            assertSame(audio.removeLast(), model.removeLast());
          }
        }
        case 1, 2 -> {
          if (!model.isEmpty()) {
            audio.removeFirst();
            model.removeFirst();
          }
        }
        case 3 -> {
          long position = ends[call] - random.nextInt(20_000);
          assertThat(audio.bytesAbove(position)).isEqualTo(bytesAbove(model, position));
        }
        default -> {
          AudioChunk entry = entry(ends[call] + random.nextInt(2) * 100L, random);
          ends[call] = entry.end();
          audio.addLast(entry);
          model.addLast(entry);
        }
      }
      assertThat(audio.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(audio.bytes()).isEqualTo(model.stream().mapToLong(AudioChunk::size).sum());
      if (!model.isEmpty()) {
        assertThat(audio.start()).isEqualTo(model.getFirst().start());
        assertThat(audio.firstEnd()).isEqualTo(model.getFirst().end());
        assertThat(audio.end()).isEqualTo(model.getLast().end());
      }
    }
    packed.forEach(StoredAudio::close);
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void releasedBlock_isReused() {
    StoredAudio audio = new StoredAudio(pool);
    AudioChunk frame = new AudioChunk(0, new byte[320], 1, 0, 0);
    audio.addLast(frame);
    audio.removeFirst();
    AudioBlock first = pool.take(audio, 320);
    pool.release(first);

    assertThat(pool.take(audio, 320)).isSameAs(first);
    assertThat(pool.bytes()).isEqualTo(AudioBlock.BYTES);
  }

  @Test
  void blockOfOneEntry_isNotReused() {
    StoredAudio audio = new StoredAudio(pool);
    AudioBlock large = pool.take(audio, AudioBlock.BYTES);
    pool.release(large);

    assertThat(pool.take(audio, AudioBlock.BYTES)).isNotSameAs(large);
    assertThat(pool.take(audio, 320)).isNotSameAs(large);
  }

  @Test
  void framesAfterLargeEntryOfABlocksSize_shareABlock() {
    StoredAudio audio = new StoredAudio(pool);
    audio.addLast(new AudioChunk(0, new byte[AudioBlock.BYTES], 1, 0, 0));
    audio.removeFirst();

    audio.addLast(new AudioChunk(AudioBlock.BYTES, new byte[320], 2, 0, 0));
    audio.addLast(new AudioChunk(AudioBlock.BYTES + 320, new byte[320], 3, 0, 0));

    assertThat(pool.bytes()).isEqualTo(AudioBlock.BYTES);
  }

  private static AudioChunk entry(long start, Random random) {
    byte[] bytes = new byte[random.nextInt(20) == 0 ? 5_000 : 160 + random.nextInt(1_000)];
    random.nextBytes(bytes);
    return new AudioChunk(start, bytes, random.nextInt(99), random.nextInt(3), random.nextInt(99));
  }

  private static long bytesAbove(Deque<AudioChunk> model, long position) {
    return model.stream()
        .mapToLong(entry -> Math.clamp(entry.end() - position, 0, entry.size()))
        .sum();
  }

  private static void assertSame(AudioChunk actual, AudioChunk expected) {
    assertThat(actual.bytes()).isEqualTo(expected.bytes());
    assertThat(actual).usingRecursiveComparison().ignoringFields("bytes").isEqualTo(expected);
  }
}
