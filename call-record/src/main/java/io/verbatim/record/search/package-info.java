/// The full-text search over archived calls.
///
/// A hit is one final. The newest matches before a position form a window of [CallSearch#WINDOW]
/// hits; within a window the best come first. So the first page does not depend on the number of
/// matches, and every page costs the same. On Postgres a GIN index finds the lines, in the language
/// of each call; on H2 the lines are read one after another, newest call first.
@NullMarked
package io.verbatim.record.search;

import org.jspecify.annotations.NullMarked;
