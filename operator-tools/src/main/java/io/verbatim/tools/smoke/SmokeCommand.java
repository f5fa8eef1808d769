package io.verbatim.tools.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.tools.http.ServiceClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `smoke`.
@Command(
    name = "smoke",
    description = {
      "Checks a deployed stack: health, headers and refusals; then plays a short call, reads its"
          + " transcript live, and compares the account of the call.",
      "Exit status: 0 if all checks passed, 1 if not."
    })
public final class SmokeCommand implements Callable<Integer> {
  private static final Duration END_TIMEOUT = Duration.ofSeconds(45);
  private static final List<String> HEADERS =
      List.of(
          "Content-Security-Policy",
          "X-Content-Type-Options",
          "X-Frame-Options",
          "Referrer-Policy");

  @Parameters(index = "0", paramLabel = "URL", description = "The gateway.")
  private @Nullable URI gateway;

  @Parameters(
      index = "1",
      paramLabel = "TOKEN",
      defaultValue = "${env:TOKEN}",
      description =
          "A token with the scopes audio:write and transcripts:read, and a tenant. Default: the"
              + " variable TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--ingest",
      paramLabel = "URL",
      description = "ws:// or wss:// URL of ingest. Default: /v1/ingest at the gateway's host.")
  private @Nullable URI ingest;

  @Option(names = "--seconds", defaultValue = "8", description = "Length of the call. Default: 8.")
  private int seconds;

  @Spec private @Nullable CommandSpec spec;

  private final List<String> failed = new ArrayList<>();

  /// One check. Returns a detail for its line.
  private interface Check {
    String run() throws SmokeFailure, IOException, InterruptedException;
  }

  @Override
  public Integer call() throws InterruptedException {
    URI page = Objects.requireNonNull(gateway);
    String credential = token == null ? "" : token;
    URI socket = ingest == null ? socketOf(page) : ingest;
    URI ingestPage = URI.create(socket.toString().replaceFirst("^ws", "http"));
    try (ServiceClient viewer = new ServiceClient(page, credential);
        ServiceClient caller = new ServiceClient(ingestPage, credential)) {
      check("gateway health", () -> health(viewer, "/health", "transcript-gateway"));
      check("page health", () -> health(viewer, "/api/health", "frontend"));
      check("gateway readiness", () -> status(viewer, "/actuator/health/readiness", 200));
      check("gateway headers", () -> headers(viewer));
      check("gateway refuses strangers", () -> status(viewer, "/v1/calls", 401));
      check("gateway hides metrics", () -> status(viewer, "/actuator/prometheus", 404));
      if (Objects.equals(page.getRawAuthority(), socket.getRawAuthority())) {
        skipped(
            "ingest health", "this address answers for the gateway; --ingest names ingest's own");
      } else {
        check("ingest health", () -> health(caller, "/health", "ingest"));
        check("ingest readiness", () -> status(caller, "/actuator/health/readiness", 200));
        check("ingest hides metrics", () -> status(caller, "/actuator/prometheus", 404));
      }
      check("ingest refuses strangers", () -> status(caller, socket.getRawPath(), 401));
      playCall(viewer, new SmokeCall(caller.http(), socket, credential), page, credential);
    }
    out().println(failed.isEmpty() ? "All checks passed." : "Failed: " + String.join(", ", failed));
    return failed.isEmpty() ? 0 : 1;
  }

  private void playCall(ServiceClient viewer, SmokeCall call, URI page, String credential)
      throws InterruptedException {
    String callId = "smoke-" + UUID.randomUUID();
    String path = "/v1/calls/" + callId;
    List<LiveTranscript> opened = new ArrayList<>();
    boolean isOpen =
        check(
            "transcript stream",
            () -> {
              opened.add(
                  LiveTranscript.open(
                      viewer.http(), page.resolve(path + "/transcript"), credential));
              return callId;
            });
    if (!isOpen) {
      return;
    }
    LiveTranscript transcript = opened.getFirst();
    boolean isPlayed =
        check(
            "call",
            () -> call.play(callId, tenant(credential), seconds) + " frames sent and stored");
    if (isPlayed) {
      checkTranscript(transcript, viewer, path);
    }
  }

