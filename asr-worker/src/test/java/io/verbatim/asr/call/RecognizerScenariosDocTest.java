package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.session.SessionTiming;
import io.verbatim.service.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The operators' table lists the tested scenarios, with their statuses and counters.
class RecognizerScenariosDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "recognizer.md");

  @Test
  void documentedTimes_matchSettings() throws IOException {
    SessionTiming timing = SessionTiming.DEFAULT;
    DeepgramSettings settings =
        DeepgramSettings.of(URI.create("wss://host"), new Secret("key"), "nova-3", "");

    assertThat(Files.readString(DOCUMENT))
        .contains(
            "New tries wait 0.5 to " + timing.reconnectMax().toSeconds() + " s",
            "but one, every " + timing.deniedProbe().toSeconds() + " s",
            "Finalize after " + timing.probeAfter().toSeconds() + " s",
            "replayed after " + timing.silenceLimit().toSeconds() + " s",
            "Given up after " + timing.handshakeLimit().toSeconds() + " s",
            "KeepAlive goes out after " + settings.keepAliveAfter().toSeconds() + " s",
            "The same, after " + settings.finishTimeout().toSeconds() + " s");
    assertThat(timing.reconnectMin()).hasMillis(500);
    assertThat(CallSettings.Timing.DEFAULT.endTimeout()).as("a minute").hasSeconds(60);
  }

  @Test
  void table_listsEveryScenarioWithStatusAndCounter() throws IOException {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| "))
            .skip(2)
            .toList();
    List<String> names = new ArrayList<>();
    for (String row : rows) {
      names.add(row.split("\\|", -1)[1].strip());
    }

    assertThat(names).containsExactlyElementsOf(Scenario.all().map(Scenario::name).toList());
    Scenario.all()
        .forEach(scenario -> {
          String row = rows.get(names.indexOf(scenario.name()));
          assertThat(row)
              .as(scenario.name())
              .contains(scenario.causes().stream().map(c -> "`" + c + "`").toList());
          for (String kind : scenario.violations()) {
            assertThat(row).as(scenario.name()).contains("kind=\"" + kind + "\"");
          }
          for (String status : scenario.statuses()) {
            assertThat(row).as(scenario.name()).contains(status.replaceAll(": .*", ""));
          }
        });
  }
}
