package io.verbatim.batch.translation;

import io.verbatim.batch.chat.ChatTranslator;
import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.google.AccessTokens;
import io.verbatim.batch.google.GoogleCredentials;
import io.verbatim.batch.google.GoogleTranslator;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.provider.ProviderClient;
import io.verbatim.batch.translation.TranslationSettings.GoogleAccount;
import io.verbatim.batch.translator.Language;
import io.verbatim.batch.translator.Tokens;
import io.verbatim.batch.translator.TranslatedText;
import io.verbatim.batch.translator.TranslationProvider;
import io.verbatim.batch.translator.Translator;
import io.verbatim.batch.webhook.Webhook;
import io.verbatim.batch.webhook.WebhookNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Translates texts, a bounded number at once. Thread-safe; [#translate] and [#forward] block, so
/// they must not run on an event loop.
///
/// Inactive without a provider's key: then no thread is started.
public final class Translations implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Translations.class);
  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int MAX_CHUNK_TOKENS = 15_000;

  /// A line that is translated later than this is of little use.
  private static final Duration LIVE_TIMEOUT = Duration.ofSeconds(15);

  private static final String ANY_KEY =
      "none of OPENAI_API_KEY, GOOGLE_API_KEY, GOOGLE_APPLICATION_CREDENTIALS and DEEPSEEK_API_KEY";

  private final Map<TranslationProvider, Translator> translators =
      new EnumMap<>(TranslationProvider.class);
  private final int max;
  private final Semaphore slots;
  private final @Nullable ProviderClient client;
  private final @Nullable Webhook webhook;
  private final @Nullable LiveTranslator live;
  private final String missingForLive;

  private Translations(TranslationSettings settings, WebhookNetwork network, InstantSource clock) {
    this.max = settings.max();
    this.slots = new Semaphore(max);
    boolean isActive =
        settings.openAi().isPresent()
            || settings.deepSeek().isPresent()
            || settings.google().isPresent();
    this.client = isActive ? new ProviderClient(FIRST_DELAY) : null;
    if (client != null) {
      translators.putAll(translators(client, settings, settings.timeout(), clock));
    }
    this.webhook =
        settings
            .webhook()
            .map(account -> new Webhook(account.url(), account.secret(), network, clock))
            .orElse(null);
    this.live = client == null ? null : live(client, settings, clock);
    this.missingForLive =
        settings
            .captions()
            .map(provider -> provider.keySetting() + " is not")
            .orElse(ANY_KEY + " is");
  }

  private @Nullable LiveTranslator live(
      ProviderClient open, TranslationSettings settings, InstantSource clock) {
    Optional<TranslationProvider> provider =
        settings.captions().isPresent()
            ? settings.captions().filter(translators::containsKey)
            : translators.keySet().stream().findFirst();
    if (provider.isEmpty()) {
      return null;
    }
    Translator translator = translators(open, settings, LIVE_TIMEOUT, clock).get(provider.get());
    return translator == null ? null : new LiveTranslator(translator, provider.get());
  }

  /// Opens the providers that have a key.
  ///
  /// @param network that the webhook may use
  public static Translations open(
      TranslationSettings settings, WebhookNetwork network, InstantSource clock) {
    var _ = Language.of("English"); // Loads the names of languages here, not on an event loop.
    return new Translations(settings, network, clock);
  }

  private static Map<TranslationProvider, Translator> translators(
      ProviderClient client, TranslationSettings settings, Duration timeout, InstantSource clock) {
    Map<TranslationProvider, Translator> opened = new EnumMap<>(TranslationProvider.class);
    Map<TranslationProvider, Optional<Account>> chats =
        Map.of(
            TranslationProvider.OPENAI, settings.openAi(),
            TranslationProvider.DEEPSEEK, settings.deepSeek());
    chats.forEach((provider, given) ->
        given.ifPresent(account ->
            opened.put(
                provider,
                new ChatTranslator(client, provider, account.url(), account.key(), timeout))));
    settings
        .google()
        .ifPresent(account ->
            opened.put(
                TranslationProvider.GOOGLE,
                new GoogleTranslator(
                    client, credentials(client, account, clock), account.url(), timeout)));
    return opened;
  }

  private static GoogleCredentials credentials(
      ProviderClient client, GoogleAccount account, InstantSource clock) {
    return account
        .key()
        .map(GoogleCredentials::key)
        .orElseGet(() -> new AccessTokens(client, account.serviceAccount().orElseThrow(), clock));
  }

  /// The right to translate one text. Closing it again does nothing.
  public final class Slot implements AutoCloseable {
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Slot() {}

    @Override
    public void close() {
      if (isClosed.compareAndSet(false, true)) {
        slots.release();
      }
    }
  }

  /// The number of slots in use.
  public int used() {
    return max - slots.availablePermits();
  }

  /// Takes a slot. The caller closes it.
  ///
  /// @throws BatchException if all slots are in use
  public Slot acquire() {
    if (!slots.tryAcquire()) {
      throw new BatchException(
          FailureKind.BUSY,
          "The gateway works on %d texts already. Try again later.".formatted(max),
          RETRY_AFTER);
    }
    return new Slot();
  }

  /// The providers that translate here: those with a key, and the one whose texts are forwarded.
  public List<TranslationProvider> providers() {
    return Arrays.stream(TranslationProvider.values())
        .filter(provider -> translators.containsKey(provider) || isForwarded(provider))
        .toList();
  }

  /// Whether texts for this provider go to the webhook.
  public boolean isForwarded(TranslationProvider provider) {
    return webhook != null && provider == TranslationProvider.DEEPSEEK;
  }

  /// Checks that the provider's key is set.
  ///
  /// @throws BatchException that names the setting if it is not
  public void requireKey(TranslationProvider provider) {
    var _ = translator(provider);
  }

  private Translator translator(TranslationProvider provider) {
    Translator translator = translators.get(provider);
    if (translator == null) {
      throw new BatchException(
          FailureKind.KEY_MISSING,
          "%s is not set on this gateway.".formatted(provider.keySetting()));
    }
    return translator;
  }

  /// The translator of live calls; empty without a key.
  public Optional<LiveTranslator> live() {
    return Optional.ofNullable(live);
  }

  /// Why there is no translator of live calls; empty if there is one.
  public String liveProblem() {
    return live == null
        ? "Calls are not translated: " + missingForLive + " set on this gateway."
        : "";
  }

  /// Translates a text, one chunk after another. The blanks around each chunk are kept as they are.
  ///
  /// @throws BatchException if the provider refuses or fails
  public TranslationResult translate(TranslationRequest request) throws InterruptedException {
    Translator translator = translator(request.provider());
    StringBuilder translation = new StringBuilder();
    Optional<String> language = Optional.empty();
    int chunks = 0;
    for (String chunk : Tokens.chunks(request.text(), MAX_CHUNK_TOKENS)) {
      String words = chunk.strip();
      int start = chunk.length() - chunk.stripLeading().length();
      translation.append(chunk, 0, start);
      if (!words.isEmpty()) {
        TranslatedText translated = translator.translate(words, request.options());
        translation.append(translated.text().strip());
        language = language.or(translated::detectedLanguage);
        translation.append(chunk, start + words.length(), chunk.length());
      }
      chunks++;
    }
    logger.info(
        "text.translated service={} target={} chunks={}",
        request.provider().wireName(),
        request.options().target().tag(),
        chunks);
    return new TranslationResult(request, translation.toString(), language, chunks);
  }

  /// Sends a text to the webhook.
  ///
  /// @throws BatchException if the webhook does not accept it
  public void forward(TranslationRequest request) {
    if (webhook == null) {
      throw new IllegalStateException("there is no webhook");
    }
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", UUID.randomUUID().toString());
    json.put("text", request.text());
    json.put("source_language", request.sourceLanguage());
    json.put("target_language", request.targetLanguage());
    json.put("model", request.options().model());
    webhook.send(json.toString().getBytes(StandardCharsets.UTF_8));
    logger.info("text.forwarded target={}", request.options().target().tag());
  }

  /// Ends all requests.
  @Override
  public void close() {
    if (live != null) {
      live.close();
    }
    if (client != null) {
      client.close();
    }
  }
}
