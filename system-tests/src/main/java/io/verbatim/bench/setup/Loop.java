package io.verbatim.bench.setup;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/// One Netty event loop with one thread, and its CPU time. Its creator closes it.
public final class Loop implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final long threadId;

  public Loop(String name) {
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().name(name).daemon().factory(),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = group.next();
    threadId = loop.submit(() -> Thread.currentThread().threadId()).syncUninterruptibly().getNow();
  }

  public EventLoop executor() {
    return loop;
  }

  /// A bootstrap for client sockets on this loop.
  public Bootstrap clients() {
    return new Bootstrap()
        .group(loop)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20_000);
  }

  /// A bootstrap for a server on this loop.
  public ServerBootstrap server() {
    return new ServerBootstrap()
        .group(loop)
        .channel(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true);
  }

  /// The CPU time of the loop's thread, in nanoseconds.
  public long cpuNanos() {
    return THREADS.getThreadCpuTime(threadId);
  }

  /// The CPU time of this JVM, in nanoseconds: all threads, including the garbage collector.
  public static long processCpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
