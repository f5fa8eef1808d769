package io.verbatim.pubsub.redis;

import java.util.Map;

/// One entry of a stream, as Redis returns it.
record StreamEntry(String id, Map<String, byte[]> body) {}
