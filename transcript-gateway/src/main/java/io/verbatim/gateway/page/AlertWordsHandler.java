package io.verbatim.gateway.page;

import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.json.JsonResponse;
import java.util.List;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/alert-words`: the words and phrases of ALERT_WORDS, which are highlighted on every
/// agent's page.
public final class AlertWordsHandler implements HandlerFunction<ServerResponse> {

  private record AlertWords(List<String> alertWords) {}

  private final byte[] words;

  public AlertWordsHandler(List<String> words) {
    this.words = Json.bytes(new AlertWords(words));
  }

  @Override
  public Mono<ServerResponse> handle(ServerRequest request) {
    return JsonResponse.ofEncoded(words);
  }
}
