package io.verbatim.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.SslContextBuilder;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.CloseCause.Lost.Reason;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Secret;
import io.verbatim.service.Transport;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.deepgram.NumberedAudio;
import io.verbatim.testkit.tokens.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions over TLS, with a server whose certificate is for 127.0.0.1.
class DeepgramTlsIT {
  private static final String FORMAT = "pcm16/8000/1";
  private static final byte[] AUDIO = NumberedAudio.of(FORMAT).frames(0, 1);

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  private final SelfSigned certificate;
  private final DeepgramStandIn standIn = DeepgramStandIn.start();

  DeepgramTlsIT(@TempDir Path directory) throws Exception {
    certificate = SelfSigned.in(directory);
    standIn.enableTls(
        SslContextBuilder.forServer(certificate.certificate().toFile(), certificate.key().toFile())
            .build());
  }

  @AfterEach
  void close() {
    standIn.close();
    loop.close();
  }

  @Test
  void trustedCertificate_opensASession() throws Exception {
    assertThat(session("127.0.0.1", certificate.trusting()))
        .isEqualTo(new CloseCause.Finished(0.02));
  }

  @Test
  void unknownCertificate_isUnreachable() throws Exception {
    assertThat(session("127.0.0.1", SSLContext.getDefault()))
        .isInstanceOfSatisfying(
            CloseCause.Lost.class, lost -> assertThat(lost.reason()).isEqualTo(Reason.UNREACHABLE));
  }

  @Test
  void certificateOfAnotherHost_isUnreachable() throws Exception {
    assertThat(session("localhost", certificate.trusting()))
        .isInstanceOfSatisfying(
            CloseCause.Lost.class, lost -> assertThat(lost.reason()).isEqualTo(Reason.UNREACHABLE));
  }

  /// One session with a message of audio; returns how it ended.
  private CloseCause session(String host, SSLContext trust) {
    URI url = URI.create("wss://" + host + ":" + standIn.url().getPort());
    DeepgramRecognizer recognizer =
        new DeepgramRecognizer(
            loop, DeepgramSettings.of(url, new Secret("key"), "nova-3", ""), trust);
    AtomicReference<RecognizerSession> session = new AtomicReference<>();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    loop.execute(() ->
        session.set(
            recognizer.open(
                new SessionRequest(AudioFormat.parse(FORMAT), "en"),
                Duration.ofSeconds(5),
                event -> {
                  if (event instanceof RecognizerEvent.Opened) {
                    session.get().send(AUDIO, 0, AUDIO.length);
                    session.get().finish();
                  } else if (event instanceof RecognizerEvent.Closed(CloseCause cause)) {
                    closed.complete(cause);
                  }
                })));
    await().until(closed::isDone);
    return closed.join();
  }
}
