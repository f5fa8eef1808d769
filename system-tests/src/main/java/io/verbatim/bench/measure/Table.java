package io.verbatim.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Markdown table with notes. Not thread-safe.
public final class Table {
  private final String name;
  private final List<String> notes = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private boolean failed;

  /// @param name the marker of the table's place in a document
  public Table(String name, String... columns) {
    this.name = name;
    rows.add(List.of(columns));
  }

  /// Adds a row and prints it to show the progress of a long run.
  public void row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "A row must have " + rows.getFirst().size() + " cells, not " + cells.length + ".");
    }
    rows.add(List.of(cells));
    System.out.println("  " + String.join(" | ", cells));
  }

  /// Adds a line of text below the table.
  public void note(String text) {
    notes.add(text);
    System.out.println("  " + text);
  }

  /// Adds a note about a failure. The run ends with an error after the table is printed.
  public void failure(String text) {
    failed = true;
    note("**Failed:** " + text);
  }

  public boolean failed() {
    return failed;
  }

  /// The table with its columns aligned, and the notes below it.
  public String markdown() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder markdown = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      line(markdown, rows.get(i), widths);
      if (i == 0) {
        for (int width : widths) {
          markdown.append("|").append("-".repeat(width + 2));
        }
        markdown.append("|\n");
      }
    }
    if (!notes.isEmpty()) {
      markdown.append("\n");
      notes.forEach(note -> markdown.append("- ").append(note).append("\n"));
    }
    return markdown.toString();
  }

  private static void line(StringBuilder markdown, List<String> cells, int[] widths) {
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      markdown.append("| ").append(cell).append(" ".repeat(widths[column] - cell.length() + 1));
    }
    markdown.append("|\n");
  }

  /// Writes the table into a document: replaces the text between `<!-- bench:<name> -->` and `<!--
  /// /bench:<name> -->`, or appends a block with both markers.
  public void writeInto(Path document, String heading) {
    String begin = "<!-- bench:" + name + " -->";
    String end = "<!-- /bench:" + name + " -->";
    String block = begin + "\n" + heading + "\n\n" + markdown() + end;
    try {
      String text = Files.exists(document) ? Files.readString(document) : "# Benchmarks\n";
      int from = text.indexOf(begin);
      int to = text.indexOf(end);
      String written =
          from >= 0 && to > from
              ? text.substring(0, from) + block + text.substring(to + end.length())
              : text.stripTrailing() + "\n\n" + block + "\n";
      Files.writeString(document, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
