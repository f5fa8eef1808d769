package io.verbatim.service;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;

/// The kernel interface of an event loop.
///
/// The Lettuce client selects its channel class by itself, once per process and from system
/// properties; [#install] sets them to match. A process therefore uses one transport.
public enum Transport {
  /// The JDK's selector; works everywhere.
  NIO(NioSocketChannel.class, NioServerSocketChannel.class, NioDatagramChannel.class),
  EPOLL(EpollSocketChannel.class, EpollServerSocketChannel.class, EpollDatagramChannel.class),
  /// Fewer system calls; container runtimes often block it.
  IO_URING(
      IoUringSocketChannel.class, IoUringServerSocketChannel.class, IoUringDatagramChannel.class);

  /// Completion queue entries: the default of 4,096 overflows at 5,000 connections.
  private static final int COMPLETION_QUEUE_SIZE = 16_384;

  private final Class<? extends SocketChannel> socket;
  private final Class<? extends ServerSocketChannel> serverSocket;
  private final Class<? extends DatagramChannel> datagram;

  Transport(
      Class<? extends SocketChannel> socket,
      Class<? extends ServerSocketChannel> serverSocket,
      Class<? extends DatagramChannel> datagram) {
    this.socket = socket;
    this.serverSocket = serverSocket;
    this.datagram = datagram;
  }

  /// The choices of an operator.
  public enum Choice {
    /// epoll if available, else NIO.
    AUTO,
    EPOLL,
    /// io_uring if the kernel allows it, else as [#AUTO].
    IO_URING
  }

  /// The transport to use for a choice on this machine.
  public static Transport of(Choice choice) {
    if (choice == Choice.IO_URING && IoUring.isAvailable()) {
      return IO_URING;
    }
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /// The transport that a running loop uses.
  static Transport of(IoEventLoopGroup loop) {
    if (loop.isIoType(IoUringIoHandler.class)) {
      return IO_URING;
    }
    return loop.isIoType(EpollIoHandler.class) ? EPOLL : NIO;
  }

  IoHandlerFactory ioHandlers() {
    return switch (this) {
      case NIO -> NioIoHandler.newFactory();
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING ->
          IoUringIoHandler.newFactory(
              new IoUringIoHandlerConfig().setCqSize(COMPLETION_QUEUE_SIZE));
    };
  }

  /// Makes the Redis client use the same transport. Call it before the first use of that client in
  /// the process.
  public void install() {
    System.setProperty("io.lettuce.core.epoll", Boolean.toString(this == EPOLL));
    System.setProperty("io.lettuce.core.iouring", Boolean.toString(this == IO_URING));
    System.setProperty("io.lettuce.core.kqueue", "false");
  }

  /// The channel class for one kind of socket, such as [SocketChannel].
  @SuppressWarnings("unchecked") // Each class implements the kind that it is returned for.
  <C extends Channel> Class<? extends C> channelClass(Class<C> kind) {
    Class<? extends Channel> channel;
    if (kind.equals(SocketChannel.class)) {
      channel = socket;
    } else if (kind.equals(ServerSocketChannel.class)) {
      channel = serverSocket;
    } else if (kind.equals(DatagramChannel.class)) {
      channel = datagram;
    } else {
      throw new IllegalArgumentException("No channel class for " + kind.getName() + ".");
    }
    return (Class<? extends C>) channel;
  }

  /// `nio`, `epoll` or `io_uring`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
