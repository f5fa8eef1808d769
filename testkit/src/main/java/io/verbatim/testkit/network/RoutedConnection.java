package io.verbatim.testkit.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.verbatim.testkit.network.TcpRoute.Direction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;

/// A client's connection and its continuation to the server. Confined to the route's event loop.
final class RoutedConnection {
  private final Channel client;
  private final Channel server;
  private final OneWayCarrier toServer;
  private final OneWayCarrier toClient;

  /// Attaches to both sockets at once: epoll reads a socket that its peer has closed even without
  /// auto-read, and what it reads before a handler is attached is lost. Carries nothing before
  /// [#block] says that the route is open.
  ///
  /// @param server the socket to the server, which may not be connected yet
  RoutedConnection(Channel client, Channel server, LongSupplier delayNanos) {
    this.client = client;
    this.server = server;
    toServer = new OneWayCarrier(client, server, delayNanos);
    toClient = new OneWayCarrier(server, client, delayNanos);
    toServer.writesWith(toClient);
    toClient.writesWith(toServer);
    client.pipeline().addLast(toServer);
    server.pipeline().addLast(toClient);
  }

  /// The client's address.
  InetAddress clientAddress() {
    return addressOf(client);
  }

  static InetAddress addressOf(Channel client) {
    return ((InetSocketAddress) client.remoteAddress()).getAddress();
  }

  /// @param step runs when both sides are closed
  void closed(Runnable step) {
    client.closeFuture().addListener(_ -> server.closeFuture().addListener(_ -> step.run()));
  }

  /// Stops carrying anything in these directions.
  ///
  /// @return false if all of them were dropped before
  boolean drop(List<Direction> directions) {
    boolean dropped = false;
    for (Direction direction : directions) {
      dropped |= (direction == Direction.TO_SERVER ? toServer : toClient).drop();
    }
    return dropped;
  }

  void block(boolean blocked) {
    toServer.block(blocked);
    toClient.block(blocked);
  }

  void reset() {
    for (Channel side : List.of(client, server)) {
      if (side.isOpen()) {
        side.config().setOption(ChannelOption.SO_LINGER, 0);
        side.close();
      }
    }
  }
}
