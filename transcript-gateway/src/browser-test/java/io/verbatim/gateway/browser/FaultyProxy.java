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

/// A TCP proxy between a browser and its gateway. Its connections can be cut, held, and routed to
/// another gateway.
final class FaultyProxy implements AutoCloseable {

  private static final CountDownLatch NOT_HELD = new CountDownLatch(0);

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int gateway;
  private volatile long bytesBeforeHold = Long.MAX_VALUE;
  private volatile CountDownLatch hold = NOT_HELD;

  FaultyProxy(int gatewayPort) {
    gateway = gatewayPort;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String address(String path) {
    return "http://127.0.0.1:" + listener.getLocalPort() + path;
  }

  /// Cuts all connections. New ones are passed through.
  void cut() {
    open.forEach(FaultyProxy::close);
    open.clear();
  }

  /// Holds each connection after it has delivered a number of bytes to the browser, without closing
  /// it.
  void holdAfter(long bytes) {
    hold = new CountDownLatch(1);
    bytesBeforeHold = bytes;
  }

  /// Cuts all connections, including held ones. New ones are held after a number of bytes.
  void cutAndHoldAfter(long bytes) {
    CountDownLatch before = hold;
    holdAfter(bytes);
    cut();
    before.countDown();
  }

  void release() {
    bytesBeforeHold = Long.MAX_VALUE;
    hold.countDown();
    hold = NOT_HELD;
  }

  /// Routes new connections to another gateway.
  void routeTo(int gatewayPort) {
    gateway = gatewayPort;
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        connect(listener.accept());
      }
    } catch (IOException over) {
      // The listener was closed.
    }
  }

  /// Connects to the gateway. If that fails, the browser's connection is cut at once.
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
      // The other direction ends by its own failure.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  /// Closes with a reset, as a broken connection.
  private static void close(Socket socket) {
    try {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
    } catch (IOException closed) {
      // Already closed.
    }
  }

  @Override
  public void close() {
    release();
    try {
      listener.close();
    } catch (IOException closed) {
      // Already closed.
    }
    cut();
  }
}
