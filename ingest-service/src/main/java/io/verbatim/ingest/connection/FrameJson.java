package io.verbatim.ingest.connection;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses a peer's text frame as JSON. The cost is bounded by the frame's length: a frame with more
/// levels or tokens, or longer names or numbers, than any dialect needs is rejected.
///
/// Field names are not cached, because the parser would keep all of them. Thread-safe.
public final class FrameJson {
  static final int MAX_DEPTH = 32;
  static final int MAX_TOKENS = 4096;
  static final int MAX_NUMBER_CHARS = 100;
  static final int MAX_NAME_CHARS = 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .maxNameLength(MAX_NAME_CHARS)
                          .build())
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private FrameJson() {}

  /// Returns the JSON value; empty if the text is not JSON within the limits.
  public static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(value -> !value.isMissingNode());
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// Returns the JSON object; empty if the text is not a JSON object within the limits.
  public static Optional<JsonNode> object(String text) {
    return parse(text).filter(JsonNode::isObject);
  }
}
