package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrintableTest {
  private static final Set<Integer> HIDDEN =
      Set.of(
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR,
          (int) Character.SURROGATE);

  @Test
  void whatATerminalWouldObeyIsShown() {
    assertThat(Printable.of("a\u001b[2J\r\nb\tc\u009bd\u0000"))
        .isEqualTo("a\\u001b[2J\\u000d\\u000ab\\u0009c\\u009bd\\u0000");
  }

  @Test
  void whatReordersOrHidesIsShown() {
    assertThat(Printable.of("\u202egpj\u2066x\u2069\u200b\ufeff\u061c\u00ad"))
        .isEqualTo("\\u202egpj\\u2066x\\u2069\\u200b\\ufeff\\u061c\\u00ad");
    assertThat(Printable.of("\u2028\u2029")).isEqualTo("\\u2028\\u2029");
    // A tag, of which no font shows anything.
    assertThat(Printable.of("a\udb40\udc41")).isEqualTo("a\\udb40\\udc41");
  }

  @Test
  void halfACharacterIsShown() {
    assertThat(Printable.of("\ud83dx\ude00")).isEqualTo("\\ud83dx\\ude00");
  }

  @Test
  void otherTextStaysAsItIs() {
    String text = "Größe, naïve e\u0301, 日本語, العربية, עברית, \ud83d\ude00 C:\\u\\x \\u001b";
    assertThat(Printable.of(text)).isSameAs(text);
    assertThat(Printable.of("")).isEmpty();
  }

  @Test
  void nothingHiddenIsLeftOfAnyText() {
    Random random = new Random(61);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        // All of them, and more often those of the first planes' beginnings.
        int bound = random.nextBoolean() ? 0x300 : random.nextBoolean() ? 0x10000 : 0x110000;
        text.append(Character.toChars(random.nextInt(bound)));
      }
      String shown = Printable.of(text.toString());
      assertThat(shown.codePoints().anyMatch(point -> HIDDEN.contains(Character.getType(point))))
          .as(shown)
          .isFalse();
      assertThat(Printable.of(shown)).isEqualTo(shown);
    }
  }
}
