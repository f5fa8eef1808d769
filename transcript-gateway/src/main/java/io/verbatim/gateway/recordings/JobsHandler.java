package io.verbatim.gateway.recordings;

import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.batch.job.Job;
import io.verbatim.batch.job.TranscriptionTask.Progress;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.json.Json;
import io.verbatim.gateway.problem.ProblemHandler;
import io.verbatim.security.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// `GET` and `DELETE` of `/transcriptions/jobs/{id}`: the progress and the answer of a recording
/// whose client did not wait.
public final class JobsHandler {

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(250);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MAX_STREAMS = 100;
  private static final String RETRY_AFTER_SECONDS = "5";

  /// @param totalChunks 0 while it is unknown
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record ProgressView(String id, String state, int chunksProcessed, int totalChunks) {

    static ProgressView of(Job job) {
      Progress progress = job.progress();
      return new ProgressView(
          job.id(), job.isOver() ? "over" : "running", progress.done(), progress.total());
    }
  }

  private final BatchTranscriptions batch;
  private final Scheduler blocking;
  private final AnswerHandler answers;
  private final AtomicInteger streams = new AtomicInteger();

  /// @param blocking runs work that blocks
  public JobsHandler(BatchTranscriptions batch, Scheduler blocking, AnswerHandler answers) {
    this.batch = batch;
    this.blocking = blocking;
    this.answers = answers;
  }

  /// Answers the job's progress, or its answer if it is over.
  public Mono<ServerResponse> get(ServerRequest request) {
    Optional<Job> found = find(request);
    if (found.isEmpty()) {
      return ProblemHandler.notFound(request);
    }
    Job job = found.get();
    if (request.headers().accept().contains(MediaType.TEXT_EVENT_STREAM)) {
      return stream(job);
    }
    return job.isOver() ? answer(request, job) : Mono.defer(() -> running(job, 200));
  }

  /// Ends the job if it is not over, and deletes its result.
  public Mono<ServerResponse> delete(ServerRequest request) {
    Optional<Job> found = find(request);
    if (found.isEmpty()) {
      return ProblemHandler.notFound(request);
    }
    return Mono.<Void>fromRunnable(() -> batch.delete(found.get()))
        .subscribeOn(blocking)
        .then(ServerResponse.noContent().build());
  }

  private Optional<Job> find(ServerRequest request) {
    return batch
        .job(request.pathVariable("id"))
        .filter(job -> job.belongsTo(AccessHandler.viewer(request).tenant()));
  }

  /// The answer to a request whose work continues as a job.
  ///
  /// @param status 202 for the request that began it, else 200
  static Mono<ServerResponse> running(Job job, int status) {
    return ServerResponse.status(status)
        .header(HttpHeaders.LOCATION, "/transcriptions/jobs/" + job.id())
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(Json.bytes(ProgressView.of(job)));
  }

  private Mono<ServerResponse> answer(ServerRequest request, Job job) {
    return Mono.fromCallable(job::result)
        .subscribeOn(blocking)
        .flatMap(result -> answers.respond(request, job.id(), result))
        .onErrorResume(failure ->
            FailureHandler.respond(
                FailureHandler.subject(job.service()), FailureHandler.known(failure, request)));
  }

  /// Sends `progress` when it changes, and `over` at the end; then the client fetches the answer.
  private Mono<ServerResponse> stream(Job job) {
    if (streams.incrementAndGet() > MAX_STREAMS) {
      streams.decrementAndGet();
      return ProblemHandler.respond(
          Problem.of(503, "Too many streams of progress are open. Fetch the job instead."));
    }
    Flux<ServerSentEvent<String>> progress =
        Flux.interval(Duration.ZERO, PROGRESS_INTERVAL)
            .onBackpressureDrop()
            .map(_ -> ProgressView.of(job))
            .takeUntil(view -> view.state().equals("over"))
            .distinctUntilChanged()
            .map(JobsHandler::event);
    Flux<ServerSentEvent<String>> heartbeats =
        Flux.interval(HEARTBEAT)
            .onBackpressureDrop()
            .map(_ -> ServerSentEvent.<String>builder().comment("").build());
    return ServerResponse.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .body(
            BodyInserters.fromServerSentEvents(
                progress
                    .mergeWith(heartbeats)
                    .takeUntil(event -> "over".equals(event.event()))
                    .doFinally(_ -> streams.decrementAndGet())));
  }

  private static ServerSentEvent<String> event(ProgressView view) {
    return ServerSentEvent.<String>builder()
        .event(view.state().equals("over") ? "over" : "progress")
        .data(new String(Json.bytes(view), StandardCharsets.UTF_8))
        .build();
  }

  /// Reads `Prefer: respond-async` and its `wait`.
  ///
  /// @return how long the client waits for the answer; empty if it waits for as long as needed
  static Optional<Duration> patience(ServerRequest request, Duration longest) {
    String preferences = String.join(",", request.headers().header("Prefer"));
    Optional<Duration> patience = Optional.empty();
    Duration limit = longest;
    for (String preference : preferences.split(",", -1)) {
      String name = preference.strip();
      if (name.equalsIgnoreCase("respond-async")) {
        patience = Optional.of(longest);
      } else if (name.matches("(?i)wait=\\d{1,4}")) {
        Duration asked = Duration.ofSeconds(Long.parseLong(name.substring("wait=".length())));
        limit = asked.compareTo(longest) < 0 ? asked : longest;
      }
    }
    Duration shorter = limit;
    return patience.map(_ -> shorter);
  }
}
