package io.verbatim.pubsub.testkit;

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

/// A route to a server on loopback that fails as networks fail: it delays, loses one direction,
/// freezes, blocks or resets connections. Thread-safe; a command has taken effect when it returns.
/// Its creator closes it.
public final class TcpRoute implements AutoCloseable {
  /// Where bytes go.
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
  private final Channel door;
  private final Set<RoutedConnection> open = new LinkedHashSet<>();
  private final Set<Channel> held = new LinkedHashSet<>();
  private Predicate<InetAddress> blocked = _ -> false;
  private long shortestNanos;
  private long longestNanos;

  private TcpRoute(Supplier<InetSocketAddress> target) {
    this.target = target;
    door =
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

  /// A route to the server that is at a port of 127.0.0.1 when a client connects.
  public static TcpRoute to(IntSupplier port) {
    return new TcpRoute(
        () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()));
  }

  /// The port of 127.0.0.1 where clients connect.
  public int port() {
    return ((InetSocketAddress) door.localAddress()).getPort();
  }

  /// Where clients connect, as a Redis URL.
  public String redisUrl() {
    return "redis://127.0.0.1:" + port();
  }

  /// All connections that are open now carry nothing more and are not closed; new ones work. What
  /// one side closes stays open at the other, until the route is closed.
  ///
  /// @return how many connections were frozen by this
  public int freeze() {
    return onLoop(() -> drop(List.of(Direction.values())));
  }

  /// All connections that are open now carry nothing more in one direction; new ones work.
  ///
  /// @return how many connections lost the direction by this
  public int drop(Direction direction) {
    return onLoop(() -> drop(List.of(direction)));
  }

  /// Resets all open connections, at both sides; new ones work. Bytes under way are lost.
  ///
  /// @return how many connections were reset
  public int cut() {
    return onLoop(() -> {
      List<RoutedConnection> all = List.copyOf(open);
      all.forEach(RoutedConnection::reset);
      return all.size();
    });
  }

  /// Carries nothing, also on new connections, until [#unblock]. A connection that its ends still
  /// hold then goes on where it was, as after a short loss of the network.
  public void block() {
    block(_ -> true);
  }

  /// The same for the clients with these addresses only.
  public void block(Predicate<InetAddress> clients) {
    onLoop(() -> {
      blocked = clients;
      open.forEach(connection -> connection.block(clients.test(connection.clientAddress())));
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

  /// From now on bytes arrive later, in both directions and in order.
  ///
  /// @param shortest of what each read is delayed by, in one direction
  /// @param longest the same as `shortest` for a delay without jitter
  public void delay(Duration shortest, Duration longest) {
    onLoop(() -> {
      shortestNanos = shortest.toNanos();
      longestNanos = longest.toNanos();
      return shortestNanos;
    });
  }

  private int drop(List<Direction> directions) {
    int dropped = 0;
    for (RoutedConnection connection : open) {
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
    connecting.addListener(_ -> {
      if (connecting.isSuccess()) {
        add(client, connecting.channel());
      } else {
        client.close();
      }
    });
  }

  private void add(Channel client, Channel server) {
    RoutedConnection connection = new RoutedConnection(client, server, this::nextDelayNanos);
    open.add(connection);
    connection.closed(() -> open.remove(connection));
    connection.start(blocked.test(connection.clientAddress()));
  }

  private <T> T onLoop(Callable<T> step) {
    return loop.submit(step).syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    door.close().syncUninterruptibly();
    cut();
    onLoop(() -> {
      List.copyOf(held).forEach(Channel::close);
      return held.size();
    });
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
