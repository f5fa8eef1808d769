package io.verbatim.gateway;

import io.verbatim.batch.job.BatchSettings;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.service.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/// The settings of recordings, which are transcribed only if a provider's key is set.
///
/// @param directory for uploads; empty for one in the directory of temporary files
/// @param max recordings at once
/// @param maxUpload body of one upload
/// @param minFree disk space that uploads leave free
/// @param timeout of one request to a provider
/// @param retain how long the answer of a job is kept
public record RecordingsProperties(
    Secret deepgramApiKey,
    URI deepgramUrl,
    Secret openaiApiKey,
    URI openaiUrl,
    Secret assemblyaiApiKey,
    URI assemblyaiUrl,
    String directory,
    int max,
    DataSize maxUpload,
    DataSize minFree,
    Duration timeout,
    Duration retain) {

  public RecordingsProperties {
    requireKey("DEEPGRAM_API_KEY", deepgramApiKey);
    requireKey("OPENAI_API_KEY", openaiApiKey);
    requireKey("ASSEMBLYAI_API_KEY", assemblyaiApiKey);
    deepgramUrl = http("DEEPGRAM_URL", deepgramUrl);
    openaiUrl = http("OPENAI_URL", openaiUrl);
    assemblyaiUrl = http("ASSEMBLYAI_URL", assemblyaiUrl);
    if (!directory.isEmpty() && !Path.of(directory).isAbsolute()) {
      throw new IllegalArgumentException(
          "BATCH_DIRECTORY must be an absolute path, but is \"" + directory + "\"");
    }
    if (max < 1) {
      throw new IllegalArgumentException("BATCH_MAX must be at least 1, but is " + max);
    }
    if (maxUpload.toBytes() < 1) {
      throw new IllegalArgumentException("MAX_UPLOAD must be at least 1B, but is " + maxUpload);
    }
    if (minFree.isNegative()) {
      throw new IllegalArgumentException("BATCH_MIN_FREE must not be negative, but is " + minFree);
    }
    if (!retain.isPositive()) {
      throw new IllegalArgumentException(
          "BATCH_RETAIN must be longer than 0s, but is " + retain.toMillis() + "ms");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException(
          "PROVIDER_TIMEOUT must be longer than 0s, but is " + timeout.toMillis() + "ms");
    }
  }

  /// A key is sent in a header, which carries no other characters.
  static void requireKey(String setting, Secret key) {
    if (key.isSet() && !key.value().matches("[!-~]+")) {
      throw new IllegalArgumentException(
          setting + " must consist of visible ASCII characters, without blanks or line breaks");
    }
  }

  /// A provider's address, as HTTP. The worker's `DEEPGRAM_URL` begins with `wss://` or `ws://`.
  static URI http(String setting, URI given) {
    String url = given.toString().replaceFirst("^ws", "http");
    if (!url.matches("https?://[A-Za-z0-9.:\\[\\]-]+/?")) {
      throw new IllegalArgumentException(
          setting + " must be https://host or http://host, without path or credentials");
    }
    return URI.create(url);
  }

  BatchSettings toSettings() {
    return new BatchSettings(
        directory.isEmpty()
            ? Path.of(System.getProperty("java.io.tmpdir"), "verbatim-recordings")
            : Path.of(directory),
        max,
        maxUpload.toBytes(),
        minFree.toBytes(),
        timeout,
        retain,
        Optional.ofNullable(System.getenv("PATH")).orElse(""),
        account(deepgramUrl, deepgramApiKey),
        openAi(),
        account(assemblyaiUrl, assemblyaiApiKey));
  }

  /// OpenAI's account, which translations share.
  Optional<Account> openAi() {
    return account(openaiUrl, openaiApiKey);
  }

  static Optional<Account> account(URI url, Secret key) {
    return key.isSet() ? Optional.of(new Account(url, key.value())) : Optional.empty();
  }
}
