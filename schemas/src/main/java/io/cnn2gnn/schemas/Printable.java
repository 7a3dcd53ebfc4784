package io.cnn2gnn.schemas;

/**
 * Text from elsewhere, made fit for a line of a terminal or a log.
 *
 * <p>An id, a label or a header is whatever a producer wrote. What a terminal would obey (escape
 * sequences), what forges a line, and what hides or reorders its neighbours (zero width characters,
 * bidirectional overrides) is shown as Java writes it, such as <code>&#92;u001b</code>; other text
 * stays as it is, in whatever script.
 */
public final class Printable {
  private Printable() {}

  /** The text with all that does not print shown as escapes. */
  public static String of(String text) {
    int begin = 0;
    while (begin < text.length() && !isHidden(text.codePointAt(begin))) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    if (begin == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, begin);
    text.substring(begin).codePoints().forEach(point -> show(shown, point));
    return shown.toString();
  }

  private static void show(StringBuilder shown, int point) {
    if (!isHidden(point)) {
      shown.appendCodePoint(point);
      return;
    }
    for (char unit : Character.toChars(point)) {
      shown.append("\\u%04x".formatted((int) unit));
    }
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          // Only those without their other half are code points.
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
