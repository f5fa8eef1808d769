package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.asr.deepgram.ApiKey;
import io.verbatim.asr.deepgram.DeepgramSettings;
import io.verbatim.asr.session.SessionTiming;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The table operators read lists the moods that are tested, with what a watcher then sees and what
/// is counted.
class RecognizerMoodsDocTest {
  private static final Path TABLE = Path.of("..", "docs", "recognizer.md");

  @Test
  void figuresOfTheText_areThoseOfTheService() throws IOException {
    SessionTiming timing = SessionTiming.DEFAULT;
    DeepgramSettings settings =
        DeepgramSettings.of(URI.create("wss://host"), new ApiKey("key"), "nova-3", "");

    assertThat(Files.readString(TABLE))
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
  void table_hasEveryMood_withItsStatusAndItsCounter() throws IOException {
    List<String> rows =
        Files.readAllLines(TABLE).stream().filter(line -> line.startsWith("| ")).skip(2).toList();
    List<String> names = new ArrayList<>();
    for (String row : rows) {
      names.add(row.split("\\|", -1)[1].strip());
    }

    assertThat(names).containsExactlyElementsOf(Mood.all().map(Mood::name).toList());
    Mood.all()
        .forEach(mood -> {
          String row = rows.get(names.indexOf(mood.name()));
          assertThat(row)
              .as(mood.name())
              .contains(mood.causes().stream().map(c -> "`" + c + "`").toList());
          for (String kind : mood.oddities()) {
            assertThat(row).as(mood.name()).contains("kind=\"" + kind + "\"");
          }
          for (String status : mood.statuses()) {
            assertThat(row).as(mood.name()).contains(status.replaceAll(": .*", ""));
          }
        });
  }
}
