package io.cnn2gnn.lab.reference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The few forms of Markdown that the reference is written in. */
final class Markdown {
  private static final String MADE =
      "<!-- Made from the code by ./cnn2gnn reference. Change it there. -->\n";

  private Markdown() {}

  /** A page, with what tells an editor that it is generated. */
  static String page(String title, String... parts) {
    return MADE
        + Arrays.stream(parts)
            .map(part -> "\n" + part.strip() + "\n")
            .collect(Collectors.joining("", "\n# " + title + "\n", ""));
  }

  /** A table; cells are Markdown, whose bars are escaped here. */
  static String table(List<String> head, List<List<String>> rows) {
    return row(head)
        + row(head.stream().map(cell -> "---").toList())
        + rows.stream().map(Markdown::row).collect(Collectors.joining());
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.isEmpty() ? " |" : " " + cell.replace("|", "\\|") + " |")
        .collect(Collectors.joining("", "|", "\n"));
  }

  /** Text that is shown as it is typed. */
  static String code(String text) {
    return "`" + text + "`";
  }

  /** A sentence of the code, which is no Markdown. */
  static String text(String plain) {
    return plain.replace("*", "\\*").replace("<", "\\<");
  }

  /** The address of a heading on its own page. */
  static String link(String heading) {
    return "[%s](#%s)".formatted(heading, heading.replace(' ', '-'));
  }
}
