package io.verbatim.testkit.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.testkit.sse.SseParser.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {
  private final List<Event> events = new ArrayList<>();
  private final SseParser parser = new SseParser(events::add);

  @Test
  void event_hasNameIdAndData() {
    parser.text("event: final\nid: 3-0\ndata: {}\n\n");

    assertThat(events).containsExactly(new Event("final", "3-0", "{}"));
  }

  @Test
  void fieldsOfAnEvent_areNotKeptForTheNext() {
    parser.text("event: final\nid: 3-0\ndata: 1\n\ndata: 2\n\n");

    assertThat(events)
        .containsExactly(new Event("final", "3-0", "1"), new Event("message", "", "2"));
  }

  @Test
  void severalDataLines_areJoined() {
    parser.text("data: 1\ndata:2\n\n");

    assertThat(events).containsExactly(new Event("message", "", "1\n2"));
  }

  @Test
  void commentsRetryAndEventsWithoutData_areIgnored() {
    parser.text("retry: 2000\n\n:\n\nevent: caught-up\n\n");

    assertThat(events).isEmpty();
  }

  @Test
  void partsThatEndWithinALine_areJoined() {
    for (char part : "event: gap\ndata: {\"reason\":\"a: b\"}\n\n".toCharArray()) {
      parser.text(String.valueOf(part));
    }

    assertThat(events).containsExactly(new Event("gap", "", "{\"reason\":\"a: b\"}"));
  }
}