  private void checkTranscript(LiveTranscript transcript, ServiceClient viewer, String path)
      throws InterruptedException {
    check(
        "words while the call is live",
        () -> {
          SmokeFailure.unless(
              transcript.hasEvents(),
              "no words before the end of the call: the recogniser is %s, or a proxy buffers"
                      .formatted(transcript.status())
                  + " text/event-stream");
          return transcript.status();
        });
    check(
        "end of the transcript",
        () -> {
          JsonNode end = transcript.awaitEnd(END_TIMEOUT);
          SmokeFailure.unless(
              end.path("complete").asBoolean(false), "the transcript is not complete: " + end);
          return transcript.finals().size() + " finals";
        });
    check("words", () -> words(transcript));
    check("account of the call", () -> ledger(viewer, path));
  }

  /// Runs and prints a check.
  ///
  /// @return whether it passed
  private boolean check(String name, Check check) throws InterruptedException {
    try {
      out().printf("ok    %-30s %s%n", name, check.run());
      return true;
    } catch (SmokeFailure failure) {
      return failed(name, String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      return failed(name, "no answer: " + failure);
    } finally {
      out().flush();
    }
  }

  private void skipped(String name, String reason) {
    out().printf("skip  %-30s %s%n", name, reason);
  }

  private boolean failed(String name, String reason) {
    failed.add(name);
    out().printf("FAIL  %-30s %s%n", name, reason);
    return false;
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private static String health(ServiceClient client, String path, String service)
      throws SmokeFailure, IOException, InterruptedException {
    long begin = System.nanoTime();
    HttpResponse<String> answer = client.getAnonymously(path);
    long millis = (System.nanoTime() - begin) / 1_000_000;
    JsonNode body = ServiceClient.json(answer);
    SmokeFailure.unless(
        answer.statusCode() == 200
            && body.path("service").asString("").equals(service)
            && body.path("status").asString("").equals("ok"),
        "status %d, body %s".formatted(answer.statusCode(), cut(answer.body())));
    return millis + " ms";
  }

  private static String status(ServiceClient client, String path, int expected)
      throws SmokeFailure, IOException, InterruptedException {
    HttpResponse<String> answer = client.getAnonymously(path);
    SmokeFailure.unless(
        answer.statusCode() == expected,
        "%s answered with %s, expected %d"
            .formatted(path, ServiceClient.refusal(answer), expected));
    return "status " + expected;
  }

  private static String headers(ServiceClient client)
      throws SmokeFailure, IOException, InterruptedException {
    HttpResponse<String> answer = client.getAnonymously("/");
    List<String> missing =
        HEADERS.stream().filter(name -> answer.headers().firstValue(name).isEmpty()).toList();
    SmokeFailure.unless(missing.isEmpty(), "missing: " + String.join(", ", missing));
    return "present";
  }

  private static String words(LiveTranscript transcript) throws SmokeFailure {
    long slowest = 0;
    int words = 0;
    for (JsonNode line : transcript.finals()) {
      words += line.path("words").size();
      slowest = Math.max(slowest, line.path("latencyMs").asLong(0));
    }
    SmokeFailure.unless(
        words > 0, "no words; the recogniser's last status is: " + transcript.status());
    return words + " words, slowest line after " + slowest + " ms";
  }

  private String ledger(ServiceClient client, String path)
      throws SmokeFailure, IOException, InterruptedException {
    HttpResponse<String> answer = client.send("GET", path);
    SmokeFailure.unless(answer.statusCode() == 200, ServiceClient.refusal(answer));
    JsonNode call = ServiceClient.json(answer);
    long received = call.path("receivedMs").asLong(-1);
    String sums =
        "receivedMs=%d transcribedMs=%d gapMs=%d pendingMs=%d"
            .formatted(
                received,
                call.path("transcribedMs").asLong(-1),
                call.path("gapMs").asLong(-1),
                call.path("pendingMs").asLong(-1));
    SmokeFailure.unless(
        received == seconds * 1000L
            && call.path("transcribedMs").asLong(-1) == received
            && call.path("gapMs").asLong(-1) == 0,
        sums);
    return sums;
  }

  /// The tenant in the token, whose signature only the services check.
  private static String tenant(String token) {
    try {
      String[] parts = token.split("\\.", -1);
      JsonNode claims =
          JsonMapper.shared()
              .readTree(
                  new String(
                      Base64.getUrlDecoder().decode(parts[parts.length > 1 ? 1 : 0]), UTF_8));
      return claims.path("tenant_id").asString("smoke");
    } catch (JacksonException | IllegalArgumentException noToken) {
      return "smoke";
    }
  }

  private static URI socketOf(URI gateway) {
    return URI.create(gateway.resolve("/v1/ingest").toString().replaceFirst("^http", "ws"));
  }

  private static String cut(String body) {
    return body.length() > 200 ? body.substring(0, 200) + "…" : body;
  }
}
