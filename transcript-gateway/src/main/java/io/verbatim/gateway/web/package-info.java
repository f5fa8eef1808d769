/// What holds for every request and answer: who it is from, how large and how often, security
/// headers, and which other sites may read.
@NullMarked
package io.verbatim.gateway.web;

import org.jspecify.annotations.NullMarked;
