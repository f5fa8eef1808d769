package io.verbatim.local;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.EventStream.Event;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import tools.jackson.databind.json.JsonMapper;

/// A call through the whole pipeline: caller, ingest, Redis, worker, recogniser, Redis, gateway,
/// browser.
class CallToTranscriptIT {
  private static final Duration LENGTH = Duration.ofMillis(10_600);
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final SampleCall SAMPLE = SampleCall.load();

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack =
        Stack.start(
            new Stack.Settings(
                null,
                new RunOptions.Ports(0, 0, 0),
                null,
                true,
                Map.of(),
                _ -> Optional.of("played")),
            SAMPLE);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void call_isTranscribedWordForWord() throws Exception {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(LENGTH));

    List<Event> events = readToTheEnd(call);

    assertThat(ofType(events, "final")).extracting(Event::text).containsExactlyElementsOf(script());
    Event last = events.getLast();
    assertThat(last.type()).isEqualTo("ended");
    assertThat(last.data().path("complete").asBoolean()).isTrue();
    assertThat(last.data().path("durationMs").asLong()).isEqualTo(LENGTH.toMillis());
  }

  @Test
  void words_areSentAsInterimsDuringTheCall() throws Exception {
    OngoingCall call = stack.exotel().call(SAMPLE.sound().first(LENGTH));

    List<Event> events = readToTheEnd(call);

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

  @ParameterizedTest
  @ValueSource(strings = {"deepgram", "whisper", "assemblyai"})
  void recording_isTranscribedWithoutKeys(String service) {
    MultipartBodyBuilder form = new MultipartBodyBuilder();
    form.part("audio", new ByteArrayResource(SampleCall.file())).filename("call.wav");

    String answer =
        WebClient.create(stack.gateway().toString())
            .post()
            .uri("/transcriptions/" + service)
            .header(HttpHeaders.AUTHORIZATION, "Bearer " + stack.token())
            .body(BodyInserters.fromMultipartData(form.build()))
            .retrieve()
            .bodyToMono(String.class)
            .blockOptional(TIMEOUT)
            .orElseThrow();

    String script = SAMPLE.utterances().stream().map(Utterance::text).collect(joining(" "));
    assertThat(JsonMapper.shared().readTree(answer).path("transcript").asString())
        .isEqualTo(script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "google", "deepseek"})
  void text_isMarkedInsteadOfTranslated(String service) {
    String answer =
        WebClient.create(stack.gateway().toString())
            .post()
            .uri("/translations/" + service)
            .header(HttpHeaders.AUTHORIZATION, "Bearer " + stack.token())
            .header(HttpHeaders.CONTENT_TYPE, "application/json")
            .bodyValue("{\"text\":\"hello\",\"target_language\":\"es\"}")
            .retrieve()
            .bodyToMono(String.class)
            .blockOptional(TIMEOUT)
            .orElseThrow();

    assertThat(JsonMapper.shared().readTree(answer).path("translated_text").asString())
        .isEqualTo("[es] hello");
  }

  @Test
  void page_receivesASessionCookie() {
    String cookie = pageCookie("localhost:" + stack.gateway().getPort()).orElseThrow();

    String calls =
        WebClient.create(stack.gateway().toString())
            .get()
            .uri("/v1/calls")
            .header(HttpHeaders.COOKIE, cookie.substring(0, cookie.indexOf(';')))
            .retrieve()
            .bodyToMono(String.class)
            .blockOptional(TIMEOUT)
            .orElseThrow();

    assertThat(cookie).contains("HTTPOnly", "SameSite=Strict");
    assertThat(JsonMapper.shared().readTree(calls).path("calls").isArray()).isTrue();
  }

  @Test
  void pageUnderAForeignHostName_receivesNoSessionCookie() {
    assertThat(pageCookie("evil.example")).isEmpty();
  }

  @Test
  void playRequest_isAcceptedFromTheLocalPageOnly() {
    String local = "http://127.0.0.1:" + stack.gateway().getPort();

    assertThat(play(local)).isEqualTo(HttpStatus.ACCEPTED);
    assertThat(play("http://evil.example")).isEqualTo(HttpStatus.NOT_FOUND);
  }

  private static HttpStatusCode play(String origin) {
    return WebClient.create(stack.gateway().toString())
        .post()
        .uri("/local/play")
        .header(HttpHeaders.ORIGIN, origin)
        .exchangeToMono(answer -> answer.releaseBody().thenReturn(answer.statusCode()))
        .blockOptional(TIMEOUT)
        .orElseThrow();
  }

  private static Optional<String> pageCookie(String host) {
    return WebClient.create(stack.gateway().toString())
        .get()
        .uri("/")
        .header(HttpHeaders.HOST, host)
        .retrieve()
        .toBodilessEntity()
        .blockOptional(TIMEOUT)
        .map(answer -> answer.getHeaders().getFirst(HttpHeaders.SET_COOKIE));
  }

  private static List<Event> readToTheEnd(OngoingCall call) throws Exception {
    URI transcript = stack.gateway().resolve("v1/calls/" + call.callId() + "/transcript");
    return EventStream.readToTheEnd(transcript, stack.token(), TIMEOUT);
  }

  private static List<Event> ofType(List<Event> events, String type) {
    return events.stream().filter(event -> type.equals(event.type())).toList();
  }

  private static List<String> script() {
    return SAMPLE.utterances().stream()
        .filter(utterance -> utterance.endSample() < LENGTH.toMillis() * SampleCall.RATE_HZ / 1000)
        .map(Utterance::text)
        .toList();
  }
}
