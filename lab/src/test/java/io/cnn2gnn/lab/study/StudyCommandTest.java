package io.cnn2gnn.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.lab.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StudyCommandTest {
  @Test
  void aStudyWithoutDataIsAWrongCall() {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(false, "study", "--out", "s")).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8))
        .contains("Missing required option: '--data=<data>'");
  }
}
