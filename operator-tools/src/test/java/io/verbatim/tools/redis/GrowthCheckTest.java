package io.verbatim.tools.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthCheckTest {

  @Test
  void repeatedGrowth_isALeak() {
    assertThat(leaks("1 2 2 3 4"))
        .singleElement()
        .hasToString("asr-worker grew from 1 to 4 connections in 120 s and never shrank");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2 2 2 2 2 2", // nothing happens
        "1 2 3 3 3 3", // two instances start
        "2 4 2 2 4 2", // rolling restarts
        "1 2 3 2 3 4", // shrinks in between
        "5", // one sample shows no growth
      })
  void normalUse_isNoLeak(String counts) {
    assertThat(leaks(counts)).isEmpty();
  }

  @Test
  void growthLongAgo_isForgotten() {
    assertThat(leaks("1 2 3 4 4 4 4 4 4 4 4 4 4 4 4 4")).isEmpty();
  }

  private static List<GrowthCheck.Leak> leaks(String counts) {
    GrowthCheck check = new GrowthCheck();
    Instant time = Instant.EPOCH;
    for (String count : counts.split(" ", -1)) {
      List<ClientConnection> connections = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(count); i++) {
        connections.add(new ClientConnection(i + 1, "asr-worker", "10.0.0.1", 1, 0, false));
      }
      check.add(new Sample(time, "7.0.0", 10_000, 0, 99, connections));
      time = time.plusSeconds(30);
    }
    return check.leaks();
  }
}
