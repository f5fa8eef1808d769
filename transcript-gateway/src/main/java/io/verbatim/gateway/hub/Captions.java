package io.verbatim.gateway.hub;

import io.verbatim.batch.translator.Language;
import org.jspecify.annotations.Nullable;

/// A subscriber's request for a translation of its call.
///
/// @param lastTranslated the cursor of the last final whose translation the client was sent; null
///   if it may have been sent none
public record Captions(Language language, @Nullable String lastTranslated) {}
