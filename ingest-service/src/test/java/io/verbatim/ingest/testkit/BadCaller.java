package io.verbatim.ingest.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/// Malicious callers with valid credentials. Each disconnects by itself.
public enum BadCaller {

  /// Sends invalid messages, up to 100 or until it is disconnected.
  GARBAGE {
    @Override
    void attack(Context context) {
      TestSocket socket = TestSocket.exotel(context.server());
      for (int text = 0; text < 100 && socket.isOpen(); text++) {
        byte[] bytes = new byte[context.random().nextInt(1, 4_000)];
        context.random().nextBytes(bytes);
        switch (context.random().nextInt(3)) {
          case 0 -> socket.send(bytes);
          case 1 -> socket.send(new String(bytes, ISO_8859_1));
          default -> socket.send("[".repeat(bytes.length));
        }
      }
      socket.drop();
    }
  },

  /// Sends the largest frames as fast as possible.
  FLOOD {
    @Override
    void attack(Context context) {
      TestSocket socket = TestSocket.exotel(context.server());
      socket.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"" + context.call() + "\"}}");
      byte[] audio = new byte[100_000];
      context.random().nextBytes(audio);
      String media =
          "{\"event\":\"media\",\"media\":{\"payload\":\""
              + Base64.getEncoder().encodeToString(audio)
              + "\"}}";
      for (int frame = 0; frame < 20; frame++) {
        socket.send(media);
      }
      socket.drop();
    }
  },

  /// Leaves handshakes and a call unfinished and stays connected.
  HALF_OPEN {
    @Override
    void attack(Context context) throws IOException, InterruptedException {
      List<Socket> sockets = new ArrayList<>();
      try {
        for (int i = 0; i < 20; i++) {
          Socket socket = connect(context.server());
          sockets.add(socket);
          String whole = handshake(context.tokens());
          String part = whole.substring(0, context.random().nextInt(whole.length()));
          socket.getOutputStream().write(part.getBytes(ISO_8859_1));
        }
        TestSocket silent = TestSocket.exotel(context.server());
        silent.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"" + context.call() + "\"}}");
        context.others().await();
        silent.drop();
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    }
  },

  /// Sends pings and never reads the answers.
  PING_STORM {
    @Override
    void attack(Context context) throws IOException {
      sendRepeatedly(context, new byte[0], frame(PING, new byte[100]), 20_000);
    }
  },

  /// Sends texts and never reads the answers.
  NON_READING {
    @Override
    void attack(Context context) throws IOException {
      byte[] start = frame(TEXT, PcmClient.start(context.call(), "").getBytes(UTF_8));
      sendRepeatedly(context, start, frame(TEXT, "{\"event\":\"what\"}".getBytes(UTF_8)), 4_000);
    }
  },

  /// Starts and stops one stream after another.
  STOP_STORM {
    @Override
    void attack(Context context) {
      TestSocket socket = TestSocket.exotel(context.server());
      for (int stream = 0; stream < 30; stream++) {
        socket.send(
            "{\"event\":\"start\",\"stream_sid\":\"%d\",\"start\":{\"call_sid\":\"%s\"}}"
                .formatted(stream, context.call()));
        for (int stop = context.random().nextInt(1, 20); stop > 0; stop--) {
          socket.send("{\"event\":\"stop\",\"stream_sid\":\"" + stream + "\"}");
        }
      }
      socket.drop();
    }
  };

  private static final int TEXT = 1;
  private static final int PING = 9;

  /// What a bad caller works with.
  ///
  /// @param call the call id to use
  /// @param others counted down when the other callers have finished
  public record Context(
      IngestServer server,
      Tokens tokens,
      String call,
      SplittableRandom random,
      CountDownLatch others) {}

  /// Runs the attack. Being disconnected is not a failure.
  public void call(Context context) {
    try {
      attack(context);
    } catch (CompletionException closed) {
      // The service has disconnected it.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  abstract void attack(Context context) throws IOException, InterruptedException;

  /// Sends one frame repeatedly and never reads.
  private static void sendRepeatedly(Context context, byte[] first, byte[] again, int times)
      throws IOException {
    try (Socket socket = connect(context.server())) {
      socket.setReceiveBufferSize(1024);
      OutputStream out = socket.getOutputStream();
      out.write(handshake(context.tokens()).getBytes(ISO_8859_1));
      out.write(first);
      for (int sent = 0; sent < times; sent++) {
        out.write(again);
      }
    } catch (SocketException closed) {
      // The service has disconnected it.
    }
  }

  private static Socket connect(IngestServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private static String handshake(Tokens tokens) {
    return """
    GET /v1/ingest HTTP/1.1\r
    Host: localhost\r
    Connection: Upgrade\r
    Upgrade: websocket\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r
    Authorization: Bearer %s\r
    \r
    """
        .formatted(tokens.valid());
  }

  /// A complete client frame, masked with zeros.
  private static byte[] frame(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    return java.util.Arrays.copyOf(frame.putInt(0).put(payload).array(), frame.position());
  }
}
