package io.verbatim.asr.recognizer;

import io.verbatim.pubsub.message.AudioFormat;

/// The audio format and language of a session to open.
///
/// @param language a language the recogniser offers, such as `en` or `multi`
public record SessionRequest(AudioFormat format, String language) {}
