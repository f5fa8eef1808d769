package io.verbatim.batch.google;

import java.util.Map;

/// Authenticates requests to Google. Thread-safe; may block.
public interface GoogleCredentials {

  /// The environment variable that has them.
  String setting();

  /// The header with the key or the access token.
  ///
  /// @throws io.verbatim.batch.failure.BatchException if Google refuses to issue an access token
  Map<String, String> header() throws InterruptedException;

  /// Google refused the header.
  void refused();

  /// An API key.
  static GoogleCredentials key(String key) {
    return new ApiKey(key);
  }

  /// An API key, which does not change.
  record ApiKey(String key) implements GoogleCredentials {
    @Override
    public String setting() {
      return "GOOGLE_API_KEY";
    }

    @Override
    public Map<String, String> header() {
      return Map.of("X-goog-api-key", key);
    }

    @Override
    public void refused() {}

    @Override
    public String toString() {
      return "ApiKey[***]";
    }
  }
}
