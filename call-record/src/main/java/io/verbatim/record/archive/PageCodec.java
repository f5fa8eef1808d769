package io.verbatim.record.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Encodes and decodes pages of a transcript. Values in, values out.
final class PageCodec {

  private static final int VERSION = 1;

  /// One entry as JSON; the fields that its type does not have are absent.
  private record Stored(
      String type,
      String id,
      String after,
      String line,
      @Nullable Long seq,
      @Nullable Speech speech,
      @Nullable Long startMs,
      @Nullable Long endMs,
      @Nullable String reason,
      @Nullable Boolean complete) {}

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private PageCodec() {}

  /// Encodes by way of a string, in which an unpaired surrogate becomes a question mark.
  static byte[] encode(List<TranscriptEntry> entries) {
    byte[] json =
        MAPPER
            .writeValueAsString(entries.stream().map(PageCodec::stored).toList())
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream(json.length / 4);
    body.write(VERSION);
    Deflater deflater = new Deflater();
    try (DeflaterOutputStream out = new DeflaterOutputStream(body, deflater)) {
      out.write(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } finally {
      deflater.end();
    }
    return body.toByteArray();
  }

  /// @throws IllegalArgumentException for a page of a newer version
  static List<TranscriptEntry> decode(byte[] body) {
    if (body.length == 0 || body[0] != VERSION) {
      throw new IllegalArgumentException("an archived page has a version that is not supported");
    }
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(body, 1, body.length - 1))) {
      return List.of(MAPPER.readValue(in, Stored[].class)).stream().map(PageCodec::entry).toList();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Stored stored(TranscriptEntry entry) {
    Link link = entry.link();
    return switch (entry) {
      case TranscriptEntry.Final(String id, _, long seq, Speech speech, _) ->
          new Stored("final", id, link.after(), link.line(), seq, speech, null, null, null, null);
      case TranscriptEntry.Gap(String id, _, long startMs, long endMs, String reason) ->
          new Stored(
              "gap", id, link.after(), link.line(), null, null, startMs, endMs, reason, null);
      case TranscriptEntry.Ended(String id, _, String reason, long durationMs, boolean complete) ->
          new Stored(
              "ended",
              id,
              link.after(),
              link.line(),
              null,
              null,
              null,
              durationMs,
              reason,
              complete);
    };
  }

  private static TranscriptEntry entry(Stored stored) {
    Link link = new Link(stored.after, stored.line);
    return switch (stored.type) {
      case "final" ->
          new TranscriptEntry.Final(stored.id, link, present(stored.seq), present(stored.speech));
      case "gap" ->
          new TranscriptEntry.Gap(
              stored.id,
              link,
              present(stored.startMs),
              present(stored.endMs),
              present(stored.reason));
      case "ended" ->
          new TranscriptEntry.Ended(
              stored.id,
              link,
              present(stored.reason),
              present(stored.endMs),
              present(stored.complete));
      default -> throw new IllegalArgumentException("an archived entry has an unknown type");
    };
  }

  private static <T> T present(@Nullable T field) {
    return Objects.requireNonNull(field, "an archived entry lacks a field");
  }
}
