package io.verbatim.asr.deepgram;

import java.net.URI;
import java.time.Duration;

/// Where Deepgram is, and the parameters and timeouts of a session.
///
/// @param url scheme, host and port; the path is ours
/// @param options further query parameters, as written: `keyterm=Verbatim&numerals=true`
/// @param keepAliveAfter without audio; the server gives up after 10 s
/// @param finishTimeout from `CloseStream` to the last result
public record DeepgramSettings(
    URI url,
    ApiKey key,
    String model,
    String options,
    Duration keepAliveAfter,
    Duration finishTimeout) {

  /// The times the protocol suggests: 4 s to a KeepAlive, 5 s for the last result.
  public static DeepgramSettings of(URI url, ApiKey key, String model, String options) {
    return new DeepgramSettings(
        url, key, model, options, Duration.ofSeconds(4), Duration.ofSeconds(5));
  }

  boolean isSecure() {
    return "wss".equals(url.getScheme());
  }
}
