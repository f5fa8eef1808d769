package io.verbatim.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// docs/runbook.md.
final class Runbook {
  private static final Pattern SECTION = Pattern.compile("(?m)^## ");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");

  private Runbook() {}

  static String text() {
    try {
      return Files.readString(MetricsTable.ROOT.resolve("docs/runbook.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A section by the anchor of its heading; empty if there is none.
  static String section(String anchor) {
    return SECTION
        .splitAsStream(text())
        .filter(section -> anchor(section.lines().findFirst().orElse("")).equals(anchor))
        .findFirst()
        .orElse("");
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  /// The lines of all command blocks.
  static List<String> commands() {
    return BLOCK
        .matcher(text())
        .results()
        .flatMap(block -> block.group(1).lines())
        .filter(line -> !line.isBlank())
        .toList();
  }
}
