package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.contract.Answers;
import io.verbatim.pubsub.contract.Caller;
import io.verbatim.pubsub.contract.Owner;
import io.verbatim.pubsub.contract.Samples;
import io.verbatim.pubsub.contract.Worker;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.DeadLetter;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Foreign data in the bus's keys: each entry becomes one dead letter with its source, id and
/// reason, and the entries after it are read.
@ExtendWith(RedisExtension.class)
class UnreadableEntriesIT {
  private static final CallStart START = Samples.mono("call-1");
  private static final CallId CALL = START.call();
  private static final String ANNOUNCEMENTS = "audio_stream";
  private static final String AUDIO = "audio_stream:{call-1}";
  private static final String TRANSCRIPT = "transcript:{call-1}";
  private static final String LIVE_STATE = "transcript:{call-1}:now";
  private static final String HASH = "call:{call-1}";

  private final RedisServer server;
  private Bus bus;

  UnreadableEntriesIT(RedisServer server) {
    this.server = server;
  }

  @BeforeEach
  void open() {
    bus =
        RedisBus.open(
            new RedisSettings(
                server.url(),
                "",
                "unreadable",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofMillis(400),
                50,
                1000,
                2000));
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> bus.health() instanceof BusHealth.Connected);
  }

  @AfterEach
  void close() throws Exception {
    bus.close();
  }

  private RedisCommands<String, String> redis() {
    return server.commands();
  }

  @Test
  void unreadableAnnouncements_areSkipped() {
    String nameless = redis().xadd(ANNOUNCEMENTS, Map.of("what", "ever"));
    String misnamed = redis().xadd(ANNOUNCEMENTS, Map.of("call", "no call/id\n"));
    Worker worker = Worker.on(bus, 4);
    Caller.openNew(bus, START);

    assertThat(worker.awaitGrant().call()).isEqualTo(CALL);
    assertThat(letters(2))
        .containsExactlyInAnyOrder(
            ANNOUNCEMENTS + " " + nameless + " announcement without a call id",
            ANNOUNCEMENTS + " " + misnamed + " announcement without a call id");
  }

  @Test
  void unreadableAudioEntries_areSkipped() {
    Caller caller = Caller.openNew(bus, START).store(320);
    redis().xadd(AUDIO, XAddArgs.Builder.maxlen(100).id("400-0"), Map.of("what", "ever"));
    redis().xadd(AUDIO, XAddArgs.Builder.maxlen(100).id("401-0"), Map.of("pcm", "a", "t", "now"));
    caller.store(320);

    List<AudioSlice.Entry> entries = new ArrayList<>();
    try (AudioReader reader = bus.audio().read(CALL, 0)) {
      while (entries.isEmpty() || entries.getLast().end() < 640) {
        entries.addAll(Answers.of(reader.next()).entries());
      }
    }

    assertThat(entries).extracting(AudioSlice.Entry::start).containsExactly(0L, 320L);
    assertThat(letters(2))
        .containsExactlyInAnyOrder(
            AUDIO + " 400-0 audio entry without pcm or t",
            AUDIO + " 401-0 audio entry with a position or t that is not a number");
  }

  /// A reader compares the lines: an unreadable entry must not look like a replaced history.
  @Test
  void unreadableTranscriptEntries_nextEntryIsLinkedToLastReadable() {
    Caller.openNew(bus, START).store(32_000);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    owner.appendFinal(0, 320, "one");
    String first = redis().hget(HASH, "line");
    addUnreadable("400-0", first, "00000000000b");
    addUnreadable("401-0", "00000000000b", "00000000000c");
    redis().hset(HASH, "line", "00000000000c");
    redis().hset(LIVE_STATE, "line", "00000000000c");

    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      TranscriptChange change = Answers.of(reader.next());
      assertThat(change.entries()).hasSize(1);
      assertThat(change.liveState().line()).isEqualTo(first);
      owner.appendFinal(320, 640, "two");
      do {
        change = Answers.of(reader.next());
      } while (change.entries().isEmpty());
      assertThat(change.entries().getFirst().link().after()).isEqualTo(first);
    }
    List<TranscriptEntry> read = Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 10));
    assertThat(read).hasSize(2);
    assertThat(read.getLast().link().after()).isEqualTo(read.getFirst().link().line());
  }

  private void addUnreadable(String id, String after, String line) {
    redis()
        .xadd(
            TRANSCRIPT,
            XAddArgs.Builder.maxlen(100).id(id),
            Map.of("type", "final", "seq", "x", "data", "{", "after", after, "line", line));
  }

  @Test
  void audioKeyOfOtherType_delaysOnlyItsReader() {
    Caller caller = Caller.openNew(bus, START);
    Caller other = Caller.openNew(bus, Samples.mono("call-2"));
    redis().set(AUDIO, "not a stream");

    try (AudioReader mine = bus.audio().read(CALL, 0);
        AudioReader theirs = bus.audio().read(new CallId("call-2"), 0)) {
      CompletionStage<AudioSlice> pending = mine.next();
      for (int i = 1; i <= 20; i++) {
        other.store(320);
        assertThat(Answers.of(theirs.next()).entries())
            .singleElement()
            .extracting(AudioSlice.Entry::end)
            .isEqualTo(i * 320L);
      }
      assertThat(letters(1)).containsExactly(AUDIO + " key not a stream");
      redis().configResetstat();
      Awaitility.await("it waits between two reads")
          .during(Duration.ofSeconds(3))
          .until(() -> reads() <= 12);
      redis().del(AUDIO);
      caller.store(320);

      assertThat(Answers.of(pending).entries()).hasSize(1);
    }
  }

  @Test
  void unreadableTranscriptEntries_areSkippedAndReportedOnce() {
    Caller.openNew(bus, START).store(640);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    owner.appendFinal(0, 320, "hello");
    junk("320-1", Map.of("type", "final", "seq", "2", "data", "{}"));
    junk("320-2", Map.of("type", "final", "seq", "2", "data", "null"));
    junk("320-3", Map.of("type", "song"));
    junk("320-4", Map.of("type", "final", "seq", "nine", "data", "{}"));
    owner.appendFinal(320, 640, "world");

    assertThat(words(Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 2))))
        .as("a page is full if more entries follow")
        .containsExactly("hello", "world");
    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      assertThat(words(Answers.of(reader.next()).entries())).containsExactly("hello", "world");
    }
    assertThat(letters(4))
        .as("once each, for any number of readers")
        .containsExactlyInAnyOrder(
            TRANSCRIPT + " 320-1 not a Speech",
            TRANSCRIPT + " 320-2 not a Speech",
            TRANSCRIPT + " 320-3 a transcript entry with an unknown type",
            TRANSCRIPT + " 320-4 a transcript entry with a seq that is not a number");
  }

  @Test
  void unreadableLiveState_hidesInterimsNotEntries() {
    Caller.openNew(bus, START).store(640);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    redis().hset(LIVE_STATE, Map.of("interim:0", "{", "recognizer", "{"));
    owner.appendFinal(0, 320, "hello");
    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      assertThat(words(Answers.of(reader.next()).entries())).containsExactly("hello");
    }
    redis().hset(LIVE_STATE, "interim:0", "{");
    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      assertThat(Answers.of(reader.next()).liveState().interims()).isEmpty();
    }
    redis().del(LIVE_STATE);
    redis().set(LIVE_STATE, "not a hash");
    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      assertThat(words(Answers.of(reader.next()).entries())).containsExactly("hello");
    }

    assertThat(letters(3))
        .as("one for each field")
        .containsExactlyInAnyOrder(
            LIVE_STATE + " interim:0 unreadable field of the live state",
            LIVE_STATE + " recognizer unreadable field of the live state",
            LIVE_STATE + " key not a hash");
  }

  @Test
  void transcriptKeyOfOtherType_isReadAfterItIsRemoved() {
    Caller.openNew(bus, START).store(640);
    Owner owner = Worker.on(bus, 1).awaitGrant();
    redis().set(TRANSCRIPT, "not a stream");
    try (TranscriptReader reader = bus.transcripts().follow(CALL, TranscriptLog.START)) {
      CompletionStage<TranscriptChange> asked = reader.next();
      assertThat(letters(1)).containsExactly(TRANSCRIPT + " key not a stream");
      redis().del(TRANSCRIPT);
      owner.appendFinal(0, 320, "hello");

      List<TranscriptEntry> entries = Answers.of(asked).entries();
      while (entries.isEmpty()) {
        entries = Answers.of(reader.next()).entries();
      }
      assertThat(words(entries)).containsExactly("hello");
    }
  }

  @Test
  void unreadableCallHash_isDeadLetteredAndOtherCallsAreGranted() {
    Caller.openNew(bus, START);
    redis().hset(HASH, "format", "opus/8000/1");
    String entry = redis().hget(HASH, "entry");
    Caller.openNew(bus, Samples.mono("call-2"));
    Worker worker = Worker.on(bus, 4);

    assertThat(worker.awaitGrant().call()).isEqualTo(new CallId("call-2"));
    assertThat(letters(1))
        .containsExactly(HASH + " " + entry + " the call's hash has an invalid field format");
  }

  @Test
  void callKeyOfOtherType_isDeadLetteredAndOtherCallsAreGranted() {
    String entry = redis().xadd(ANNOUNCEMENTS, Map.of("call", "call-1"));
    redis().set(HASH, "not a hash");
    Caller.openNew(bus, Samples.mono("call-2"));
    Worker worker = Worker.on(bus, 4);

    assertThat(worker.awaitGrant().call()).isEqualTo(new CallId("call-2"));
    assertThat(letters(1)).containsExactly(HASH + " " + entry + " the call's key is not a hash");
  }

  @Test
  void unreadableCalls_areLeftOutOfTheDirectory() {
    Caller.openNew(bus, START);
    Caller.openNew(bus, Samples.mono("call-2"));
    Caller.openNew(bus, Samples.mono("call-3"));
    redis().hdel(HASH, "tenant");
    redis().del("call:{call-2}");
    redis().set("call:{call-2}", "not a hash");
    redis().zadd("calls", 7, "no call/id");

    assertThat(Answers.of(bus.calls().newest(10)))
        .extracting(record -> record.call().value())
        .containsExactly("call-3");
    assertThat(letters(3))
        .containsExactlyInAnyOrder(
            HASH + " hash the call's hash has no field tenant",
            "call:{call-2} key not a hash",
            "calls score 7.0 a member that is not a call id");
  }

  private long reads() {
    Matcher calls =
        Pattern.compile("cmdstat_xread:calls=(\\d+)").matcher(redis().info("commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  private void junk(String id, Map<String, String> body) {
    redis().xadd(TRANSCRIPT, XAddArgs.Builder.maxlen(100).id(id), body);
  }

  private static List<String> words(List<TranscriptEntry> entries) {
    return entries.stream().map(entry -> ((TranscriptEntry.Final) entry).speech().text()).toList();
  }

  /// Waits for this many dead letters and returns them all.
  private List<String> letters(int count) {
    Awaitility.await().until(() -> Answers.of(bus.deadLetters().list()).size() >= count);
    return Answers.of(bus.deadLetters().list()).stream()
        .map((DeadLetter letter) -> letter.source() + " " + letter.entry() + " " + letter.reason())
        .toList();
  }
}
