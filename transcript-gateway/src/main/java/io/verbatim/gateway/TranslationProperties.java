package io.verbatim.gateway;

import io.verbatim.batch.google.ServiceAccount;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.translation.TranslationSettings;
import io.verbatim.batch.translation.TranslationSettings.GoogleAccount;
import io.verbatim.batch.translation.TranslationSettings.WebhookAccount;
import io.verbatim.batch.translator.TranslationProvider;
import io.verbatim.service.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The settings of translations, which are offered only if a provider's key is set. OpenAI's
/// account is that of [RecordingsProperties].
///
/// @param googleCredentials the key file of a service account; empty for none
/// @param max texts at once
/// @param webhookUrl receives the texts for DeepSeek instead; empty for none
/// @param webhookSecret the key of the webhook's signature
/// @param captions translates live calls; null for the first provider with a key
public record TranslationProperties(
    Secret deepseekApiKey,
    URI deepseekUrl,
    Secret googleApiKey,
    URI googleUrl,
    String googleCredentials,
    int max,
    String webhookUrl,
    Secret webhookSecret,
    @Nullable TranslationProvider captions) {

  private static final int MIN_SECRET = 16;

  public TranslationProperties {
    RecordingsProperties.requireKey("DEEPSEEK_API_KEY", deepseekApiKey);
    RecordingsProperties.requireKey("GOOGLE_API_KEY", googleApiKey);
    deepseekUrl = RecordingsProperties.http("DEEPSEEK_URL", deepseekUrl);
    googleUrl = RecordingsProperties.http("GOOGLE_URL", googleUrl);
    if (!googleCredentials.isEmpty()) {
      var _ = ServiceAccount.read(Path.of(googleCredentials));
    }
    if (max < 1) {
      throw new IllegalArgumentException("TRANSLATIONS_MAX must be at least 1, but is " + max);
    }
    if (!webhookUrl.isEmpty()
        && !webhookUrl.matches("https://[A-Za-z0-9.:\\[\\]-]+(/[!-~&&[^#]]*)?")) {
      throw new IllegalArgumentException(
          "TRANSLATION_WEBHOOK_URL must be https://host/path, without credentials or a fragment");
    }
    if (webhookUrl.isEmpty() == webhookSecret.isSet()) {
      throw new IllegalArgumentException(
          "TRANSLATION_WEBHOOK_URL and TRANSLATION_WEBHOOK_SECRET must be set together");
    }
    if (webhookSecret.isSet() && webhookSecret.value().length() < MIN_SECRET) {
      throw new IllegalArgumentException(
          "TRANSLATION_WEBHOOK_SECRET must have at least %d characters".formatted(MIN_SECRET));
    }
  }

  /// @param openAi the account of recordings
  /// @param timeout of one request to a provider
  TranslationSettings toSettings(Optional<Account> openAi, Duration timeout) {
    Optional<ServiceAccount> serviceAccount =
        Optional.of(googleCredentials)
            .filter(file -> !file.isEmpty())
            .map(file -> ServiceAccount.read(Path.of(file)));
    Optional<String> googleKey = Optional.of(googleApiKey.value()).filter(key -> !key.isEmpty());
    return new TranslationSettings(
        max,
        timeout,
        openAi,
        RecordingsProperties.account(deepseekUrl, deepseekApiKey),
        googleKey.isPresent() || serviceAccount.isPresent()
            ? Optional.of(new GoogleAccount(googleUrl, googleKey, serviceAccount))
            : Optional.empty(),
        webhookUrl.isEmpty()
            ? Optional.empty()
            : Optional.of(new WebhookAccount(URI.create(webhookUrl), webhookSecret.value())),
        Optional.ofNullable(captions));
  }
}
