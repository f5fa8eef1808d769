package io.verbatim.asr.deepgram;

import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.service.EventLoop;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/// Deepgram: one WebSocket per session, all of them on the service's event loop.
public final class DeepgramRecognizer implements SpeechRecognizer {
  /// At most one second of 8 kHz audio, because bytes that wait for the network count as sent.
  private static final WriteBufferWaterMark UNSENT_BYTES =
      new WriteBufferWaterMark(8 * 1024, 16 * 1024);

  private static final String PATH = "/v1/listen";

  /// For Netty's own timeouts. The handshake limit of each session is shorter and acts first.
  private static final Duration LONGEST_HANDSHAKE = Duration.ofMinutes(2);

  private final EventLoop loop;
  private final DeepgramSettings settings;
  private final HttpClient client;
  private final Set<DeepgramSession> sessions = new HashSet<>();

  /// Trusts the certificate authorities of the JDK. Must not run on the event loop: TLS takes a
  /// second to load.
  public DeepgramRecognizer(EventLoop loop, DeepgramSettings settings) {
    this(loop, settings, defaultTrust());
  }

  DeepgramRecognizer(EventLoop loop, DeepgramSettings settings, SSLContext trust) {
    this(loop, settings, trust, HttpClient.create(ConnectionProvider.newConnection()));
  }

  /// @param base with the name resolver
  DeepgramRecognizer(EventLoop loop, DeepgramSettings settings, SSLContext trust, HttpClient base) {
    this.loop = loop;
    this.settings = settings;
    HttpClient plain =
        base.runOn(loop.resources())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LONGEST_HANDSHAKE.toMillis())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
            .headers(headers -> headers.set("Authorization", "Token " + settings.key().value()));
    this.client = settings.isSecure() ? secure(plain, new OffloadedTls(loop, trust)) : plain;
  }

  private static SSLContext defaultTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The JDK has no TLS.", e);
    }
  }

  private static HttpClient secure(HttpClient plain, OffloadedTls tls) {
    return plain.secure(spec -> spec.sslContext(tls).handshakeTimeout(LONGEST_HANDSHAKE));
  }

  @Override
  public String name() {
    return settings.model();
  }

  @Override
  public RecognizerSession open(
      SessionRequest request, Duration handshakeLimit, Consumer<RecognizerEvent> events) {
    DeepgramSession session = new DeepgramSession(loop, settings, events, sessions::remove);
    sessions.add(session);
    URI uri = uri(request);
    loop.execute(() -> session.connect(client, uri, handshakeLimit));
    return session;
  }

  private URI uri(SessionRequest request) {
    String base = settings.url().toString();
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    String address = trimmed.endsWith(PATH) ? trimmed : trimmed + PATH;
    return URI.create(address + "?" + DeepgramQuery.of(settings, request));
  }

  @Override
  public void close() {
    loop.run(() -> List.copyOf(sessions).forEach(DeepgramSession::drop));
  }
}
