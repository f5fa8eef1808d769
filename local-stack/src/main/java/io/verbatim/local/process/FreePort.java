package io.verbatim.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Finds a port of 127.0.0.1 that nobody listens on.
public final class FreePort {
  private FreePort() {}

  /// One the system chooses.
  public static int find() {
    return probe(0);
  }

  /// The preferred one where it is free, else one the system chooses.
  public static int preferring(int port) {
    try {
      return probe(port);
    } catch (UncheckedIOException _) {
      return find();
    }
  }

  private static int probe(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
