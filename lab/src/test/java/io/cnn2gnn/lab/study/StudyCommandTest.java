package io.cnn2gnn.lab.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.lab.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StudyCommandTest {
  private static String refusal(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(false, args)).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStudyWithoutDataIsAWrongCall() {
    assertThat(refusal("study", "--out", "s")).contains("Missing required option: '--data=<data>'");
  }

  @Test
  void aServiceThatIsToPlayNoStreamIsAWrongCall() {
    assertThat(refusal("study", "--served", "--data", "d", "--out", "s"))
        .contains("--served plays streams: it needs --stream beside it");
  }
}
