package io.verbatim.tools.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.tools.http.ServiceClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `dead-letters`.
@Command(
    name = "dead-letters",
    description = {
      "Lists the entries that could not be read, and the calls that were given up; or shows or"
          + " deletes them.",
      "Exit status: 0 done, 1 refused, or no such dead letter, 3 no answer."
    })
public final class DeadLettersCommand implements Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int NO_ANSWER = 3;
  private static final String PATH = "/v1/dead-letters";

  @Parameters(index = "0", paramLabel = "URL", description = "The gateway.")
  private @Nullable URI gateway;

  @Parameters(
      index = "1",
      paramLabel = "TOKEN",
      defaultValue = "${env:TOKEN}",
      description = "A token with the scope ops. Default: the variable TOKEN.")
  private @Nullable String token;

  @ArgGroup private @Nullable Action action;

  /// What to do instead of listing.
  static final class Action {
    @Option(names = "--show", paramLabel = "ID", description = "Show one.")
    private @Nullable String show;

    @Option(names = "--purge", paramLabel = "ID", description = "Delete one. May be repeated.")
    private List<String> purge = List.of();

    @Option(names = "--purge-all", description = "Delete all.")
    private boolean purgeAll;
  }

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Action chosen = action == null ? new Action() : action;
    try (ServiceClient client =
        new ServiceClient(Objects.requireNonNull(gateway), token == null ? "" : token)) {
      if (chosen.purgeAll) {
        return print(client.send("DELETE", PATH), out);
      }
      if (chosen.show != null) {
        return print(client.send("GET", path(chosen.show)), out);
      }
      if (chosen.purge.isEmpty()) {
        return print(client.send("GET", PATH), out);
      }
      int status = 0;
      for (String id : chosen.purge) {
        status = Math.max(status, print(client.send("DELETE", path(id)), out));
      }
      return status;
    } catch (IOException | IllegalArgumentException failure) {
      out.println("No answer from the gateway: " + failure);
      return NO_ANSWER;
    }
  }

  private static String path(String id) {
    return PATH + "/" + URLEncoder.encode(id, UTF_8);
  }

  private static int print(HttpResponse<String> answer, PrintWriter out) {
    if (answer.statusCode() >= 300) {
      out.println("Refused: " + ServiceClient.refusal(answer));
      return REFUSED;
    }
    JsonNode body = ServiceClient.json(answer);
    if (body.has("deadLetters")) {
      body.path("deadLetters").forEach(letter -> out.println(line(letter)));
      out.println(body.path("deadLetters").size() + " dead letters");
    } else if (body.has("deleted")) {
      out.println(body.path("deleted").asInt() + " deleted");
    } else {
      out.println(body.has("id") ? line(body) : "deleted");
    }
    return 0;
  }

  private static String line(JsonNode letter) {
    return "id=%s source=%s entry=%s reason=\"%s\""
        .formatted(
            letter.path("id").asString(""),
            letter.path("source").asString(""),
            letter.path("entry").asString(""),
            letter.path("reason").asString(""));
  }
}
