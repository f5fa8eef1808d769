package io.verbatim.gateway.audit;

import io.verbatim.gateway.auth.AccessHandler;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.problem.ProblemException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.record.audit.AuditAction;
import io.verbatim.record.audit.AuditEntry;
import io.verbatim.record.audit.AuditLog;
import io.verbatim.record.audit.AuditOutcome;
import io.verbatim.security.http.Client;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Records the actions of admitted viewers, with the outcome that the answer's status shows. An
/// entry is added in memory, so no answer waits for it. Inactive without a database.
///
/// A request that the gateway does not understand (400, 406) concerns no object and is not
/// recorded.
public final class AuditFilter {

  /// All calls that the viewer sees.
  public static final String CALLS = "calls";

  public static final String DEAD_LETTERS = "dead_letters";

  private static final String TENANT = AuditFilter.class.getName() + ".tenant";
  private static final String OBJECT = AuditFilter.class.getName() + ".object";
  private static final String ACTION = AuditFilter.class.getName() + ".action";

  private final @Nullable AuditLog log;
  private final InstantSource clock;

  /// @param log null if there is none
  public AuditFilter(@Nullable AuditLog log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /// The call in the path.
  public static String call(ServerRequest request) {
    return "call:" + checked(request.pathVariable("callId"), CallId::isValid);
  }

  /// The call in `?call=`, or all.
  public static String page(ServerRequest request) {
    return request
        .queryParam("call")
        .filter(id -> !id.isEmpty())
        .map(id -> "call:" + checked(id, CallId::isValid))
        .orElse(CALLS);
  }

  /// The API key in the path.
  public static String key(ServerRequest request) {
    return "key:" + checked(request.pathVariable("id"), id -> id.matches("[0-9A-Za-z]{10}"));
  }

  /// The dead letter in the path.
  public static String deadLetter(ServerRequest request) {
    return "dead_letter:"
        + checked(request.pathVariable("id"), id -> EntryId.tryParse(id).isPresent());
  }

  private static String checked(String id, Predicate<String> isValid) {
    return Optional.of(id).filter(isValid).orElse("?");
  }

  /// Names the tenant whose data a request concerns. Without it, that is the viewer's tenant.
  ///
  /// @param tenant null for several
  public static void concerns(ServerRequest request, @Nullable String tenant) {
    if (tenant != null) {
      request.attributes().put(TENANT, tenant);
    }
  }

  /// Names the object of a request, if the handler knows it better than the path does.
  public static void object(ServerRequest request, String object) {
    request.attributes().put(OBJECT, object);
  }

  /// Names the action of a request, if its parameters decide which one it is.
  public static void action(ServerRequest request, AuditAction action) {
    request.attributes().put(ACTION, action);
  }

  /// A handler whose actions are recorded.
  ///
  /// @param object names the object of a request; no secret, word or phone number
  public HandlerFunction<ServerResponse> record(
      AuditAction action,
      Function<ServerRequest, String> object,
      HandlerFunction<ServerResponse> handler) {
    return log == null
        ? handler
        : request -> recorded(new Action(log, action, object, request), handler);
  }

  /// The same for requests that all have the same object.
  public HandlerFunction<ServerResponse> record(
      AuditAction action, String object, HandlerFunction<ServerResponse> handler) {
    return record(action, _ -> object, handler);
  }

  private Mono<ServerResponse> recorded(Action action, HandlerFunction<ServerResponse> handler) {
    return Mono.defer(() -> handler.handle(action.request))
        .doOnNext(answer -> outcome(answer.statusCode().value()).ifPresent(action::add))
        .doOnError(failure -> outcome(failure).ifPresent(action::add))
        .doOnCancel(() -> {
          if (!action.action.isRead()) {
            action.add(AuditOutcome.UNKNOWN);
          }
        });
  }

  private static Optional<AuditOutcome> outcome(Throwable failure) {
    return switch (failure) {
      case ProblemException known -> outcome(known.problem().status());
      case CompletionException wrapped when wrapped.getCause() != null ->
          outcome(wrapped.getCause());
      default -> Optional.of(AuditOutcome.FAILED);
    };
  }

  private static Optional<AuditOutcome> outcome(int status) {
    return switch (status) {
      case 400, 406 -> Optional.empty();
      case 404 -> Optional.of(AuditOutcome.NOT_FOUND);
      default ->
          Optional.of(
              status < 400
                  ? AuditOutcome.OK
                  : status < 500 ? AuditOutcome.REFUSED : AuditOutcome.FAILED);
    };
  }

  /// One action, whose object and tenant are known when it ends.
  private final class Action {

    private final AuditLog log;
    private final AuditAction action;
    private final Function<ServerRequest, String> object;
    private final ServerRequest request;

    Action(
        AuditLog log,
        AuditAction action,
        Function<ServerRequest, String> object,
        ServerRequest request) {
      this.log = log;
      this.action = action;
      this.object = object;
      this.request = request;
    }

    void add(AuditOutcome outcome) {
      Viewer viewer = AccessHandler.viewer(request);
      String tenant = (String) request.attributes().get(TENANT);
      log.add(
          new AuditEntry(
              clock.instant(),
              tenant == null ? viewer.tenant() : tenant,
              viewer.auditName(),
              request.attribute(ACTION).map(AuditAction.class::cast).orElse(action),
              request
                  .attribute(OBJECT)
                  .map(String.class::cast)
                  .orElseGet(() -> object.apply(request)),
              outcome,
              Client.of(request.attributes()).address().getHostAddress()));
    }
  }
}
