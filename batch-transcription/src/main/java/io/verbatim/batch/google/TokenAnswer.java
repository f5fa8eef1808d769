package io.verbatim.batch.google;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// @param expiresIn seconds from now
record TokenAnswer(
    @JsonProperty("access_token") @Nullable String accessToken,
    @JsonProperty("expires_in") long expiresIn) {}
