package io.verbatim.gateway.browser;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Checks a page with the rules of axe-core: all default rules and those of WCAG 2.2 AA.
final class Axe {

  private static final String RULES = rules();

  private Axe() {}

  /// The findings: one line per element, with the rule's name and the reason.
  @SuppressWarnings("unchecked")
  static List<String> findings(Page page) {
    page.evaluate(RULES);
    return (List<String>)
        page.evaluate(
            """
            async () => {
              const { violations } = await axe.run(document, { rules: { "target-size": { enabled: true } } });
              return violations.flatMap(({ id, nodes }) =>
                  nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
            }
            """);
  }

  private static String rules() {
    try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
      if (in == null) {
        throw new IllegalStateException("axe.min.js is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
