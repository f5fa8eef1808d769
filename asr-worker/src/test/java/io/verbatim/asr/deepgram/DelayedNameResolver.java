package io.verbatim.asr.deepgram;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A name resolver whose first lookups fail; later ones resolve every name to loopback.
public final class DelayedNameResolver extends AddressResolverGroup<InetSocketAddress> {
  private final int failures;
  private final List<Long> lookups = new ArrayList<>();

  /// @param failures how many lookups fail
  public DelayedNameResolver(int failures) {
    this.failures = failures;
  }

  /// The times between lookups.
  public synchronized List<Duration> pauses() {
    List<Duration> pauses = new ArrayList<>();
    for (int i = 1; i < lookups.size(); i++) {
      pauses.add(Duration.ofNanos(lookups.get(i) - lookups.get(i - 1)));
    }
    return pauses;
  }

  private synchronized boolean succeeds() {
    lookups.add(System.nanoTime());
    return lookups.size() > failures;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Resolver(executor).asAddressResolver();
  }

  private final class Resolver extends InetNameResolver {
    Resolver(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String host, Promise<InetAddress> promise) {
      if (succeeds()) {
        promise.setSuccess(InetAddress.getLoopbackAddress());
      } else {
        promise.setFailure(new UnknownHostException(host));
      }
    }

    @Override
    protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
      if (succeeds()) {
        promise.setSuccess(List.of(InetAddress.getLoopbackAddress()));
      } else {
        promise.setFailure(new UnknownHostException(host));
      }
    }
  }
}
