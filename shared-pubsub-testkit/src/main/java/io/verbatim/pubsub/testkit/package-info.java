/// What tests of the bus share: a real Redis wherever tests run, the contract every adapter keeps,
/// and the check that no test leaves a connection behind.
///
/// [RedisServer][io.verbatim.pubsub.testkit.RedisServer] knows no test framework and may be started
/// by a program too. [RedisExtension][io.verbatim.pubsub.testkit.RedisExtension] gives it to tests.
/// [BusContract][io.verbatim.pubsub.testkit.BusContract] is the contract.
@NullMarked
package io.verbatim.pubsub.testkit;

import org.jspecify.annotations.NullMarked;
