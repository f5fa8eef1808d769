/// OpenAI's API for recordings: `POST /v1/audio/transcriptions` with one part of the recording,
/// answered as `verbose_json` with the times of segments and words.
///
/// The API takes at most 25 MB at once. A larger recording is cut at silence, its parts are sent
/// one after another, and their times are continued.
@NullMarked
package io.verbatim.batch.openai;

import org.jspecify.annotations.NullMarked;
