package io.verbatim.ingest.connection;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a peer's text frame as JSON. Its cost is bounded by the frame's length alone: a frame with
/// more levels, tokens or longer names than any dialect needs is refused.
///
/// Names are not kept for later frames, because the parser would keep all of them. Thread-safe.
public final class FrameJson {
  static final int DEEPEST = 32;
  static final int MOST_TOKENS = 4096;
  static final int LONGEST_NUMBER = 100;
  static final int LONGEST_NAME = 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxTokenCount(MOST_TOKENS)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxNameLength(LONGEST_NAME)
                          .build())
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private FrameJson() {}

  /// The text's object; empty where it is none, or none that can be read.
  public static Optional<JsonNode> object(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
