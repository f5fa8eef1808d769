package io.verbatim.pubsub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriteResult.Moved;
import io.verbatim.pubsub.message.WriteResult.Written;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two interleaved channels: each has a `covered` of its own, the lower one counts for the call.
abstract class TwoChannelsContract {
  private static final CallId CALL = Samples.stereo("call-1").call();

  private final BusContract stage;
  private Bus bus;
  private Caller caller;
  private Worker worker;
  private Owner owner;

  @SuppressWarnings("NullAway") // Set before each test.
  TwoChannelsContract(BusContract stage) {
    this.stage = stage;
  }

  @BeforeEach
  void takeACall() {
    bus = stage.bus();
    caller = Caller.opens(bus, Samples.stereo("call-1")).says(640).says(640).says(640);
    worker = stage.closing(Worker.on(bus, 1));
    owner = worker.takes();
  }

  private CallRecord record() {
    return Answers.of(bus.calls().find(CALL)).orElseThrow();
  }

  @Test
  void newCall_isCoveredNowhereOnBoth() {
    assertThat(owner.grant().covered()).containsExactly(0L, 0L);
    assertThat(owner.grant().segments()).containsExactly("", "");
  }

  @Test
  void channels_areCoveredEachForItself() {
    assertThat(owner.says(new Coverage(1, 0, 1280), "right")).isEqualTo(new Written<>(1280L));
    assertThat(owner.says(new Coverage(0, 0, 640), "left")).isEqualTo(new Written<>(640L));

    assertThat(owner.says(new Coverage(0, 0, 640), "left")).isEqualTo(new Moved<>(640L));
    assertThat(owner.says(new Coverage(1, 0, 1280), "right")).isEqualTo(new Moved<>(1280L));
    assertThat(record().coveredBytes()).as("the lower one").isEqualTo(640);
    assertThat(caller.alive())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 640, caller.tail(), false)));
  }

  @Test
  void audio_isLetGoBelowTheLowerOne() {
    owner.covers(1, 0, 1920);
    assertThat(Listener.of(stage, bus, CALL, 0).upTo(1920).places())
        .as("channel 0 still needs all of it")
        .containsExactly("0-640", "640-1280", "1280-1920");

    owner.covers(0, 0, 640);
    assertThat(Listener.of(stage, bus, CALL, 0).upTo(1920).places())
        .containsExactly("640-1280", "1280-1920");
  }

  @Test
  void finalBelowTheTopOfTheTranscript_comesJustBehindIt() {
    owner.says(new Coverage(1, 0, 1280), "right");
    owner.says(new Coverage(0, 0, 640), "left");
    owner.says(new Coverage(0, 640, 1280), "left again");
    owner.says(new Coverage(0, 1280, 1920), "left further");

    assertThat(Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 10)))
        .extracting(TranscriptEntry::id)
        .containsExactly("1280-0", "1280-1", "1280-2", "1920-0");
  }

  @Test
  void grantAfterwards_tellsBoth() {
    owner.covers(1, 0, 1280);
    owner.covers(0, 0, 640);
    owner.interim(Samples.speech("left-1", 0, "le"));
    owner.interim(Samples.speech("right-7", 1, "ri"));
    worker.handsOver();

    Owner next = stage.closing(Worker.on(bus, 1)).takes();

    assertThat(next.grant().covered()).containsExactly(640L, 1280L);
    assertThat(next.grant().segments()).containsExactly("left-1", "right-7");
    assertThat(next.grant().interims())
        .containsExactly(Samples.speech("left-1", 0, "le"), Samples.speech("right-7", 1, "ri"));
    assertThat(next.grant().lowestCovered()).isEqualTo(640);
  }

  @Test
  void final_removesTheInterimOfItsChannelOnly() {
    Speech left = Samples.speech("s640", 0, "le");
    Speech right = Samples.speech("right-7", 1, "ri");
    owner.interim(right);
    owner.interim(left);
    assertThat(now().interims()).containsExactly(left, right);

    owner.says(new Coverage(0, 0, 640), "left");

    assertThat(now().interims()).containsExactly(right);
  }

  private LiveState now() {
    return Answers.of(stage.closing(bus.transcripts().follow(CALL, TranscriptLog.START)).next())
        .now();
  }

  @Test
  void gap_movesBothButNeverBack() {
    owner.covers(1, 0, 1280);

    assertThat(owner.gap(1280, 1920, "lost")).as("not the lower one").isEqualTo(new Moved<>(0L));
    assertThat(owner.gap(0, 640, "lost")).isEqualTo(new Written<>(640L));
    assertThat(owner.covers(0, 640, 640)).isEqualTo(new Written<>(640L));
    assertThat(owner.covers(1, 1280, 1280)).isEqualTo(new Written<>(1280L));
    assertThat(record().gapBytes()).isEqualTo(640);
    assertThat(record().coveredBytes()).isEqualTo(640);

    assertThat(owner.gap(640, 1920, "lost")).isEqualTo(new Written<>(1920L));
    assertThat(owner.covers(1, 1920, 1920)).isEqualTo(new Written<>(1920L));
    assertThat(record().gapBytes()).isEqualTo(1920);
    assertThat(record().transcribedBytes()).isZero();
  }

  @Test
  void gap_removesTheInterimOfAChannelItMovesOnly() {
    Speech right = Samples.speech("right-7", 1, "ri");
    owner.covers(1, 0, 1280);
    owner.interim(Samples.speech("left-1", 0, "le"));
    owner.interim(right);

    owner.gap(0, 640, "lost");
    assertThat(now().interims()).containsExactly(right);

    owner.gap(640, 1920, "lost");
    assertThat(now().interims()).isEmpty();
  }

  @Test
  void end_isCompleteOnlyWhereBothAreCovered() {
    owner.covers(1, 0, 1920);
    owner.covers(0, 0, 640);

    assertThat(owner.ends(1920)).isInstanceOf(Written.class);

    assertThat(record().complete()).isFalse();
    assertThat(record().gapBytes()).isEqualTo(1280);
    assertThat(record().pendingBytes()).isZero();
  }
}
