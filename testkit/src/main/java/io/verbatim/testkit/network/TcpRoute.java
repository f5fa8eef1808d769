package io.verbatim.testkit.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A TCP proxy on loopback that simulates network faults: it delays, drops one direction, freezes,
/// blocks or resets connections. Thread-safe; a command has taken effect when it returns. Its
/// creator closes it.
public final class TcpRoute implements AutoCloseable {
  /// A direction of bytes.
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1,
          Thread.ofPlatform().name("tcp-route").daemon().factory(),
          Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Supplier<InetSocketAddress> target;
  private final Channel listener;
  private final Set<RoutedConnection> open = new LinkedHashSet<>();
  private final Set<Channel> held = new LinkedHashSet<>();
  private Predicate<InetAddress> blocked = _ -> false;
  private long shortestNanos;
  private long longestNanos;

  private TcpRoute(Supplier<InetSocketAddress> target) {
    this.target = target;
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accept(client);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /// A route to the server of a URL such as `redis://127.0.0.1:6379`.
  public static TcpRoute to(String url) {
    URI uri = URI.create(url);
    InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
    return new TcpRoute(() -> address);
  }

  /// A route to a server on 127.0.0.1, whose port is read when a client connects.
  public static TcpRoute to(IntSupplier port) {
    return new TcpRoute(
        () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()));
  }

  /// The port of 127.0.0.1 where clients connect.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// The route's Redis URL for clients.
  public String redisUrl() {
    return "redis://127.0.0.1:" + port();
  }

  /// Freezes all open connections: they carry nothing and are not closed; new ones work. If one
  /// side closes, the other stays open until the route is closed.
  ///
  /// @return how many connections this call froze
  public int freeze() {
    return onLoop(() -> drop(List.of(Direction.values())));
  }

  /// Drops one direction of all open connections; new ones work.
  ///
  /// @return how many connections lost the direction by this call
  public int drop(Direction direction) {
    return onLoop(() -> drop(List.of(direction)));
  }

  /// Resets all open connections on both sides; new ones work. Bytes in transit are lost.
  ///
  /// @return how many connections were reset
  public int cut() {
    return onLoop(() -> {
      List<RoutedConnection> all = List.copyOf(open);
      all.forEach(RoutedConnection::reset);
      return all.size();
    });
  }

  /// Blocks all connections, new ones included, until [#unblock]. A connection that both ends keep
  /// open then continues, as after a short network outage.
  public void block() {
    block(_ -> true);
  }

  /// Blocks the connections of the clients with these addresses only.
  public void block(Predicate<InetAddress> clients) {
    onLoop(() -> {
      blocked = clients;
      List.copyOf(open)
          .forEach(connection -> connection.block(clients.test(connection.clientAddress())));
      List<Channel> waiting = List.copyOf(held);
      held.clear();
      waiting.forEach(this::accept);
      return waiting.size();
    });
  }

  /// Ends a [#block].
  public void unblock() {
    block(_ -> false);
  }

  /// Delays bytes from now on, in both directions and in order.
  ///
  /// @param shortest the minimum delay of each read, in one direction
  /// @param longest the maximum delay; equal to `shortest` for a delay without jitter
  public void delay(Duration shortest, Duration longest) {
    onLoop(() -> {
      shortestNanos = shortest.toNanos();
      longestNanos = longest.toNanos();
      return shortestNanos;
    });
  }

  private int drop(List<Direction> directions) {
    int dropped = 0;
    for (RoutedConnection connection : List.copyOf(open)) {
      dropped += connection.drop(directions) ? 1 : 0;
    }
    return dropped;
  }

  private long nextDelayNanos() {
    return longestNanos == shortestNanos
        ? shortestNanos
        : ThreadLocalRandom.current().nextLong(shortestNanos, longestNanos);
  }

  private void accept(Channel client) {
    if (blocked.test(RoutedConnection.addressOf(client))) {
      held.add(client);
      client.closeFuture().addListener(_ -> held.remove(client));
    } else {
      connect(client);
    }
  }

  private void connect(Channel client) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(target.get());
    RoutedConnection connection =
        new RoutedConnection(client, connecting.channel(), this::nextDelayNanos);
    connecting.addListener(_ -> {
      if (connecting.isSuccess()) {
        open.add(connection);
        connection.closed(() -> open.remove(connection));
        connection.block(blocked.test(connection.clientAddress()));
      } else {
        client.close();
      }
    });
  }

  private <T> T onLoop(Callable<T> step) {
    return loop.submit(step).syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    cut();
    onLoop(() -> {
      List.copyOf(held).forEach(Channel::close);
      return held.size();
    });
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
