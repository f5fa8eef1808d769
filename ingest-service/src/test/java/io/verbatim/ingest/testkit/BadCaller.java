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

/// Callers who know a credential and mean harm, each in its own way; each leaves by itself.
public enum BadCaller {

  /// Says what is no message, until it is thrown out or has had enough.
  GARBAGE {
    @Override
    void harm(Scene scene) {
      TestSocket socket = TestSocket.exotel(scene.server());
      for (int text = 0; text < 100 && socket.isOpen(); text++) {
        byte[] bytes = new byte[scene.random().nextInt(1, 4_000)];
        scene.random().nextBytes(bytes);
        switch (scene.random().nextInt(3)) {
          case 0 -> socket.send(bytes);
          case 1 -> socket.send(new String(bytes, ISO_8859_1));
          default -> socket.send("[".repeat(bytes.length));
        }
      }
      socket.drop();
    }
  },

  /// Sends the largest frames as fast as its line takes them.
  FLOOD {
    @Override
    void harm(Scene scene) {
      TestSocket socket = TestSocket.exotel(scene.server());
      socket.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"" + scene.call() + "\"}}");
      byte[] audio = new byte[100_000];
      scene.random().nextBytes(audio);
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

  /// Begins handshakes and a call, says nothing more, and stays.
  HALF_OPEN {
    @Override
    void harm(Scene scene) throws IOException, InterruptedException {
      List<Socket> lines = new ArrayList<>();
      try {
        for (int line = 0; line < 20; line++) {
          Socket socket = connect(scene.server());
          lines.add(socket);
          String whole = handshake(scene.tokens());
          String part = whole.substring(0, scene.random().nextInt(whole.length()));
          socket.getOutputStream().write(part.getBytes(ISO_8859_1));
        }
        TestSocket silent = TestSocket.exotel(scene.server());
        silent.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"" + scene.call() + "\"}}");
        scene.others().await();
        silent.drop();
      } finally {
        for (Socket line : lines) {
          line.close();
        }
      }
    }
  },

  /// Pings without end, and never reads the answers.
  PING_STORM {
    @Override
    void harm(Scene scene) throws IOException {
      shout(scene, new byte[0], frame(PING, new byte[100]), 20_000);
    }
  },

  /// Talks and never reads what it is answered.
  DEAF {
    @Override
    void harm(Scene scene) throws IOException {
      byte[] start = frame(TEXT, PcmClient.start(scene.call(), "").getBytes(UTF_8));
      shout(scene, start, frame(TEXT, "{\"event\":\"what\"}".getBytes(UTF_8)), 4_000);
    }
  },

  /// Starts and stops without end, each time another stream.
  STOP_STORM {
    @Override
    void harm(Scene scene) {
      TestSocket socket = TestSocket.exotel(scene.server());
      for (int stream = 0; stream < 30; stream++) {
        socket.send(
            "{\"event\":\"start\",\"stream_sid\":\"%d\",\"start\":{\"call_sid\":\"%s\"}}"
                .formatted(stream, scene.call()));
        for (int stop = scene.random().nextInt(1, 20); stop > 0; stop--) {
          socket.send("{\"event\":\"stop\",\"stream_sid\":\"" + stream + "\"}");
        }
      }
      socket.drop();
    }
  };

  private static final int TEXT = 1;
  private static final int PING = 9;

  /// Where a bad caller is.
  ///
  /// @param call the id it may use
  /// @param others are done when it is counted down
  public record Scene(
      IngestServer server,
      Tokens tokens,
      String call,
      SplittableRandom random,
      CountDownLatch others) {}

  /// Does its harm; a service that hangs up on it is no failure.
  public void call(Scene scene) {
    try {
      harm(scene);
    } catch (CompletionException closed) {
      // It was thrown out.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  abstract void harm(Scene scene) throws IOException, InterruptedException;

  /// Says one thing over and over, and never reads.
  private static void shout(Scene scene, byte[] first, byte[] again, int times) throws IOException {
    try (Socket socket = connect(scene.server())) {
      socket.setReceiveBufferSize(1024);
      OutputStream out = socket.getOutputStream();
      out.write(handshake(scene.tokens()).getBytes(ISO_8859_1));
      out.write(first);
      for (int said = 0; said < times; said++) {
        out.write(again);
      }
    } catch (SocketException closed) {
      // It was thrown out.
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

  /// One whole frame of a client: masked, with zeros.
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
