package io.cnn2gnn.intake.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BadFilesTest {
  @Test
  void namesAllOfThemThoseOfOneReasonTogether() {
    BadFiles bad = new BadFiles();
    assertThatCode(bad::check).doesNotThrowAnyException();
    bad.add("a.png", "cut off");
    assertThat(bad).hasToString("a.png: cut off; mend or remove it");
    bad.add("b.png", "empty");
    bad.add("c.png", "cut off");
    assertThatThrownBy(bad::check)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "3 files cannot be used: a.png, c.png: cut off; b.png: empty; mend or remove them");
  }

  @Test
  void countsThoseBeyondTheFirstTwenty() {
    BadFiles bad = new BadFiles();
    for (int i = 0; i < 51; i++) {
      bad.add("%02d.png".formatted(i), "empty");
    }
    assertThat(bad.toString())
        .startsWith("51 files cannot be used: 00.png, 01.png,")
        .contains("19.png: empty; and 31 more; mend")
        .doesNotContain("20.png");
  }
}
