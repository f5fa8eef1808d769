package io.verbatim.security.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Encodes problems as JSON: `type`, `title`, `status`, `code`, `detail`, `parameter`, in this
/// order and without empty fields.
final class ProblemEncoder {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final IntFunction<String> titles;

  /// @param titles the title of each status
  ProblemEncoder(IntFunction<String> titles) {
    this.titles = titles;
  }

  /// Encodes by way of a string, in which an unpaired surrogate becomes a question mark. Encoding
  /// directly to bytes fails on it.
  byte[] encode(Problem problem) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", "about:blank")
            .put("title", titles.apply(problem.status()))
            .put("status", problem.status());
    if (!problem.code().isEmpty()) {
      json.put("code", problem.code());
    }
    json.put("detail", problem.detail());
    if (!problem.parameter().isEmpty()) {
      json.put("parameter", problem.parameter());
    }
    return JSON.writeValueAsString(json).getBytes(UTF_8);
  }
}
