package io.verbatim.asr.deepgram;

import io.netty.channel.ChannelOption;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.RecognizerSession;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import java.net.URI;
import java.util.function.Consumer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/// Deepgram over one client: a socket per session, a few threads for all of them.
public final class DeepgramRecognizer implements SpeechRecognizer {
  /// Odd, for each connection takes two turns in their round: of two threads one would never work.
  private static final int THREADS = 3;

  private static final String PATH = "/v1/listen";

  private final DeepgramSettings settings;
  private final LoopResources threads = LoopResources.create("recognizer", THREADS, true);
  private final HttpClient client;

  public DeepgramRecognizer(DeepgramSettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.create(ConnectionProvider.newConnection())
            .runOn(threads)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.handshakeTimeout().toMillis())
            .headers(headers -> headers.set("Authorization", "Token " + settings.key().value()));
  }

  @Override
  public String name() {
    return settings.model();
  }

  @Override
  public RecognizerSession open(SessionRequest request, Consumer<RecognizerEvent> events) {
    DeepgramSession session = new DeepgramSession(settings, events);
    session.connect(client, uri(request));
    return session;
  }

  private URI uri(SessionRequest request) {
    String base = settings.url().toString();
    String bare = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    String address = bare.endsWith(PATH) ? bare : bare + PATH;
    return URI.create(address + "?" + DeepgramQuery.of(settings, request));
  }

  @Override
  public void close() {
    threads.dispose();
  }
}
