package io.verbatim.pubsub.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A route to a server on loopback that can die without notice: its open connections then carry
/// nothing more and are not closed, while new ones work. Thread-safe; whoever opened it closes it.
public final class TcpRoute implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket door;
  private final InetSocketAddress target;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  private TcpRoute(InetSocketAddress target) {
    this.target = target;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /// A route to the server of a URL such as `redis://127.0.0.1:6379`.
  public static TcpRoute to(String url) {
    URI uri = URI.create(url);
    return new TcpRoute(new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  /// Where clients connect, as a Redis URL.
  public String redisUrl() {
    return "redis://" + door.getInetAddress().getHostAddress() + ":" + door.getLocalPort();
  }

  /// All connections that are open now carry nothing more, in either direction.
  public void freeze() {
    open.forEach(connection -> connection.frozen = true);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Connection connection = new Connection(door.accept(), new Socket());
        connection.server.connect(target);
        open.add(connection);
        connection.carry();
      } catch (IOException e) {
        // The door is closed, or the server is away: the client notices.
      }
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server;
    private volatile boolean frozen;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void carry() {
      Thread.ofVirtual().start(() -> carry(client, server));
      Thread.ofVirtual().start(() -> carry(server, client));
    }

    private void carry(Socket from, Socket to) {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (frozen) {
            return; // what is sent from here on is never read
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // One side is gone.
      }
      if (!frozen) {
        close();
      }
    }

    private void close() {
      open.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(Connection::close);
  }
}
