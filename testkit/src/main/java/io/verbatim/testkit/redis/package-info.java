/// A real Redis on every machine, also with replicas and sentinels, and the check that no test
/// leaves a connection open.
///
/// [RedisServer][io.verbatim.testkit.redis.RedisServer] depends on no test framework, so programs
/// may start it too. [RedisExtension][io.verbatim.testkit.redis.RedisExtension] provides it to
/// tests.
@NullMarked
package io.verbatim.testkit.redis;

import org.jspecify.annotations.NullMarked;
