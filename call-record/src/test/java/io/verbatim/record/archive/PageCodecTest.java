package io.verbatim.record.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageCodecTest {

  private static final Link LINK = new Link("000000000000", "0123456789ab");

  private static TranscriptEntry words(int seq, String text) {
    return new TranscriptEntry.Final(
        seq + "-0",
        LINK,
        seq,
        new Speech(
            "s" + seq,
            seq * 1_000L,
            seq * 1_000L + 900,
            text,
            0.93,
            1,
            0,
            "en",
            List.of(new Speech.Word(text, seq * 1_000L, seq * 1_000L + 900, 0.93)),
            "nova-3",
            310,
            240,
            seq % 2 == 0));
  }

  @Test
  void everyKindOfEntry_isDecodedAsItWas() {
    Speech bare =
        new Speech("s", 0, 1, "\0 \n \u2028 \"", 1, null, 1, null, List.of(), "", 0, 0, false);
    List<TranscriptEntry> entries =
        List.of(
            words(1, "hello"),
            new TranscriptEntry.Final("2-0", Link.NONE, 2, bare),
            new TranscriptEntry.Gap("3-0", LINK, 1, 2, "log_lost"),
            new TranscriptEntry.Ended("3-1", LINK, "stop", 3, true));

    assertThat(PageCodec.decode(PageCodec.encode(entries))).isEqualTo(entries);
    assertThat(PageCodec.decode(PageCodec.encode(List.of()))).isEmpty();
  }

  @Test
  void unpairedSurrogate_becomesQuestionMark() {
    List<TranscriptEntry> decoded =
        PageCodec.decode(PageCodec.encode(List.of(words(1, "a\uD800b"))));

    assertThat(decoded).isEqualTo(List.of(words(1, "a?b")));
  }

  @Test
  void page_isCompressed() {
    List<TranscriptEntry> page =
        IntStream.range(0, 100).mapToObj(seq -> words(seq, "word" + seq)).toList();

    assertThat(PageCodec.encode(page)).hasSizeLessThan(100 * 60);
  }

  @Test
  void newerVersion_isRefused() {
    byte[] body = PageCodec.encode(List.of());
    body[0] = 2;

    assertThatThrownBy(() -> PageCodec.decode(body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version");
  }
}
