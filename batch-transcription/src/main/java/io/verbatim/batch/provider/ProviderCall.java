package io.verbatim.batch.provider;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// One request to a provider.
///
/// @param provider its name in sentences
/// @param keySetting the environment variable of its key
/// @param headers with the key; never logged
/// @param body creates the body for each try
/// @param timeout from the start of a try to the end of the answer
public record ProviderCall(
    String provider,
    String keySetting,
    String method,
    URI uri,
    Map<String, String> headers,
    Supplier<BodyPublisher> body,
    Duration timeout) {

  /// The same request as GET, without a body.
  public ProviderCall get(URI other) {
    return new ProviderCall(
        provider, keySetting, "GET", other, headers, BodyPublishers::noBody, timeout);
  }

  /// Contains no header.
  @Override
  public String toString() {
    return method + " " + uri.getHost() + uri.getPath();
  }
}
