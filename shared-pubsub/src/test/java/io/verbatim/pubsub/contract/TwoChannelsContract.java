package io.verbatim.pubsub.contract;

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

/// The contract of two interleaved channels: each has its own `covered`, and the lower one counts
/// for the call.
abstract class TwoChannelsContract {
  private static final CallId CALL = Samples.stereo("call-1").call();

  private final BusContract contract;
  private Bus bus;
  private Caller caller;
  private Worker worker;
  private Owner owner;

  @SuppressWarnings("NullAway") // Set before each test.
  TwoChannelsContract(BusContract contract) {
    this.contract = contract;
  }

  @BeforeEach
  void takeACall() {
    bus = contract.bus();
    caller = Caller.openNew(bus, Samples.stereo("call-1")).store(640).store(640).store(640);
    worker = contract.closing(Worker.on(bus, 1));
    owner = worker.awaitGrant();
  }

  private CallRecord record() {
    return Answers.of(bus.calls().find(CALL)).orElseThrow();
  }

  @Test
  void newCall_bothChannelsStartAtZero() {
    assertThat(owner.grant().covered()).containsExactly(0L, 0L);
    assertThat(owner.grant().segments()).containsExactly("", "");
  }

  @Test
  void channels_areCoveredSeparately() {
    assertThat(owner.appendFinal(new Coverage(1, 0, 1280), "right"))
        .isEqualTo(new Written<>(1280L));
    assertThat(owner.appendFinal(new Coverage(0, 0, 640), "left")).isEqualTo(new Written<>(640L));

    assertThat(owner.appendFinal(new Coverage(0, 0, 640), "left")).isEqualTo(new Moved<>(640L));
    assertThat(owner.appendFinal(new Coverage(1, 0, 1280), "right")).isEqualTo(new Moved<>(1280L));
    assertThat(record().coveredBytes()).as("the lower covered").isEqualTo(640);
    assertThat(caller.heartbeat())
        .isEqualTo(new WriteResult.Written<>(new CallProgress(true, 640, caller.tail(), false)));
  }

  @Test
  void audio_isTrimmedBelowLowerCovered() {
    owner.cover(1, 0, 1920);
    assertThat(CheckedAudioReader.of(contract, bus, CALL, 0).readUpTo(1920).ranges())
        .as("channel 0 still needs all of it")
        .containsExactly("0-640", "640-1280", "1280-1920");

    owner.cover(0, 0, 640);
    assertThat(CheckedAudioReader.of(contract, bus, CALL, 0).readUpTo(1920).ranges())
        .containsExactly("640-1280", "1280-1920");
  }

  @Test
  void finalBelowTop_hasTheNextIdAfterTop() {
    owner.appendFinal(new Coverage(1, 0, 1280), "right");
    owner.appendFinal(new Coverage(0, 0, 640), "left");
    owner.appendFinal(new Coverage(0, 640, 1280), "left again");
    owner.appendFinal(new Coverage(0, 1280, 1920), "left further");

    assertThat(Answers.of(bus.transcripts().read(CALL, TranscriptLog.START, 10)))
        .extracting(TranscriptEntry::id)
        .containsExactly("1280-0", "1280-1", "1280-2", "1920-0");
  }

  @Test
  void grant_hasStateOfBothChannels() {
    owner.cover(1, 0, 1280);
    owner.cover(0, 0, 640);
    owner.setInterim(Samples.speech("left-1", 0, "le"));
    owner.setInterim(Samples.speech("right-7", 1, "ri"));
    worker.handOver();

    Owner next = contract.closing(Worker.on(bus, 1)).awaitGrant();

    assertThat(next.grant().covered()).containsExactly(640L, 1280L);
    assertThat(next.grant().segments()).containsExactly("left-1", "right-7");
    assertThat(next.grant().interims())
        .containsExactly(Samples.speech("left-1", 0, "le"), Samples.speech("right-7", 1, "ri"));
    assertThat(next.grant().lowestCovered()).isEqualTo(640);
  }

  @Test
  void final_removesInterimOfItsChannelOnly() {
    Speech left = Samples.speech("s640", 0, "le");
    Speech right = Samples.speech("right-7", 1, "ri");
    owner.setInterim(right);
    owner.setInterim(left);
    assertThat(now().interims()).containsExactly(left, right);

    owner.appendFinal(new Coverage(0, 0, 640), "left");

    assertThat(now().interims()).containsExactly(right);
  }

  private LiveState now() {
    return Answers.of(contract.closing(bus.transcripts().follow(CALL, TranscriptLog.START)).next())
        .liveState();
  }

  @Test
  void gap_movesBothChannelsNeverBack() {
    owner.cover(1, 0, 1280);

    assertThat(owner.appendGap(1280, 1920, "lost"))
        .as("gap above the lower covered")
        .isEqualTo(new Moved<>(0L));
    assertThat(owner.appendGap(0, 640, "lost")).isEqualTo(new Written<>(640L));
    assertThat(owner.cover(0, 640, 640)).isEqualTo(new Written<>(640L));
    assertThat(owner.cover(1, 1280, 1280)).isEqualTo(new Written<>(1280L));
    assertThat(record().gapBytes()).isEqualTo(640);
    assertThat(record().coveredBytes()).isEqualTo(640);

    assertThat(owner.appendGap(640, 1920, "lost")).isEqualTo(new Written<>(1920L));
    assertThat(owner.cover(1, 1920, 1920)).isEqualTo(new Written<>(1920L));
    assertThat(record().gapBytes()).isEqualTo(1920);
    assertThat(record().transcribedBytes()).isZero();
  }

  @Test
  void gap_removesInterimsOfMovedChannelsOnly() {
    Speech right = Samples.speech("right-7", 1, "ri");
    owner.cover(1, 0, 1280);
    owner.setInterim(Samples.speech("left-1", 0, "le"));
    owner.setInterim(right);

    owner.appendGap(0, 640, "lost");
    assertThat(now().interims()).containsExactly(right);

    owner.appendGap(640, 1920, "lost");
    assertThat(now().interims()).isEmpty();
  }

  @Test
  void endWithOneChannelCovered_isNotComplete() {
    owner.cover(1, 0, 1920);
    owner.cover(0, 0, 640);

    assertThat(owner.end(1920)).isInstanceOf(Written.class);

    assertThat(record().complete()).isFalse();
    assertThat(record().gapBytes()).isEqualTo(1280);
    assertThat(record().pendingBytes()).isZero();
  }
}
