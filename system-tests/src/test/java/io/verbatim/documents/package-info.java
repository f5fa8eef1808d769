/// Checks that the documents name only settings, tests, files and headings that exist.
@NullMarked
package io.verbatim.documents;

import org.jspecify.annotations.NullMarked;
