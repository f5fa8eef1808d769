package io.verbatim.gateway.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// The line between a browser and its gateway, on a port of its own: it can be cut, held, and led
/// to another gateway.
final class FlakyLine implements AutoCloseable {

  private static final CountDownLatch NOT_HELD = new CountDownLatch(0);

  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int gateway;
  private volatile long bytesBeforeHold = Long.MAX_VALUE;
  private volatile CountDownLatch hold = NOT_HELD;

  FlakyLine(int gatewayPort) {
    gateway = gatewayPort;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Thread.ofVirtual().start(this::answer);
  }

  String address(String path) {
    return "http://127.0.0.1:" + door.getLocalPort() + path;
  }

  /// Breaks every connection, wherever it is; new ones are let through.
  void cut() {
    open.forEach(FlakyLine::close);
    open.clear();
  }

  /// From now on, each connection delivers so many bytes to the browser and then no more, without
  /// being closed.
  void holdAfter(long bytes) {
    hold = new CountDownLatch(1);
    bytesBeforeHold = bytes;
  }

  /// Breaks every connection, also what is held; new ones deliver so many bytes and no more.
  void cutAndHoldAfter(long bytes) {
    CountDownLatch before = hold;
    holdAfter(bytes);
    cut();
    before.countDown();
  }

  void letGo() {
    bytesBeforeHold = Long.MAX_VALUE;
    hold.countDown();
    hold = NOT_HELD;
  }

  /// New connections go there.
  void leadTo(int gatewayPort) {
    gateway = gatewayPort;
  }

  private void answer() {
    try {
      while (!door.isClosed()) {
        connect(door.accept());
      }
    } catch (IOException over) {
      // The door was closed.
    }
  }

  /// A gateway that is away is a connection that breaks at once.
  private void connect(Socket browser) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), gateway);
      open.add(browser);
      open.add(server);
      Thread.ofVirtual().start(() -> pass(browser, server, false));
      Thread.ofVirtual().start(() -> pass(server, browser, true));
    } catch (IOException away) {
      close(browser);
    }
  }

  private void pass(Socket from, Socket to, boolean mayBeHeld) {
    byte[] piece = new byte[4096];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      long passed = 0;
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (mayBeHeld && passed + read > bytesBeforeHold) {
          hold.await();
        }
        out.write(piece, 0, read);
        passed += read;
      }
    } catch (IOException cut) {
      // The other side hears of it by its own end.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  /// Without a farewell, as a line breaks.
  private static void close(Socket socket) {
    try {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
    } catch (IOException closed) {
      // It is what was wanted.
    }
  }

  @Override
  public void close() {
    letGo();
    try {
      door.close();
    } catch (IOException closed) {
      // It is what was wanted.
    }
    cut();
  }
}
