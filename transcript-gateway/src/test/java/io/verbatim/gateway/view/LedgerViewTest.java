package io.verbatim.gateway.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.view.LedgerView.Gap;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerViewTest {
  /// 22.05 bytes per millisecond, so every length is rounded.
  private static final AudioFormat UNEVEN = AudioFormat.parse("pcm16/11025/1");

  @Test
  void roundedLengths_addUp() {
    LedgerView ledger =
        LedgerView.of(
            call(10_000, 7_001, 2_222, 101),
            List.of(new TranscriptEntry.Gap("5000-0", Link.NONE, 126, 227, "hole")),
            false);

    assertThat(ledger.receivedMs()).isEqualTo(453);
    assertThat(ledger.pendingMs()).isEqualTo(136);
    assertThat(ledger.transcribedMs()).isEqualTo(216);
    assertThat(ledger.call().gapMs()).isEqualTo(101);
    assertThat(ledger.transcribedMs() + ledger.call().gapMs() + ledger.pendingMs())
        .isEqualTo(ledger.receivedMs());
  }

  @Test
  void gapAfterTheLedgerWasRead_isOmitted() {
    LedgerView ledger =
        LedgerView.of(
            call(32_000, 8_000, 2_222, 101),
            List.of(
                new TranscriptEntry.Gap("5000-0", Link.NONE, 126, 227, "hole"),
                new TranscriptEntry.Gap("16000-0", Link.NONE, 362, 725, "later")),
            false);

    assertThat(ledger.gaps()).containsExactly(new Gap(126, 227, "hole"));
  }

  private static CallRecord call(long received, long covered, long gapBytes, long gapMs) {
    CallStart start =
        new CallStart(
            new CallId("call-1"),
            "acme",
            CallStart.Source.PCM,
            UNEVEN,
            null,
            null,
            null,
            Instant.EPOCH);
    return new CallRecord(
        start,
        CallRecord.State.LIVE,
        Instant.EPOCH,
        Optional.empty(),
        false,
        null,
        1,
        received,
        0,
        covered,
        covered,
        gapBytes,
        gapMs,
        0,
        1);
  }
}
