package io.verbatim.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.EventStream.Event;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.WebClient;
import tools.jackson.databind.json.JsonMapper;

/// A call goes the whole way: telephone line, ingest, Redis, worker, recogniser, Redis, gateway,
/// browser.
class CallToTranscriptIT {
  private static final Duration CUT = Duration.ofMillis(10_600);
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final SampleCall SAMPLE = SampleCall.load();

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack =
        Stack.start(
            new Stack.Settings(
                null, new RunOptions.Ports(0, 0, 0), null, true, _ -> Optional.of("played")),
            SAMPLE);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void call_reachesTheBrowserWordForWord() throws Exception {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(CUT));

    List<Event> events = watchToTheEnd(call);

    assertThat(ofType(events, "final")).extracting(Event::text).containsExactlyElementsOf(script());
    Event last = events.getLast();
    assertThat(last.type()).isEqualTo("ended");
    assertThat(last.data().path("complete").asBoolean()).isTrue();
    assertThat(last.data().path("durationMs").asLong()).isEqualTo(CUT.toMillis());
  }

  @Test
  void words_areShownAsTheyAreSpoken() throws Exception {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(CUT));

    List<Event> events = watchToTheEnd(call);

    assertThat(ofType(events, "interim")).extracting(Event::text).contains("Thank you for calling");
    List<Event> finals = ofType(events, "final");
    assertThat(finals).extracting(Event::id).doesNotHaveDuplicates().doesNotContain("");
    assertThat(finals)
        .extracting(line -> line.data().path("recognizer").asString())
        .containsOnly("simulated");
    assertThat(finals)
        .extracting(line -> line.data().path("speaker").asInt())
        .containsExactly(0, 1);
  }

  @Test
  void page_isSignedInByItself() {
    String cookie = cookieOfThePage("localhost:" + stack.gateway().getPort()).orElseThrow();

    String calls =
        WebClient.create(stack.gateway().toString())
            .get()
            .uri("/v1/calls")
            .header(HttpHeaders.COOKIE, cookie.substring(0, cookie.indexOf(';')))
            .retrieve()
            .bodyToMono(String.class)
            .blockOptional(PATIENCE)
            .orElseThrow();

    assertThat(cookie).contains("HTTPOnly", "SameSite=Strict");
    assertThat(JsonMapper.shared().readTree(calls).path("calls").isArray()).isTrue();
  }

  @Test
  void pageUnderAForeignName_isNotSignedIn() {
    assertThat(cookieOfThePage("evil.example")).isEmpty();
  }

  @Test
  void playButton_worksFromOurPageOnly() {
    String ours = "http://127.0.0.1:" + stack.gateway().getPort();

    assertThat(play(ours)).isEqualTo(HttpStatus.ACCEPTED);
    assertThat(play("http://evil.example")).isEqualTo(HttpStatus.NOT_FOUND);
  }

  private static HttpStatusCode play(String origin) {
    return WebClient.create(stack.gateway().toString())
        .post()
        .uri("/local/play")
        .header(HttpHeaders.ORIGIN, origin)
        .exchangeToMono(answer -> answer.releaseBody().thenReturn(answer.statusCode()))
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  private static Optional<String> cookieOfThePage(String host) {
    return WebClient.create(stack.gateway().toString())
        .get()
        .uri("/")
        .header(HttpHeaders.HOST, host)
        .retrieve()
        .toBodilessEntity()
        .blockOptional(PATIENCE)
        .map(answer -> answer.getHeaders().getFirst(HttpHeaders.SET_COOKIE));
  }

  private static List<Event> watchToTheEnd(OngoingCall call) throws Exception {
    URI transcript = stack.gateway().resolve("v1/calls/" + call.callId() + "/transcript");
    return EventStream.readToTheEnd(transcript, stack.token(), PATIENCE);
  }

  private static List<Event> ofType(List<Event> events, String type) {
    return events.stream().filter(event -> type.equals(event.type())).toList();
  }

  private static List<String> script() {
    return SAMPLE.utterances().stream()
        .filter(utterance -> utterance.endSample() < CUT.toMillis() * SampleCall.RATE_HZ / 1000)
        .map(Utterance::text)
        .toList();
  }
}
