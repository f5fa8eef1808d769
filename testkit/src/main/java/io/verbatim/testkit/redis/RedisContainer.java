package io.verbatim.testkit.redis;

import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/// A Redis in a container. The only class that needs Testcontainers: the others load without it.
final class RedisContainer implements RedisServer.Backend {
  private static final String IMAGE = "redis:8";
  private static final int PORT = 6379;

  private final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(IMAGE))
          .withExposedPorts(PORT)
          .withCommand(
              "redis-server",
              "--save",
              "",
              "--appendonly",
              "no",
              "--maxmemory-policy",
              "noeviction");

  RedisContainer() {
    container.start();
  }

  /// Asks the engine itself, because a `docker` on the PATH does not show that an engine runs.
  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @Override
  public String origin() {
    return IMAGE;
  }

  @Override
  public String url() {
    return "redis://" + container.getHost() + ":" + container.getMappedPort(PORT);
  }

  @Override
  public Optional<RedisProcess> process() {
    return Optional.empty();
  }

  @Override
  public void close() {
    container.stop();
  }
}
