/// The recogniser sessions of the worker's calls: how many at once, when the next attempt is made,
/// and when a session counts as dead.
///
/// Each call has one [RecognizerConnection][io.verbatim.asr.session.RecognizerConnection], which
/// holds at most one session. [SessionLimiter][io.verbatim.asr.session.SessionLimiter] and
/// [CircuitBreaker][io.verbatim.asr.session.CircuitBreaker] are shared by all calls of the process.
/// Everything here is confined to the event loop. `asr.call` decides what is sent to a session;
/// `asr.transcript` processes its results.
@NullMarked
package io.verbatim.asr.session;

import org.jspecify.annotations.NullMarked;
