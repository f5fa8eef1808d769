package io.verbatim.gateway.translations;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.FormPartEvent;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the fields of a request: JSON, a form, or a multipart form.
final class FieldsHandler {

  /// The longest text has at most 480,000 bytes, see [io.verbatim.batch.translator.Tokens]. Escaped
  /// it may have three times as many.
  private static final int MAX_BYTES = 1_500_000;

  private static final int MAX_PARTS = 16;
  private static final List<String> NAMES =
      List.of("text", "source_language", "target_language", "model");

  private final Scheduler blocking;
  private final Duration timeout;
  private final PartEventHttpMessageReader parts = new PartEventHttpMessageReader();

  /// @param blocking parses
  /// @param timeout until the body is complete
  FieldsHandler(Scheduler blocking, Duration timeout) {
    this.blocking = blocking;
    this.timeout = timeout;
    parts.setMaxParts(MAX_PARTS);
    parts.setMaxInMemorySize(MAX_BYTES);
  }

  /// The fields that a translation has; others are ignored. Cold; emits on a thread of `blocking`.
  Mono<Map<String, String>> read(ServerRequest request) {
    if (request.headers().contentLength().orElse(0) > MAX_BYTES) {
      return Mono.error(tooLarge());
    }
    return DataBufferUtils.join(request.exchange().getRequest().getBody(), MAX_BYTES)
        .map(FieldsHandler::bytes)
        .defaultIfEmpty(new byte[0])
        .timeout(timeout)
        .publishOn(blocking)
        .flatMap(body -> parse(request, body))
        .onErrorMap(failure -> !(failure instanceof BatchException), this::asFailure);
  }

  private static byte[] bytes(DataBuffer joined) {
    byte[] bytes = new byte[joined.readableByteCount()];
    joined.read(bytes);
    DataBufferUtils.release(joined);
    return bytes;
  }

  private Mono<Map<String, String>> parse(ServerRequest request, byte[] body) {
    Optional<MediaType> type = request.headers().contentType();
    if (type.filter(MediaType.MULTIPART_FORM_DATA::isCompatibleWith).isPresent()) {
      return multipart(request, body);
    }
    return type.filter(MediaType.APPLICATION_FORM_URLENCODED::isCompatibleWith).isPresent()
        ? Mono.just(form(new String(body, UTF_8)))
        : Mono.just(json(body));
  }

  private static Map<String, String> json(byte[] body) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(body);
    } catch (JacksonException malformed) {
      throw invalid("The body must be a JSON object, or a form.");
    }
    if (json == null || !json.isObject()) {
      throw invalid("The body must be a JSON object, or a form.");
    }
    Map<String, String> fields = new HashMap<>();
    for (String name : NAMES) {
      JsonNode value = json.path(name);
      if (value.isString()) {
        fields.put(name, value.asString());
      } else if (!value.isMissingNode() && !value.isNull()) {
        throw invalid(name + " must be a string.");
      }
    }
    return fields;
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      String[] nameAndValue = pair.split("=", 2);
      try {
        String name = URLDecoder.decode(nameAndValue[0], UTF_8);
        if (NAMES.contains(name)) {
          fields.put(
              name, nameAndValue.length < 2 ? "" : URLDecoder.decode(nameAndValue[1], UTF_8));
        }
      } catch (IllegalArgumentException malformed) {
        throw invalid("The form is malformed.");
      }
    }
    return fields;
  }

  private Mono<Map<String, String>> multipart(ServerRequest request, byte[] body) {
    ServerHttpRequest read =
        new ServerHttpRequestDecorator(request.exchange().getRequest()) {
          @Override
          public Flux<DataBuffer> getBody() {
            return Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body));
          }
        };
    return parts
        .read(ResolvableType.forClass(PartEvent.class), read, Map.of())
        .collect(
            HashMap::new,
            (fields, part) -> {
              if (part instanceof FormPartEvent field && NAMES.contains(field.name())) {
                fields.put(field.name(), field.value());
              }
            });
  }

  private BatchException asFailure(Throwable failure) {
    return switch (failure) {
      case DataBufferLimitException _ -> tooLarge();
      case TimeoutException _ ->
          new BatchException(
              FailureKind.UPLOAD_STALLED,
              "The body did not arrive within %d s.".formatted(timeout.toSeconds()));
      case DecodingException _ -> invalid("The multipart body is malformed.");
      default -> new BatchException(FailureKind.CANCELLED, "The request ended early.");
    };
  }

  private static BatchException tooLarge() {
    return new BatchException(
        FailureKind.TOO_LARGE, "The body is larger than %d bytes.".formatted(MAX_BYTES));
  }

  private static BatchException invalid(String sentence) {
    return new BatchException(FailureKind.INVALID_FIELD, sentence);
  }
}
