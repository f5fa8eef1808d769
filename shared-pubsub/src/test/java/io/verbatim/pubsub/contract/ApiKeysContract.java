package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.ApiKeyPublication;
import io.verbatim.pubsub.message.ApiKeyPublication.Outcome;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The contract of the published API keys.
abstract class ApiKeysContract {
  private static final Duration VALID = Duration.ofMinutes(10);
  private static final long NONE = -1;

  private final BusContract contract;

  ApiKeysContract(BusContract contract) {
    this.contract = contract;
  }

  private static Outcome publish(PublishedApiKeys keys, long version, String text) {
    return Answers.of(keys.publish(version, text, VALID)).outcome();
  }

  private static Optional<ApiKeySnapshot> read(PublishedApiKeys keys, long version) {
    return Answers.of(keys.read(version, Set.of()));
  }

  private static String text(PublishedApiKeys keys, long knownVersion) {
    return read(keys, knownVersion).flatMap(ApiKeySnapshot::keys).orElse("not read");
  }

  @Test
  void publishedKeys_areReadUntilTheReaderKnowsThem() {
    PublishedApiKeys gateway = contract.bus().apiKeys();
    PublishedApiKeys ingest = contract.bus().apiKeys();
    assertThat(read(ingest, NONE)).isEmpty();

    assertThat(publish(gateway, 7, "[]")).isEqualTo(Outcome.CURRENT);

    assertThat(text(ingest, NONE)).isEqualTo("[]");
    ApiKeySnapshot known = read(ingest, 7).orElseThrow();
    assertThat(known.version()).isEqualTo(7);
    assertThat(known.keys()).isEmpty();
    assertThat(known.validFor()).isBetween(VALID.minusSeconds(30), VALID);
  }

  @Test
  void olderVersion_doesNotReplaceNewerOne() {
    PublishedApiKeys keys = contract.bus().apiKeys();
    publish(keys, 7, "new");

    assertThat(publish(keys, 6, "old")).isEqualTo(Outcome.OUTDATED);
    assertThat(Answers.of(keys.confirm(6, VALID)).outcome()).isEqualTo(Outcome.OUTDATED);
    assertThat(text(keys, NONE)).isEqualTo("new");
    assertThat(publish(keys, 10, "newest")).isEqualTo(Outcome.CURRENT);
    assertThat(text(keys, 7)).isEqualTo("newest");
  }

  @Test
  void confirmation_extendsOnlyTheSameVersion() {
    PublishedApiKeys keys = contract.bus().apiKeys();

    assertThat(Answers.of(keys.confirm(7, VALID)).outcome()).isEqualTo(Outcome.UNKNOWN);
    publish(keys, 7, "[]");
    assertThat(Answers.of(keys.confirm(8, VALID)).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(Answers.of(keys.confirm(7, VALID.multipliedBy(2))).outcome())
        .isEqualTo(Outcome.CURRENT);

    assertThat(read(keys, 7).orElseThrow().validFor()).isGreaterThan(VALID);
  }

  @Test
  void keysThatNoGatewayConfirms_expire() {
    PublishedApiKeys keys = contract.bus().apiKeys();
    Answers.of(keys.publish(7, "[]", Duration.ofMillis(50)));

    await().until(() -> read(keys, NONE).isEmpty());

    assertThat(publish(keys, 3, "after a restore")).isEqualTo(Outcome.CURRENT);
    assertThat(text(keys, 7)).isEqualTo("after a restore");
  }

  @Test
  void usedKeys_areReportedToOneGatewayOnce() {
    PublishedApiKeys keys = contract.bus().apiKeys();
    publish(keys, 7, "[]");
    Answers.of(keys.read(7, Set.of("first", "second")));
    Answers.of(keys.read(7, Set.of("second", "third")));

    ApiKeyPublication confirmed = Answers.of(keys.confirm(7, VALID));

    assertThat(confirmed.used()).containsExactlyInAnyOrder("first", "second", "third");
    assertThat(Answers.of(keys.confirm(7, VALID)).used()).isEmpty();
    assertThat(text(keys, NONE)).isEqualTo("[]");
  }
}
