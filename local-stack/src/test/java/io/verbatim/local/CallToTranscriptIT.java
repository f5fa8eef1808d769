package io.verbatim.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import tools.jackson.databind.JsonNode;
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
                null, new RunOptions.Ports(0, 0, 0), null, true, _ -> Optional.empty()),
            SAMPLE);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void call_reachesTheBrowserWordForWord() {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(CUT));

    List<ServerSentEvent<String>> events = watchToTheEnd(call.callId());

    assertThat(finals(events)).containsExactlyElementsOf(script());
    ServerSentEvent<String> last = events.getLast();
    assertThat(last.event()).isEqualTo("ended");
    assertThat(data(last).path("complete").asBoolean()).isTrue();
    assertThat(data(last).path("durationMs").asLong()).isEqualTo(CUT.toMillis());
  }

  @Test
  void finals_areShownAsTheyAreSpoken() {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(CUT));

    List<ServerSentEvent<String>> events = watchToTheEnd(call.callId());

    List<String> interims = texts(events, "interim");
    assertThat(interims).contains("Thank you", "Hello Meera.");
    List<JsonNode> finals =
        events.stream()
            .filter(event -> "final".equals(event.event()))
            .map(CallToTranscriptIT::data)
            .toList();
    assertThat(finals)
        .extracting(line -> line.path("seq").asLong())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(finals)
        .allSatisfy(line -> assertThat(line.path("latencyMs").asLong()).isLessThan(2000));
    assertThat(finals).extracting(line -> line.path("speaker").asInt()).startsWith(0, 1);
    assertThat(finals)
        .extracting(line -> line.path("recognizer").asString())
        .containsOnly("simulated");
  }

  @Test
  void page_isSignedInByItself() {
    WebClient browser = WebClient.create(stack.gateway().toString());

    String cookie =
        browser
            .get()
            .uri("/")
            .exchangeToMono(answer ->
                answer
                    .releaseBody()
                    .thenReturn(answer.cookies().getFirst("verbatim_session").getValue()))
            .blockOptional(PATIENCE)
            .orElseThrow();
    String calls =
        browser
            .get()
            .uri("/v1/calls")
            .cookie("verbatim_session", cookie)
            .retrieve()
            .bodyToMono(String.class)
            .blockOptional(PATIENCE)
            .orElseThrow();

    assertThat(JsonMapper.shared().readTree(calls).path("calls").isArray()).isTrue();
  }

  @Test
  void pageUnderAForeignName_isNotSignedIn() {
    Boolean signedIn =
        WebClient.create(stack.gateway().toString())
            .get()
            .uri("/")
            .header(HttpHeaders.HOST, "evil.example")
            .exchangeToMono(answer ->
                answer.releaseBody().thenReturn(answer.cookies().containsKey("verbatim_session")))
            .block(PATIENCE);

    assertThat(signedIn).isFalse();
  }

  private static List<ServerSentEvent<String>> watchToTheEnd(String callId) {
    return WebClient.create(stack.gateway().toString())
        .get()
        .uri("/v1/calls/{call}/transcript", callId)
        .header(HttpHeaders.AUTHORIZATION, "Bearer " + stack.token())
        .accept(MediaType.TEXT_EVENT_STREAM)
        .retrieve()
        .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
        .filter(event -> event.event() != null)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  private static List<String> finals(List<ServerSentEvent<String>> events) {
    return texts(events, "final");
  }

  private static List<String> texts(List<ServerSentEvent<String>> events, String type) {
    return events.stream()
        .filter(event -> type.equals(event.event()))
        .map(event -> data(event).path("text").asString())
        .toList();
  }

  private static List<String> script() {
    return SAMPLE.utterances().stream()
        .filter(utterance -> utterance.endSample() < CUT.toMillis() * SampleCall.RATE_HZ / 1000)
        .map(Utterance::text)
        .toList();
  }

  private static JsonNode data(ServerSentEvent<String> event) {
    return JsonMapper.shared().readTree(String.valueOf(event.data()));
  }
}
