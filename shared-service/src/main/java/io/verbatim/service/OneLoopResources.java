package io.verbatim.service;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/// Provides one event loop to Reactor Netty for all its purposes. The loop's owner stops it;
/// disposing of these resources does nothing.
final class OneLoopResources implements LoopResources {
  private final EventLoop loop;
  private final Transport transport;

  OneLoopResources(EventLoop loop, Transport transport) {
    this.loop = loop;
    this.transport = transport;
  }

  @Override
  public EventLoopGroup onServer(boolean useNative) {
    return loop;
  }

  @Override
  public EventLoopGroup onServerSelect(boolean useNative) {
    return loop;
  }

  @Override
  public EventLoopGroup onClient(boolean useNative) {
    return loop;
  }

  @Override
  public <C extends Channel> C onChannel(Class<C> kind, EventLoopGroup group) {
    try {
      return transport.channelClass(kind).getDeclaredConstructor().newInstance();
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("Cannot create a " + kind.getSimpleName() + ".", e);
    }
  }

  @Override
  public <C extends Channel> Class<? extends C> onChannelClass(
      Class<C> kind, EventLoopGroup group) {
    return transport.channelClass(kind);
  }

  @Override
  public boolean daemon() {
    return false;
  }

  @Override
  public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
    return Mono.empty();
  }
}
