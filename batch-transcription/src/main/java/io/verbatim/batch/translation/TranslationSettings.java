package io.verbatim.batch.translation;

import io.verbatim.batch.google.ServiceAccount;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.translator.TranslationProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// The settings of translations.
///
/// @param max texts at once
/// @param timeout of one request to a provider
/// @param webhook receives the texts for DeepSeek instead
/// @param captions translates live calls; empty for the first provider with a key
public record TranslationSettings(
    int max,
    Duration timeout,
    Optional<Account> openAi,
    Optional<Account> deepSeek,
    Optional<GoogleAccount> google,
    Optional<WebhookAccount> webhook,
    Optional<TranslationProvider> captions) {

  /// An account with Google: a key, or a service account.
  ///
  /// @param url scheme and host
  /// @param key used if both are present
  public record GoogleAccount(
      URI url, Optional<String> key, Optional<ServiceAccount> serviceAccount) {
    @Override
    public String toString() {
      return "GoogleAccount[" + url + "]";
    }
  }

  /// The receiver of texts.
  ///
  /// @param secret the key of the signature; never logged
  public record WebhookAccount(URI url, String secret) {
    @Override
    public String toString() {
      return "WebhookAccount[" + url.getHost() + "]";
    }
  }
}
