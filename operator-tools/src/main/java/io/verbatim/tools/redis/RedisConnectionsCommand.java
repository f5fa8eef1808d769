package io.verbatim.tools.redis;

import io.lettuce.core.RedisException;
import io.verbatim.tools.redis.Thresholds.Threshold;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `redis-connections`.
@Command(
    name = "redis-connections",
    description = {
      "Shows who is connected to the Redis server, as a text for a ticket. Adds one connection.",
      "With --every it continues while the server does not answer.",
      "Exit status: 0 normal, 1 warning, a mismatch or a leak, 2 critical, 3 no answer."
    })
public final class RedisConnectionsCommand implements Callable<Integer> {
  private static final int NO_ANSWER = 3;
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://).*@");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:REDIS_URL:-redis://localhost:6379}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "The server, as in REDIS_URL. Default: the variable REDIS_URL.")
  private String url = "";

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "Repeat, one line each time, and the whole text when the level changes.")
  private @Nullable Duration every;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after this many times. Default: without --every 1, else never.")
  private int count;

  @Option(
      names = "--warn",
      paramLabel = "N|N%",
      converter = ThresholdConverter.class,
      description = "Default: 20, or 80%% of maxclients if that is less.")
  private Threshold warn = new Threshold(20, 80);

  @Option(
      names = "--critical",
      paramLabel = "N|N%",
      converter = ThresholdConverter.class,
      description = "Default: 30, or 95%% of maxclients if that is less.")
  private Threshold critical = new Threshold(30, 95);

  @Option(
      names = "--instance",
      paramLabel = "URL",
      description =
          "Base URL of an instance of a service, to compare what it says with the server; for all"
              + " instances of a service, or for none.")
  private List<URI> instances = List.of();

  @Spec private @Nullable CommandSpec spec;

  static final class ThresholdConverter implements picocli.CommandLine.ITypeConverter<Threshold> {
    @Override
    public Threshold convert(String text) {
      return Threshold.parse(text);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (RedisServerConnection connection = new RedisServerConnection(url)) {
      return watch(connection, out);
    } catch (RedisException failure) {
      return noAnswer(failure, out); // Of the first connection.
    } catch (IllegalArgumentException _) {
      out.println("--url must be redis://host:port, rediss:// or redis-sentinel://");
      return NO_ANSWER;
    }
  }

  private int watch(RedisServerConnection connection, PrintWriter out) throws InterruptedException {
    int times = every == null && count == 0 ? 1 : count;
    Duration pause = every == null ? Duration.ofSeconds(30) : every;
    CountDownLatch never = new CountDownLatch(1);
    GrowthCheck growth = new GrowthCheck();
    @Nullable Report last = null;
    for (int time = 1; ; time++) {
      int status;
      try {
        Report report = report(connection.read(), growth);
        out.println(isNews(last, report) ? report.text() : report.line());
        last = report;
        status = report.level().status();
      } catch (RedisException failure) {
        status = noAnswer(failure, out);
      }
      out.flush();
      if (time == times) {
        return status;
      }
      never.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Report report(Sample sample, GrowthCheck growth) {
    growth.add(sample);
    return new Report(
        CREDENTIALS.matcher(url).replaceFirst("***@"),
        sample,
        new Thresholds(warn, critical),
        ServiceInstances.ask(instances),
        growth.leaks());
  }

  private static boolean isNews(@Nullable Report last, Report report) {
    return last == null
        || last.level() != report.level()
        || last.leaks().isEmpty() != report.leaks().isEmpty();
  }

  private int noAnswer(RedisException failure, PrintWriter out) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("max number of clients")) {
      out.println(
          "CRITICAL: the server refuses connections, because maxclients is reached. Stop a client,"
              + " then run this command again to see who holds the connections.");
      return Level.CRITICAL.status();
    }
    out.println("No answer from the server: " + reason);
    return NO_ANSWER;
  }
}
