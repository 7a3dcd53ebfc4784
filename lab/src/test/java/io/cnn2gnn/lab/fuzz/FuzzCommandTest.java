package io.cnn2gnn.lab.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cnn2gnn.lab.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzCommandTest {
  @TempDir private Path folder;

  @Test
  void countsEveryInputAndWritesTheFigures() throws Exception {
    Path summary = folder.resolve("fuzz.json");
    Path findings = folder.resolve("findings");
    int code =
        Main.run(
            false,
            "fuzz",
            "--inputs",
            "300",
            "--from",
            "1000",
            "--summary",
            summary.toString(),
            "--findings",
            findings.toString());
    assertThat(code).isZero();
    assertThat(findings).doesNotExist();
    JsonObject figures = JsonParser.parseString(Files.readString(summary)).getAsJsonObject();
    assertThat(figures.getAsJsonArray("targets")).hasSize(3);
    figures
        .getAsJsonArray("targets")
        .forEach(
            target -> {
              JsonObject figure = target.getAsJsonObject();
              long refused =
                  figure.getAsJsonObject("refused").asMap().values().stream()
                      .mapToLong(count -> count.getAsLong())
                      .sum();
              assertThat(figure.get("accepted").getAsLong() + refused).isEqualTo(300);
              assertThat(figure.get("findings").getAsLong()).isZero();
            });
  }
}
