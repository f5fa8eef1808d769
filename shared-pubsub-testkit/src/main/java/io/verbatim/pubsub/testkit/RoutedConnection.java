package io.verbatim.pubsub.testkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.verbatim.pubsub.testkit.TcpRoute.Direction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;

/// A client's connection and the one to the server that continues it. Confined to the route's event
/// loop.
final class RoutedConnection {
  private final Channel client;
  private final Channel server;
  private final OneWayCarrier toServer;
  private final OneWayCarrier toClient;

  RoutedConnection(Channel client, Channel server, LongSupplier delayNanos) {
    this.client = client;
    this.server = server;
    toServer = new OneWayCarrier(client, server, delayNanos);
    toClient = new OneWayCarrier(server, client, delayNanos);
  }

  /// Begins to carry.
  ///
  /// @param blocked whether the route carries nothing at the moment
  void start(boolean blocked) {
    toServer.writesWith(toClient);
    toClient.writesWith(toServer);
    client.pipeline().addLast(toServer);
    server.pipeline().addLast(toClient);
    block(blocked);
  }

  /// Where the client connects from.
  InetAddress clientAddress() {
    return addressOf(client);
  }

  static InetAddress addressOf(Channel client) {
    return ((InetSocketAddress) client.remoteAddress()).getAddress();
  }

  /// @param step runs once both sides are closed
  void closed(Runnable step) {
    client.closeFuture().addListener(_ -> server.closeFuture().addListener(_ -> step.run()));
  }

  /// Carries nothing more in these directions.
  ///
  /// @return false where it carried nothing in them before
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
