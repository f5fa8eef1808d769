/// A stand-in for Deepgram on loopback: the live protocol, every fault that the worker handles, and
/// audio whose frames carry their own numbers. The words of its results are these numbers.
@NullMarked
package io.verbatim.testkit.deepgram;

import org.jspecify.annotations.NullMarked;
