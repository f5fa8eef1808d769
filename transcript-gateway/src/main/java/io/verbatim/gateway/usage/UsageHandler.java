package io.verbatim.gateway.usage;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.problem.Parameters;
import io.verbatim.record.usage.Usage;
import io.verbatim.record.usage.UsageRow;
import io.verbatim.service.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// `GET /v1/usage`: the usage of each tenant by day and kind, as JSON or CSV.
public final class UsageHandler {

  private enum Format {
    JSON,
    CSV
  }

  private record UsageList(LocalDate from, LocalDate to, List<UsageRow> usage) {}

  private static final MediaType CSV = MediaType.parseMediaType("text/csv; charset=utf-8");
  private static final int DEFAULT_DAYS = 30;
  private static final int MAX_DAYS = 3_660;
  private static final int MAX_ROWS = 20_000;

  private final Usage usage;
  private final InstantSource clock;
  private final EventLoop loop;

  public UsageHandler(Usage usage, InstantSource clock, EventLoop loop) {
    this.usage = usage;
    this.clock = clock;
    this.loop = loop;
  }

  public Mono<ServerResponse> get(ServerRequest request) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate to = Parameters.day("to", request.queryParam("to")).orElse(today);
    LocalDate from =
        Parameters.day("from", request.queryParam("from")).orElse(to.minusDays(DEFAULT_DAYS - 1));
    if (from.isAfter(to) || ChronoUnit.DAYS.between(from, to) >= MAX_DAYS) {
      throw Parameters.invalid(
          "from", from.toString(), "a day before `to`, by less than " + MAX_DAYS + " days");
    }
    Format format = format(request);
    return Mono.fromCompletionStage(() -> usage.between(from, to, tenant(request), MAX_ROWS))
        .flatMap(rows -> {
          if (rows.size() >= MAX_ROWS) {
            throw Parameters.invalid(
                "from",
                from.toString(),
                "fewer days: more than %d rows were found".formatted(MAX_ROWS));
          }
          return format == Format.CSV
              ? respond(CSV, () -> UsageCsv.write(rows).getBytes(StandardCharsets.UTF_8))
              : respond(
                  MediaType.APPLICATION_JSON, () -> Json.bytes(new UsageList(from, to, rows)));
        });
  }

  /// The viewer's tenant; for viewers of all tenants the requested one, or null for all.
  private static @Nullable String tenant(ServerRequest request) {
    Viewer viewer = AccessHandler.viewer(request);
    return AccessHandler.requestedTenant(viewer, request.queryParam("tenant"));
  }

  private static Format format(ServerRequest request) {
    boolean acceptsCsv =
        request.headers().accept().stream()
            .findFirst()
            .filter(type -> type.getSubtype().equals("csv"))
            .isPresent();
    Optional<String> given = request.queryParam("format");
    return Parameters.oneOf("format", given, Format.class, acceptsCsv ? Format.CSV : Format.JSON);
  }

  /// Encodes off the loop, because thousands of rows take more than a millisecond.
  private Mono<ServerResponse> respond(MediaType type, Callable<byte[]> encode) {
    return Mono.fromCompletionStage(() -> loop.offload(encode))
        .flatMap(body -> ServerResponse.ok().contentType(type).bodyValue(body));
  }
}
