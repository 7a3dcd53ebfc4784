package io.cnn2gnn.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fresh machine without a network: empty engine cache, every connection led to a closed port. */
class OfflineRunTest {
  @TempDir private Path folder;

  /** Runs in a JVM of its own. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws Exception {
      Bundle bundle = TestModels.untrained(1);
      try (StudentModel model = StudentModel.open(bundle, Torch.device("auto"), Candidates.BOTH);
          BankMatrix bank = model.newBank(1)) {
        Query query = new Query("x", TestModels.noise(1, 1), Optional.empty());
        System.out.println("answered " + model.classify(List.of(query), bank).get(0).label());
      }
      System.out.println("offline=" + System.getProperty("ai.djl.offline"));
    }
  }

  @Test
  void theEngineStartsAndAnswersWithoutANetwork() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "-DDJL_CACHE_DIR=" + folder.resolve("cache"),
                "-DENGINE_CACHE_DIR=" + folder.resolve("cache"),
                "-Dhttp.proxyHost=127.0.0.1",
                "-Dhttp.proxyPort=9",
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=9",
                Probe.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      String output = Files.readString(log);
      assertThat(process.exitValue()).as(output).isZero();
      assertThat(output).contains("answered ", "offline=true").doesNotContain("Downloading");
      assertThat(folder.resolve("cache")).isDirectory();
    } finally {
      process.destroyForcibly();
    }
  }
}
