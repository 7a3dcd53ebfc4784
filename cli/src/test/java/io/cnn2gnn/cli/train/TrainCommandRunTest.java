package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.Main;
import io.cnn2gnn.cli.Shipped;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training as a process of its own, on the sample images. */
class TrainCommandRunTest {
  @TempDir private Path folder;

  private JavaProcess train(String name) throws IOException {
    return JavaCommand.of(
            Main.class,
            "train",
            "--data",
            Shipped.HOME.resolve("samples/fashion-mini.zip").toString(),
            "--teacher",
            "resnet8",
            "--teacher-epochs",
            "2",
            "--epochs",
            "6",
            "--batch",
            "32",
            "--widths",
            "8,16",
            "--strides",
            "2,2",
            "--views",
            "2",
            "--mixup",
            "0",
            "--out",
            folder.resolve(name + ".bundle").toString())
        .heap("512m")
        .options("-Dcnn2gnn.home=" + Shipped.HOME)
        .start(folder.resolve(name + ".log"));
  }

  private static void finish(JavaProcess process) throws Exception {
    assertThat(process.awaitEnd(Duration.ofMinutes(3))).as("finished in time").isTrue();
    assertThat(process.exitCode()).as(process.log()).isZero();
  }

  private JsonObject metrics(String name) throws IOException {
    Path file = folder.resolve(name + ".bundle.report/metrics.json");
    JsonObject metrics = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    metrics.remove("millisPerImage");
    metrics.remove("teacherMillisPerImage");
    return metrics;
  }

  private boolean hasStudentCheckpoint() throws IOException {
    Path work = folder.resolve("killed.bundle.work");
    if (!Files.isDirectory(work)) {
      return false;
    }
    try (Stream<Path> files = Files.list(work)) {
      return files
          .map(f -> f.getFileName().toString())
          .anyMatch(f -> f.startsWith("student-") && f.endsWith(".checkpoint"));
    }
  }

  @Test
  void aRunKilledWithNineAndRepeatedEndsInTheSameMetrics() throws Exception {
    JavaProcess unbroken = train("unbroken");
    finish(unbroken);
    JavaProcess killed = train("killed");
    try {
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofMinutes(2))
          .until(this::hasStudentCheckpoint);
    } finally {
      killed.kill();
    }
    assertThat(killed.exitCode()).isEqualTo(128 + 9);
    assertThat(folder.resolve("killed.bundle")).doesNotExist();
    finish(train("killed"));
    assertThat(metrics("killed")).isEqualTo(metrics("unbroken"));
    assertThat(metrics("killed").get("accuracy").getAsDouble()).isGreaterThan(0.5);
  }
}
