package io.verbatim.asr.deepgram;

import io.verbatim.service.EventLoop;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/// Recognisers with a given name resolver or given certificates.
public final class TestRecognizers {
  private TestRecognizers() {}

  public static DeepgramRecognizer trusting(
      EventLoop loop, DeepgramSettings settings, SSLContext trust) {
    return new DeepgramRecognizer(loop, settings, trust);
  }

  public static DeepgramRecognizer resolvingWith(
      EventLoop loop, DeepgramSettings settings, DelayedNameResolver names) {
    try {
      return new DeepgramRecognizer(
          loop,
          settings,
          SSLContext.getDefault(),
          HttpClient.create(ConnectionProvider.newConnection()).resolver(names));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
