/// Translations by language models: OpenAI's `POST /v1/chat/completions`, which DeepSeek offers
/// too.
///
/// The model answers with a JSON object, so that it can state the language of the text, and so that
/// a remark of the model is not taken for a part of the translation.
@NullMarked
package io.verbatim.batch.chat;

import org.jspecify.annotations.NullMarked;
