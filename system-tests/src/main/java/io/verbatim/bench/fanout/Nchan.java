package io.verbatim.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.Tools;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// nginx with the nchan module and one worker process. One connection publishes without waiting for
/// answers; a separate thread reads them. Its creator closes it. Only one thread may publish.
final class Nchan implements AutoCloseable {
  private static final String INSTALL = "apt-get install nginx-light libnginx-mod-nchan";
  private static final String CONTENT_LENGTH = "Content-Length:";
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

  private final ChildProcess process;
  private final int port;
  private @Nullable Socket publisher;
  private volatile String problem = "";

  private Nchan(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static Nchan start(Workspace workspace, int connections) {
    Path nginx = Tools.program("nginx", INSTALL);
    Tools.file(MODULE, INSTALL);
    int port = FreePort.find();
    Path directory = workspace.logs().resolve("nginx");
    Path configuration = directory.resolve("nginx.conf");
    try {
      Files.createDirectories(directory);
      Files.writeString(configuration, configuration(directory, port, connections));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess process =
        ChildProcess.start(
            new ProcessBuilder(
                nginx.toString(),
                "-p",
                directory.toString(),
                "-e",
                directory.resolve("error.log").toString(),
                "-c",
                configuration.toString()),
            workspace.logs().resolve("nginx.log"));
    Nchan nchan = new Nchan(process, port);
    Workspace.await("nginx answers", Duration.ofSeconds(10), nchan::answers);
    return nchan;
  }

  private static String configuration(Path directory, int port, int connections) {
    String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
    return """
    load_module %s;
    %sdaemon off;
    pid %s/nginx.pid;
    worker_processes 1;
    worker_rlimit_nofile %d;
    events { worker_connections %d; use epoll; }
    http {
      access_log off;
      tcp_nodelay on;
      client_body_temp_path %s/body;
      proxy_temp_path %s/proxy;
      fastcgi_temp_path %s/fastcgi;
      uwsgi_temp_path %s/uwsgi;
      scgi_temp_path %s/scgi;
      nchan_max_reserved_memory 256M;
      server {
        listen 127.0.0.1:%d backlog=4096;
        keepalive_requests 1000000000;
        location = /ok { return 200; }
        location /publish/ {
          nchan_publisher http;
          nchan_channel_id bench;
          nchan_message_buffer_length 20;
          nchan_message_timeout 10s;
        }
        location /watch/ {
          nchan_subscriber eventsource;
          nchan_channel_id bench;
          nchan_subscriber_first_message newest;
          nchan_subscriber_timeout 0;
        }
      }
    }
    """
        .formatted(
            MODULE,
            user,
            directory,
            connections,
            connections,
            directory,
            directory,
            directory,
            directory,
            directory,
            port);
  }

  private boolean answers() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      if (!process.isAlive()) {
        throw new BenchException("nginx ended at its start: " + process.lastLines());
      }
      return false;
    }
  }

  ChildProcess process() {
    return process;
  }

  int port() {
    return port;
  }

  String path() {
    return "/watch/bench";
  }

  /// Publishes one event.
  ///
  /// @param event the name of the event
  /// @param data the data, one line
  void publish(String event, String data) {
    byte[] body = data.getBytes(UTF_8);
    String head =
        "POST /publish/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nX-EventSource-Event: "
            + event
            + "\r\nContent-Type: application/json\r\nAccept: text/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try {
      Socket socket = connection();
      OutputStream out = socket.getOutputStream();
      byte[] request = new byte[head.length() + body.length];
      System.arraycopy(head.getBytes(US_ASCII), 0, request, 0, head.length());
      System.arraycopy(body, 0, request, head.length(), body.length);
      out.write(request);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Socket connection() throws IOException {
    Socket socket = publisher;
    if (socket == null) {
      Socket connected = new Socket(InetAddress.getLoopbackAddress(), port);
      connected.setTcpNoDelay(true);
      Thread.ofPlatform().name("nchan-answers").daemon().start(() -> readAnswers(connected));
      publisher = connected;
      socket = connected;
    }
    return socket;
  }

  private void readAnswers(Socket socket) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String status = in.readLine(); status != null; status = in.readLine()) {
        if (!status.startsWith("HTTP/1.1 20")) {
          problem = status;
        }
        long length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          if (line.regionMatches(true, 0, CONTENT_LENGTH, 0, CONTENT_LENGTH.length())) {
            length = Long.parseLong(line.substring(CONTENT_LENGTH.length()).strip());
          }
        }
        for (long skipped = 0; skipped < length; skipped++) {
          in.read();
        }
      }
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  /// Throws if a publication was refused.
  void failOnProblem() {
    if (!problem.isEmpty()) {
      throw new BenchException("Publishing to nchan failed: " + problem);
    }
  }

  @Override
  public void close() {
    try {
      if (publisher != null) {
        publisher.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.close();
    }
  }
}
