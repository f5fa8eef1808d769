package io.verbatim.security.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.verbatim.security.client.RateLimiter;
import io.verbatim.security.http.RequestLimitsFilter.BodyLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class RequestLimitsFilterTest {
  private static final int BURST = 2;
  private static final String SERVED = "served";

  private final List<Problem> rejected = new ArrayList<>();
  private final List<String> rejectingThreads = new ArrayList<>();
  private final RequestLimitsFilter filter = filter(Schedulers.parallel());

  @Test
  void requestsBeyondTheRate_areRejectedWith429() {
    assertThat(codes("/a", "/a", "/a")).containsExactly(SERVED, SERVED, "too_many_requests");
    assertThat(rejected).containsExactly(Problem.named(429, "too_many_requests", "slow down"));
  }

  @Test
  void healthChecksAndExemptRequests_haveNoRate() {
    assertThat(codes("/a", "/a", "/health", "/actuator/health/liveness", "/exempt"))
        .containsOnly(SERVED);
    assertThat(codes("/health/x")).containsExactly("too_many_requests");
  }

  @Test
  void bodyUpToTheLimit_reachesTheHandler() {
    List<String> bodies = new ArrayList<>();
    MockServerWebExchange exchange = exchange(Flux.just(part("1234"), part("5678")));
    new Client(InetAddress.getLoopbackAddress(), false).storeIn(exchange.getAttributes());

    filter
        .filter(
            exchange,
            read ->
                read.getRequest()
                    .getBody()
                    .doOnNext(part -> bodies.add(part.toString(UTF_8)))
                    .then())
        .block(Duration.ofSeconds(10));

    assertThat(bodies).containsExactly("12345678");
  }

  @Test
  void bodyOverTheLimit_isRejectedWith413AndCloses() {
    MockServerWebExchange chunked = exchange(Flux.just(part("1234"), part("56789")));
    MockServerWebExchange announced =
        MockServerWebExchange.from(MockServerHttpRequest.post("/a").contentLength(9).body("x"));

    assertThat(code(filter, chunked)).isEqualTo("body_too_large");
    assertThat(code(filter, announced)).isEqualTo("body_too_large");
    assertThat(rejected).extracting(Problem::status).containsOnly(413);
    assertThat(chunked.getResponse().getHeaders().getConnection()).containsExactly("close");
    assertThat(announced.getResponse().getHeaders().getConnection()).containsExactly("close");
  }

  @Test
  void bodyThatDoesNotArrive_isRejectedWith408AndCloses() {
    MockServerWebExchange slow = exchange(Flux.never());

    assertThat(code(filter, slow)).isEqualTo("body_too_slow");
    assertThat(rejected).containsExactly(Problem.named(408, "body_too_slow", "too slow"));
    assertThat(slow.getResponse().getHeaders().getConnection()).containsExactly("close");
  }

  @Test
  void bodyThatDoesNotArrive_isRejectedByTheTimer() {
    Scheduler timer = Schedulers.newSingle("timer-of-this-test");

    code(filter(timer), exchange(Flux.never()));

    timer.dispose();
    assertThat(rejectingThreads).singleElement(STRING).startsWith("timer-of-this-test");
  }

  private RequestLimitsFilter filter(Scheduler timer) {
    return new RequestLimitsFilter(
        new RateLimiter(1, BURST, () -> 0),
        request -> request.getPath().value().equals("/exempt"),
        _ -> false,
        "slow down",
        new BodyLimits(8, "too large", Duration.ofMillis(50), "too slow", timer),
        (_, problem) -> {
          rejected.add(problem);
          rejectingThreads.add(Thread.currentThread().getName());
          return Mono.empty();
        });
  }

  private List<String> codes(String... paths) {
    List<String> codes = new ArrayList<>();
    for (String path : paths) {
      codes.add(code(filter, MockServerWebExchange.from(MockServerHttpRequest.get(path))));
    }
    return codes;
  }

  private String code(RequestLimitsFilter limits, MockServerWebExchange exchange) {
    new Client(InetAddress.getLoopbackAddress(), false).storeIn(exchange.getAttributes());
    int before = rejected.size();
    boolean[] served = new boolean[1];
    limits
        .filter(exchange, _ -> Mono.fromRunnable(() -> served[0] = true))
        .block(Duration.ofSeconds(10));
    return served[0] ? SERVED : rejected.get(before).code();
  }

  private static MockServerWebExchange exchange(Flux<DataBuffer> body) {
    return MockServerWebExchange.from(
        MockServerHttpRequest.post("/a")
            .header(HttpHeaders.TRANSFER_ENCODING, "chunked")
            .body(body));
  }

  private static DataBuffer part(String text) {
    return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(UTF_8));
  }
}
