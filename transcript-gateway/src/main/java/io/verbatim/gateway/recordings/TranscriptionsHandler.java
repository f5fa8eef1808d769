package io.verbatim.gateway.recordings;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.batch.job.Job;
import io.verbatim.batch.job.TranscriptionRequest;
import io.verbatim.batch.job.TranscriptionTask;
import io.verbatim.batch.job.Workspace;
import io.verbatim.batch.provider.Provider;
import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.problem.ProblemHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// `POST /transcriptions/{service}`: a recording in, its transcript out.
///
/// A client that sends `Prefer: respond-async` gets 202 after 25 s, and fetches the answer later.
/// Any other client that disconnects cancels its work: the upload, the provider's request and
/// ffmpeg end, the file is deleted and the slot is free.
public final class TranscriptionsHandler {

  private static final String VIDEO = "video";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);

  private final BatchTranscriptions batch;
  private final Scheduler blocking;
  private final UploadHandler uploads;
  private final GatewayMetrics metrics;
  private final AnswerHandler answers;

  /// @param blocking runs work that blocks, at least one thread for each slot
  /// @param stall the time without a byte after which an upload fails
  public TranscriptionsHandler(
      BatchTranscriptions batch,
      Scheduler blocking,
      Duration stall,
      GatewayMetrics metrics,
      AnswerHandler answers) {
    this.batch = batch;
    this.blocking = blocking;
    this.uploads = new UploadHandler(blocking, stall, batch.maxUploadBytes());
    this.metrics = metrics;
    this.answers = answers;
  }

  /// Answers one request.
  public Mono<ServerResponse> transcribe(ServerRequest request) {
    String service = request.pathVariable("service");
    boolean video = service.equals(VIDEO);
    Optional<Provider> provider = video ? Optional.of(Provider.WHISPER) : Provider.named(service);
    if (provider.isEmpty()) {
      return ProblemHandler.notFound(request);
    }
    return Mono.defer(() -> accept(request, provider.get(), video))
        .doOnNext(answer ->
            metrics.recording(
                service, answer.statusCode().value() == 202 ? "continued" : "transcribed"))
        .onErrorResume(failure -> {
          BatchException known = FailureHandler.known(failure, request);
          metrics.recording(service, FailureHandler.outcome(known));
          return FailureHandler.respond(FailureHandler.subject(service), known);
        })
        .doOnCancel(() -> metrics.recording(service, "cancelled"));
  }

  private Mono<ServerResponse> accept(ServerRequest request, Provider provider, boolean video) {
    AnswerHandler.checkFormat(request);
    batch.requireKey(provider);
    long expected = request.headers().contentLength().orElse(0);
    return Mono.using(
            () -> new Held(batch.acquire(expected)),
            held ->
                uploads
                    .receive(request, held.workspace)
                    .flatMap(fields -> {
                      TranscriptionRequest wanted =
                          TranscriptionRequest.of(provider, video, all(request, fields));
                      wanted.providers().forEach(batch::requireKey);
                      Optional<Duration> patience = JobsHandler.patience(request, LONGEST_WAIT);
                      return patience.isPresent()
                          ? runAsJob(request, held, wanted, patience.get())
                          : run(request, held, wanted);
                    }),
            held -> blocking.schedule(held::close))
        .subscribeOn(blocking);
  }

  /// A workspace that belongs to the request until a task or a job takes it over.
  private final class Held {
    private final Workspace workspace;
    private volatile @Nullable TranscriptionTask task;
    private volatile @Nullable Job job;
    private volatile boolean isDetached;

    Held(Workspace workspace) {
      this.workspace = workspace;
    }

    /// Ends the task, which closes the workspace, or closes it if there is no task. A job ends only
    /// if the client left before it learned the job's address.
    void close() {
      @Nullable TranscriptionTask started = task;
      @Nullable Job kept = job;
      if (kept != null) {
        if (!isDetached) {
          batch.delete(kept);
        }
      } else if (started != null) {
        started.cancel();
      } else {
        workspace.close();
      }
    }
  }

  /// The text fields of the form, and the query's parameters of the same names, which win.
  private static Map<String, String> all(ServerRequest request, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    all.putAll(request.queryParams().toSingleValueMap());
    return all;
  }

  private Mono<ServerResponse> run(ServerRequest request, Held held, TranscriptionRequest wanted) {
    TranscriptionTask task =
        batch.start(held.workspace, wanted, AccessHandler.viewer(request).tenant());
    held.task = task;
    return Mono.fromCompletionStage(task.result())
        .flatMap(result -> answers.respond(request, held.workspace.id(), result));
  }

  /// Answers within the client's patience, or 202 and lets the job continue. A job that is answered
  /// is deleted.
  private Mono<ServerResponse> runAsJob(
      ServerRequest request, Held held, TranscriptionRequest wanted, Duration patience) {
    String id = held.workspace.id();
    TranscriptionTask task;
    try {
      task = batch.startJob(held.workspace, wanted, AccessHandler.viewer(request).tenant());
    } catch (IOException failure) {
      throw new BatchException(FailureKind.DISK_FULL, "The job cannot be stored.");
    }
    Job job = batch.job(id).orElseThrow();
    held.job = job;
    return Mono.fromCompletionStage(task.result())
        .flatMap(result -> answers.respond(request, id, result))
        .timeout(
            patience,
            Mono.defer(() -> {
              held.isDetached = true;
              return JobsHandler.running(job, 202);
            }));
  }
}
