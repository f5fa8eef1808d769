package io.verbatim.pubsub.testkit;

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
final class Listener {
  private final AudioReader reader;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable End end;

  private Listener(AudioReader reader) {
    this.reader = reader;
  }

  static Listener of(BusContract stage, Bus bus, CallId call, long position) {
    return new Listener(stage.closing(bus.audio().read(call, position)));
  }

  AudioReader reader() {
    return reader;
  }

  List<Entry> entries() {
    return entries;
  }

  boolean atEnd() {
    return end != null;
  }

  End end() {
    return Objects.requireNonNull(end, "not at the end yet");
  }

  Listener hears(AudioSlice slice) {
    assertThat(slice.entries().size() + (slice.end().isPresent() ? 1 : 0)).isPositive();
    for (Entry entry : slice.entries()) {
      assertThat(entry.pcm()).isEqualTo(Samples.pcm(entry.start(), entry.pcm().length));
      entries.add(entry);
    }
    slice.end().ifPresent(found -> end = found);
    return this;
  }

  /// Reads until the audio up to a position is there.
  Listener upTo(long position) {
    while (entries.isEmpty() || entries.getLast().end() < position) {
      hears(Answers.of(reader.next()));
    }
    return this;
  }

  Listener untilEnd() {
    while (!atEnd()) {
      hears(Answers.of(reader.next()));
    }
    return this;
  }

  /// Where the entries begin and end, as `start-end`.
  List<String> places() {
    return entries.stream().map(entry -> entry.start() + "-" + entry.end()).toList();
  }
}
