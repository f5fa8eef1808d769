package io.verbatim.record.keys;

/// A new key with its secret, which is shown once.
///
/// @param secret the whole key
public record NewApiKey(ApiKey key, String secret) {

  /// Does not contain the secret.
  @Override
  public String toString() {
    return "NewApiKey[" + key.id() + "]";
  }
}
