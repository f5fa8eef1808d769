package io.verbatim.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of `./run`.
///
/// @param call a recording to play in place of the sample call; null plays the sample call
/// @param calls how many calls to play at the same time; 0 for none
/// @param redisUrl a Redis to use; null starts one
/// @param ports where the services listen; 0 means the default port, or a free port if the default
///   is in use
/// @param exit end after the calls, with exit code 0 if their transcripts are complete
/// @param killWorker kill a worker in mid-sentence
/// @param pcm play this recording to a running ingest by the pcm dialect, and start nothing; null
///   starts the stack
/// @param token the JWT for `pcm`
/// @param url the ingest for `pcm`
/// @param train directories of services whose ahead-of-time caches to train; empty starts the stack
record RunOptions(
    @Nullable Path call,
    int calls,
    @Nullable String redisUrl,
    Ports ports,
    boolean exit,
    boolean killWorker,
    boolean help,
    @Nullable Path pcm,
    @Nullable String token,
    URI url,
    List<Path> train) {
  private static final int MAX_CALLS = 20;

  /// Ports of the three services.
  record Ports(int ingest, int worker, int gateway) {}

  /// Reads a command line.
  ///
  /// @throws IllegalArgumentException with a message for the user
  static RunOptions parse(List<String> args) {
    Deque<String> rest = new ArrayDeque<>(args);
    Path call = null;
    int calls = 1;
    String redisUrl = null;
    int ingest = 0;
    int worker = 0;
    int gateway = 0;
    boolean exit = false;
    boolean killWorker = false;
    boolean help = false;
    Path pcm = null;
    String token = null;
    URI url = URI.create("ws://127.0.0.1:5000/v1/ingest");
    List<Path> train = new ArrayList<>();
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--call" -> call = Path.of(value(option, rest));
        case "--calls" -> calls = number(option, rest, 1, MAX_CALLS);
        case "--no-call" -> calls = 0;
        case "--redis-url" -> redisUrl = value(option, rest);
        case "--ingest-port" -> ingest = number(option, rest, 1, 65_535);
        case "--worker-port" -> worker = number(option, rest, 1, 65_535);
        case "--gateway-port" -> gateway = number(option, rest, 1, 65_535);
        case "--exit" -> exit = true;
        case "--kill-worker" -> killWorker = true;
        case "--help", "-h" -> help = true;
        case "--pcm" -> pcm = Path.of(value(option, rest));
        case "--token" -> token = value(option, rest);
        case "--train" -> train.add(Path.of(value(option, rest)));
        case "--url" -> url = URI.create(value(option, rest));
        default ->
            throw new IllegalArgumentException(
                "unknown option %s; see ./run --help".formatted(option));
      }
    }
    if (pcm != null && token == null) {
      throw new IllegalArgumentException(
          "--pcm needs --token: ./run prints a token after its start");
    }
    if (exit && calls == 0) {
      throw new IllegalArgumentException(
          "--exit waits for a call and cannot be combined with --no-call");
    }
    if (killWorker && (calls != 1 || call != null)) {
      throw new IllegalArgumentException(
          "--kill-worker plays the sample call once and cannot be combined with --call or --calls");
    }
    return new RunOptions(
        call,
        calls,
        redisUrl,
        new Ports(ingest, worker, gateway),
        exit,
        killWorker,
        help,
        pcm,
        token,
        url,
        List.copyOf(train));
  }

  private static String value(String option, Deque<String> rest) {
    String value = rest.pollFirst();
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private static int number(String option, Deque<String> rest, int lowest, int highest) {
    String value = value(option, rest);
    try {
      int number = Integer.parseInt(value);
      if (number >= lowest && number <= highest) {
        return number;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "%s must be a number from %d to %d, not %s".formatted(option, lowest, highest, value));
  }
}
