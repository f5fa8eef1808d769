/// A recogniser on loopback with Deepgram's live protocol, so that the worker's client code runs
/// without a key.
///
/// On the wire: the client opens `/v1/listen?…` with `Authorization: Token …` and receives 101 with
/// `dg-request-id`, or an error with `dg-error`. Binary frames are audio; text frames are
/// `KeepAlive`, `Finalize` and `CloseStream`. The server answers with `Results` and, on request,
/// `SpeechStarted` and `UtteranceEnd`; after `CloseStream` with the last `Results`, `Metadata` and
/// close 1000.
///
/// It does not recognise speech. It knows the words of the sample call and their positions; for
/// other audio it reports when someone speaks. [io.verbatim.local.deepgram.SimulatedDeepgram] is
/// the server; all other classes are values in, values out.
@NullMarked
package io.verbatim.local.deepgram;

import org.jspecify.annotations.NullMarked;
