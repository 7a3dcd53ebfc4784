package io.cnn2gnn.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.cli.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training as a process of its own, on the sample images. */
class TrainCommandTest {
  @TempDir private Path folder;

  private Process train(String name) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dcnn2gnn.home=" + Shipped.HOME,
                "io.cnn2gnn.cli.Main"));
    command.addAll(
        List.of(
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
            "--out",
            folder.resolve(name + ".bundle").toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private void finish(Process process, String name) throws Exception {
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("finished in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve(name + ".log"))).isZero();
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
    Process unbroken = train("unbroken");
    finish(unbroken, "unbroken");
    Process killed = train("killed");
    try {
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofMinutes(2))
          .until(this::hasStudentCheckpoint);
    } finally {
      killed.destroyForcibly().waitFor();
    }
    assertThat(killed.exitValue()).isEqualTo(128 + 9);
    assertThat(folder.resolve("killed.bundle")).doesNotExist();
    finish(train("killed"), "killed");
    assertThat(metrics("killed")).isEqualTo(metrics("unbroken"));
    assertThat(metrics("killed").get("accuracy").getAsDouble()).isGreaterThan(0.5);
  }
}
