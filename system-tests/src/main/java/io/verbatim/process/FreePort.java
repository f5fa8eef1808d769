package io.verbatim.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Finds unused ports of 127.0.0.1 for processes that bind them later.
///
/// Another connection could get a port of the system's ephemeral range before the process binds it.
/// The ports are therefore below that range, and each is returned once. Thread-safe.
public final class FreePort {
  /// The range of ports. The ephemeral ports of Linux start at 32768, those of macOS and Windows
  /// higher.
  private static final int MIN = 15_000;

  private static final int MAX = 32_000;
  private static final int MAX_ATTEMPTS = 1_000;

  private static final Set<Integer> RETURNED = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /// An unused port that was not returned before.
  ///
  /// @throws IllegalStateException if none was found
  public static int find() {
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(MIN, MAX);
      if (isFree(port) && RETURNED.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + MIN + " to " + MAX);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException _) {
      return false;
    }
  }
}
