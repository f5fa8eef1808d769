package io.verbatim.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {
  /// The lowest ephemeral port of Linux, unless it is configured.
  private static final int EPHEMERAL = 32_768;

  @Test
  void ports_areDistinctAndBelowEphemeralRange() {
    List<Integer> ports = IntStream.range(0, 200).mapToObj(_ -> FreePort.find()).toList();

    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port < EPHEMERAL);
  }

  @Test
  void port_canBeBound() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(FreePort.find(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }
}
