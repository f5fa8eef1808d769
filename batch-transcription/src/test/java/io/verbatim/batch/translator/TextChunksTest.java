package io.verbatim.batch.translator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextChunksTest {

  private static final String ALPHABET = "ab .!?\n\t。😀é\"\u00a0";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "One. Two. Three.           | 11 | One. Two. ;Three.",
        "It is 3.5 m. Is it? Yes!   | 13 | It is 3.5 m. ;Is it? Yes!",
        "\"Go.\" \"Why?\" No.        | 13 | \"Go.\" \"Why?\" ;No.",
        "好。很好。行              | 5  | 好。很好。;行",
        "no sentence ends here      | 10 | no ;sentence ;ends here",
        "unbroken                   | 3  | unb;rok;en",
        "😀😀😀                     | 2  | 😀😀;😀",
        "A sentence. And a longword | 16 | A sentence. ;And a longword",
      })
  void text_isCutAtTheLastSentenceThatFits(String text, int limit, String chunks) {
    assertThat(TextChunks.cut(text, limit, _ -> 1)).containsExactly(chunks.split(";", -1));
  }

  @Test
  void emptyText_hasNoChunks() {
    assertThat(TextChunks.cut("", 5, _ -> 1)).isEmpty();
  }

  @Test
  void anyText_isTheSameWhenJoined_andNoChunkIsOverTheLimit() {
    Random random = new Random(7);
    int[] alphabet = ALPHABET.codePoints().toArray();
    for (int run = 0; run < 2_000; run++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(60), 0, alphabet.length)
          .forEach(index -> text.appendCodePoint(alphabet[index]));
      int limit = 4 + random.nextInt(20);

      List<String> chunks = TextChunks.cut(text.toString(), limit, TextChunksTest::weight);

      assertThat(String.join("", chunks)).isEqualTo(text.toString());
      assertThat(chunks)
          .allSatisfy(chunk -> {
            assertThat(chunk.codePoints().map(TextChunksTest::weight).sum()).isBetween(1, limit);
            assertThat(Character.isLowSurrogate(chunk.charAt(0))).isFalse();
          });
    }
  }

  private static int weight(int codePoint) {
    return codePoint < 0x80 ? 1 : 4;
  }

  @Test
  void tokens_areFourAsciiCharactersOrOneOther() {
    assertThat(Tokens.estimate("")).isZero();
    assertThat(Tokens.estimate("abcd")).isEqualTo(1);
    assertThat(Tokens.estimate("abcde")).isEqualTo(2);
    assertThat(Tokens.estimate("你好")).isEqualTo(2);
    assertThat(Tokens.chunks("你好。你好。", 4)).containsExactly("你好。", "你好。");
  }

  @ParameterizedTest
  @CsvSource({
    "es, es",
    "ES, es",
    "pt_br, pt-BR",
    "zh-hant-tw, zh-Hant-TW",
    "fil, fil",
    "Spanish, es",
    "german, de",
    "xx, ''",
    "x, ''",
    "qqq, ''",
    "es\", ''",
    "Klingonese, ''",
  })
  void language_isKnownByItsTagOrEnglishName(String given, String tag) {
    assertThat(Language.of(given).map(Language::tag).orElse("")).isEqualTo(tag);
  }
}
