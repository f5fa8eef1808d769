package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioSlice.End;
import io.verbatim.pubsub.message.AudioSlice.Entry;
import io.verbatim.pubsub.message.CallId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A reader of a call's audio that checks each byte against its position.
public final class CheckedAudioReader {
  private final AudioReader reader;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable End end;

  private CheckedAudioReader(AudioReader reader) {
    this.reader = reader;
  }

  public static CheckedAudioReader of(BusContract contract, Bus bus, CallId call, long position) {
    return new CheckedAudioReader(contract.closing(bus.audio().read(call, position)));
  }

  public AudioReader reader() {
    return reader;
  }

  public List<Entry> entries() {
    return entries;
  }

  public boolean atEnd() {
    return end != null;
  }

  public End end() {
    return Objects.requireNonNull(end, "not at the end yet");
  }

  public CheckedAudioReader receive(AudioSlice slice) {
    assertThat(slice.entries().size() + (slice.end().isPresent() ? 1 : 0)).isPositive();
    for (Entry entry : slice.entries()) {
      assertThat(entry.pcm()).isEqualTo(Samples.pcm(entry.start(), entry.pcm().length));
      entries.add(entry);
    }
    slice.end().ifPresent(found -> end = found);
    return this;
  }

  /// Reads until the audio up to a position is there.
  public CheckedAudioReader readUpTo(long position) {
    while (entries.isEmpty() || entries.getLast().end() < position) {
      receive(Answers.of(reader.next()));
    }
    return this;
  }

  public CheckedAudioReader readToEnd() {
    while (!atEnd()) {
      receive(Answers.of(reader.next()));
    }
    return this;
  }

  /// The position range of each entry, as `start-end`.
  public List<String> ranges() {
    return entries.stream().map(entry -> entry.start() + "-" + entry.end()).toList();
  }
}
