package io.verbatim.asr.recognizer;

import io.verbatim.pubsub.message.AudioFormat;

/// What a session is to transcribe.
///
/// @param language a language the recogniser offers, such as `en` or `multi`
public record SessionRequest(AudioFormat format, String language) {}
