/// A recogniser on loopback that speaks Deepgram's live protocol, so that the worker's real client
/// code runs without a key.
///
/// On the wire: the client opens `/v1/listen?…` with `Authorization: Token …` and gets 101 with
/// `dg-request-id`, or an error with `dg-error`. Then binary frames are audio and text frames are
/// `KeepAlive`, `Finalize`, `CloseStream`; back come `Results` (and, where asked for,
/// `SpeechStarted` and `UtteranceEnd`); after `CloseStream` the last `Results`, `Metadata`, close
/// 1000.
///
/// It understands no speech. It knows the words of the sample call and where in it each one sounds;
/// of any other audio it says when somebody speaks. [io.verbatim.local.deepgram.SimulatedDeepgram]
/// is the server; all else is values in, values out.
@NullMarked
package io.verbatim.local.deepgram;

import org.jspecify.annotations.NullMarked;
