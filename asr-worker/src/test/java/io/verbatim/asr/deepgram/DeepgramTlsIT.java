package io.verbatim.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.How;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import io.verbatim.tokens.testkit.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// Sessions over TLS, with a server whose certificate is for 127.0.0.1.
class DeepgramTlsIT {
  private static final String METADATA =
      "{\"type\":\"Metadata\",\"request_id\":\"tls\",\"duration\":0.1,\"channels\":1}";

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  private final SelfSigned certificate;
  private final DisposableServer server;

  DeepgramTlsIT(@TempDir Path directory) throws Exception {
    certificate = SelfSigned.in(directory);
    server = serve();
  }

  private DisposableServer serve() throws Exception {
    SslContext tls =
        SslContextBuilder.forServer(certificate.certificate().toFile(), certificate.key().toFile())
            .build();
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .secure(spec -> spec.sslContext(tls))
        .route(routes ->
            routes.ws(
                "/v1/listen",
                (in, out) ->
                    out.sendString(in.receiveFrames().concatMapIterable(DeepgramTlsIT::answers))))
        .bindNow();
  }

  private static List<String> answers(WebSocketFrame frame) {
    return frame instanceof TextWebSocketFrame text && text.text().contains("CloseStream")
        ? List.of(METADATA)
        : List.of();
  }

  @AfterEach
  void close() {
    server.disposeNow();
    loop.close();
  }

  @Test
  void trustedCertificate_opensASession() throws Exception {
    assertThat(session("127.0.0.1", certificate.trusting()))
        .isEqualTo(new CloseCause.Finished(0.1));
  }

  @Test
  void unknownCertificate_isUnreachable() throws Exception {
    assertThat(session("127.0.0.1", SSLContext.getDefault()))
        .isInstanceOfSatisfying(
            CloseCause.Lost.class, lost -> assertThat(lost.how()).isEqualTo(How.UNREACHABLE));
  }

  @Test
  void certificateOfAnotherHost_isUnreachable() throws Exception {
    assertThat(session("localhost", certificate.trusting()))
        .isInstanceOfSatisfying(
            CloseCause.Lost.class, lost -> assertThat(lost.how()).isEqualTo(How.UNREACHABLE));
  }

  /// One session with a message of audio; returns how it ended.
  private CloseCause session(String host, SSLContext trust) {
    URI url = URI.create("wss://" + host + ":" + server.port());
    DeepgramRecognizer recognizer =
        new DeepgramRecognizer(
            loop, DeepgramSettings.of(url, new ApiKey("key"), "nova-3", ""), trust);
    AtomicReference<RecognizerSession> session = new AtomicReference<>();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    loop.execute(() ->
        session.set(
            recognizer.open(
                new SessionRequest(AudioFormat.parse("pcm16/8000/1"), "en"),
                Duration.ofSeconds(5),
                event -> {
                  if (event instanceof RecognizerEvent.Opened) {
                    session.get().send(new byte[320], 0, 320);
                    session.get().finish();
                  } else if (event instanceof RecognizerEvent.Closed(CloseCause cause)) {
                    closed.complete(cause);
                  }
                })));
    await().until(closed::isDone);
    return closed.join();
  }
}
