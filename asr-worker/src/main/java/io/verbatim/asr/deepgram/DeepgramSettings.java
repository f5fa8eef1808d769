package io.verbatim.asr.deepgram;

import java.net.URI;
import java.time.Duration;

/// Where Deepgram is and how it is to be asked.
///
/// @param url scheme, host and port; the path is ours
/// @param options further query parameters, as written: `keyterm=Verbatim&numerals=true`
/// @param handshakeTimeout from connecting to the answer of the upgrade
/// @param keepAliveAfter without audio; the server gives up after 10 s
/// @param finishGuard how long the last words may take after `CloseStream`
public record DeepgramSettings(
    URI url,
    ApiKey key,
    String model,
    String options,
    Duration handshakeTimeout,
    Duration keepAliveAfter,
    Duration finishGuard) {

  /// The times the protocol suggests: 5 s for the handshake, 4 s to a KeepAlive, 5 s for the last
  /// words.
  public static DeepgramSettings of(URI url, ApiKey key, String model, String options) {
    return new DeepgramSettings(
        url,
        key,
        model,
        options,
        Duration.ofSeconds(5),
        Duration.ofSeconds(4),
        Duration.ofSeconds(5));
  }
}
