package io.cnn2gnn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandRunTest {
  @TempDir private Path folder;

  @Test
  void everyImageComesBackAndTheModelIsRightAboutTheTestImages() throws Exception {
    Path summary = folder.resolve("summary.json");
    int code =
        Main.run(false, "demo", "--images", "500", "--rate", "0", "--summary", summary.toString());
    assertThat(code).isZero();
    JsonObject s = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
    assertThat(s.keySet())
        .containsExactly(
            "images",
            "predictions",
            "deadLetters",
            "accuracy",
            "imagesPerSecond",
            "latencyP50Ms",
            "latencyP99Ms",
            "modelVersion");
    assertThat(s.get("images").getAsInt()).isEqualTo(500);
    assertThat(s.get("predictions").getAsInt()).isEqualTo(500);
    assertThat(s.get("deadLetters").getAsInt()).isZero();
    assertThat(s.get("accuracy").getAsDouble()).isGreaterThanOrEqualTo(0.88);
    assertThat(s.get("latencyP50Ms").getAsDouble()).isPositive();
    assertThat(s.get("modelVersion").getAsString()).startsWith("fashion-mnist:");
  }
}
