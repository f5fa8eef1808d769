package io.verbatim.batch.assemblyai;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// @param uploadUrl the address of the file for the next request
record UploadAnswer(@JsonProperty("upload_url") @Nullable String uploadUrl) {}
