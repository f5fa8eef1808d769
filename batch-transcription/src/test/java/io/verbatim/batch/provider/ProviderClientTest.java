package io.verbatim.batch.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.testkit.providers.DeepgramRecordings;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProviderClientTest {

  @Test
  void closeDuringLastTry_failsAsCancelled() {
    try (DeepgramRecordings provider = new DeepgramRecordings("key")) {
      provider.answerNext(503, "");
      provider.answerNext(503, "");
      provider.stallNext();
      ProviderCall call =
          new ProviderCall(
              "Deepgram",
              "DEEPGRAM_API_KEY",
              "POST",
              provider.url(),
              Map.of(),
              BodyPublishers::noBody,
              Duration.ofSeconds(30));
      CompletableFuture<BatchException> failure;
      try (ProviderClient client = new ProviderClient(Duration.ofMillis(1))) {
        failure =
            CompletableFuture.supplyAsync(() ->
                catchThrowableOfType(
                    BatchException.class, () -> client.send(call, JsonNode.class)));
        await().until(() -> provider.requests() == 3);
      }

      assertThat(failure.join().kind()).isEqualTo(FailureKind.CANCELLED);
    }
  }
}
