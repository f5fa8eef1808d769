package io.verbatim.asr.deepgram;

import io.verbatim.service.Secret;
import java.net.URI;
import java.time.Duration;

/// Deepgram's address, and the parameters and timeouts of a session.
///
/// @param url scheme, host and port; `/v1/listen` is appended
/// @param options further query parameters, as written: `keyterm=Verbatim&numerals=true`
/// @param keepAliveAfter without audio before a KeepAlive; the server closes after 10 s
/// @param finishTimeout from `CloseStream` to `Metadata`
public record DeepgramSettings(
    URI url,
    Secret key,
    String model,
    String options,
    Duration keepAliveAfter,
    Duration finishTimeout) {

  /// Settings with the default times: 4 s to a KeepAlive, 5 s to `Metadata`.
  public static DeepgramSettings of(URI url, Secret key, String model, String options) {
    return new DeepgramSettings(
        url, key, model, options, Duration.ofSeconds(4), Duration.ofSeconds(5));
  }

  boolean isSecure() {
    return "wss".equals(url.getScheme());
  }
}
