package io.verbatim.pubsub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.message.DeadLetter;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract of the dead letters.
abstract class DeadLettersContract {
  private static final int MAX = 50;

  private final BusContract contract;

  DeadLettersContract(BusContract contract) {
    this.contract = contract;
  }

  private static void add(DeadLetters letters, String entry) {
    Answers.of(letters.add("audio_stream", entry, "no such format").thenApply(_ -> true));
  }

  private static List<String> entries(DeadLetters letters) {
    return Answers.of(letters.list()).stream().map(DeadLetter::entry).toList();
  }

  @Test
  void deadLetters_areListedNewestFirst() {
    DeadLetters letters = contract.bus().deadLetters();
    add(letters, "1-0");
    add(letters, "2-0");
    Answers.of(letters.add("transcript:{call-1}", "3-7", "not JSON").thenApply(_ -> true));

    assertThat(entries(letters)).containsExactly("3-7", "2-0", "1-0");
    DeadLetter newest = Answers.of(letters.list()).getFirst();
    assertThat(newest)
        .isEqualTo(new DeadLetter(newest.id(), "transcript:{call-1}", "3-7", "not JSON"));
    assertThat(Answers.of(letters.list())).extracting(DeadLetter::id).doesNotHaveDuplicates();
  }

  @Test
  void moreThanFiftyDeadLetters_dropOldest() {
    DeadLetters letters = contract.bus().deadLetters();
    for (int i = 1; i <= MAX + 10; i++) {
      add(letters, i + "-0");
    }

    assertThat(entries(letters)).hasSize(MAX).startsWith("60-0").endsWith("11-0");
  }

  @Test
  void deadLetter_isDeletedOnce() {
    DeadLetters letters = contract.bus().deadLetters();
    add(letters, "1-0");
    add(letters, "2-0");
    String id = Answers.of(letters.list()).getFirst().id();

    assertThat(Answers.of(letters.delete(id))).isTrue();
    assertThat(Answers.of(letters.delete(id))).isFalse();
    assertThat(entries(letters)).containsExactly("1-0");
  }

  @Test
  void allDeadLetters_areDeletedAndCounted() {
    DeadLetters letters = contract.bus().deadLetters();
    add(letters, "1-0");
    add(letters, "2-0");

    assertThat(Answers.of(letters.deleteAll())).isEqualTo(2);
    assertThat(Answers.of(letters.deleteAll())).isZero();
    assertThat(entries(letters)).isEmpty();
  }
}
