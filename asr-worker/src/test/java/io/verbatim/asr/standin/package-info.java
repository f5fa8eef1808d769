/// A stand-in for Deepgram that tests script: the true protocol, every misbehaviour it can show,
/// and audio that says of each frame which one it is.
///
/// Published as this module's test jar, so that other modules' tests can hear through it too.
@NullMarked
package io.verbatim.asr.standin;

import org.jspecify.annotations.NullMarked;
