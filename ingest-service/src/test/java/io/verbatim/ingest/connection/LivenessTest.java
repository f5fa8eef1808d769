package io.verbatim.ingest.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.connection.Liveness.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Liveness liveness =
      new Liveness(
          new ConnectionTimeouts(
              seconds(10),
              seconds(5),
              seconds(30),
              seconds(15),
              seconds(10),
              seconds(30),
              seconds(3600)),
          0);

  @Test
  void noStart_isReportedAfterTheStartTimeout() {
    assertThat(tick(9.9)).isEqualTo(Verdict.NOTHING);
    assertThat(tick(10)).isEqualTo(Verdict.NO_START);
  }

  @Test
  void pauseInTheMedia_isReportedOnce() {
    liveness.started(0);

    assertThat(tick(5)).isEqualTo(Verdict.MEDIA_STALLED);
    assertThat(tick(6)).isEqualTo(Verdict.NOTHING);
    liveness.media(nanos(7));
    assertThat(tick(12)).isEqualTo(Verdict.MEDIA_STALLED);
  }

  @Test
  void silence_isPingedAndThenReported() {
    liveness.started(0);
    tick(5);

    assertThat(tick(15)).isEqualTo(Verdict.PING);
    assertThat(tick(16)).isEqualTo(Verdict.NOTHING);
    assertThat(tick(25)).isEqualTo(Verdict.NO_PONG);
  }

  @Test
  void pongsWithoutMedia_endInAMediaTimeout() {
    liveness.started(0);
    tick(5);
    tick(15);
    liveness.frame(nanos(16));

    assertThat(tick(29)).isEqualTo(Verdict.NOTHING);
    assertThat(tick(30)).isEqualTo(Verdict.NO_MEDIA);
  }

  @Test
  void silenceWhilePaused_isIgnored() {
    liveness.started(0);
    liveness.paused(true, nanos(1));

    assertThat(tick(100)).isEqualTo(Verdict.NOTHING);
    liveness.paused(false, nanos(100));
    assertThat(tick(104)).isEqualTo(Verdict.NOTHING);
    assertThat(tick(105)).isEqualTo(Verdict.MEDIA_STALLED);
  }

  private Verdict tick(double seconds) {
    return liveness.check(nanos(seconds));
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
