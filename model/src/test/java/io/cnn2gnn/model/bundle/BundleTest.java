package io.cnn2gnn.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.inference.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("test.bundle");
    TestModels.untrained(1).write(file);
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    assertThat(Bundle.read(file)).isEqualTo(TestModels.untrained(1));
  }

  @Test
  void writesTheSameModelAsTheSameBytesAndLeavesNothingElse() throws Exception {
    byte[] first = Files.readAllBytes(file);
    TestModels.untrained(1).write(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThat(folder.toFile().list()).containsExactly("test.bundle");
  }

  @Test
  void writesMetricsInAnOrderThatDoesNotDependOnHowTheyCame() throws Exception {
    Map<String, Double> metrics = new LinkedHashMap<>();
    Map<String, Double> reversed = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      metrics.put("metric-" + i, (double) i);
      reversed.put("metric-" + (19 - i), 19.0 - i);
    }
    Bundle plain = TestModels.untrained(1);
    assertThat(with(plain, metrics).bytes()).isEqualTo(with(plain, reversed).bytes());
  }

  private static Bundle with(Bundle bundle, Map<String, Double> metrics) {
    return new Bundle(
        bundle.card().with(metrics), bundle.weights(), bundle.prototypes(), bundle.golden());
  }

  @Test
  void refusesACardThatTellsHalfOfWhatIsUsual() {
    assertThatThrownBy(
            () ->
                Bundle.parse(
                    "half",
                    edited(
                        card ->
                            card.replaceFirst(
                                "\"metrics\": \\{\\}", "\"metrics\": {\"drift.window\": 500}"))))
        .hasMessage("half is not a valid bundle: the model card lacks drift.farDistance");
    Map<String, Double> huge =
        new LinkedHashMap<>(
            new DriftReference(500, Map.of("ant", 1.0), 0.1, 0.5, 0.1, 0.1, 0.1).metrics());
    huge.put("drift.window", 2e9);
    assertThatThrownBy(() -> with(TestModels.untrained(1), huge))
        .hasMessageContaining("drift.window must lie in 1..100000");
  }

  @Test
  void saysWhereThereIsNoBundle() {
    assertThatThrownBy(() -> Bundle.read(folder.resolve("none.bundle")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("no bundle at")
        .hasMessageContaining("none.bundle");
  }

  @Test
  void rejectsAFileThatIsNotTheReleasedOneBeforeParsingIt() {
    assertThatThrownBy(() -> Bundle.read(file, Optional.of("00ff")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("sha256");
  }

  @Test
  void anyFlippedByteIsAnErrorOrHarmless() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Bundle original = Bundle.read(file);
    Random random = new Random(5);
    int errors = 0;
    for (int trial = 0; trial < 400; trial++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        // Zip headers hold fields that nobody reads, such as times.
        assertThat(Bundle.read(file)).isEqualTo(original);
      } catch (BundleException e) {
        assertThat(e).hasMessageContaining("test.bundle");
        errors++;
      }
    }
    assertThat(errors).isGreaterThan(300);
  }

  @Test
  void refusesAZipThatIsNothingButZeros() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("card.json"));
      zip.write(new byte[8 << 20]);
    }
    assertThatThrownBy(() -> Bundle.parse("zeros", out.toByteArray()))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("zeros is not a valid bundle: it unpacks to more than");
  }

  @Test
  void refusesACardThatClaimsGigabytesWithoutMakingThem() throws Exception {
    // 16 convolutions of 1024 x 1024 x 7 x 7 floats would be 3 GB.
    String wide = Collections.nCopies(16, "1024").toString();
    String steep = Collections.nCopies(16, "4").toString();
    assertThatThrownBy(
            () ->
                Bundle.parse(
                    "wide",
                    edited(
                        card ->
                            card.replaceFirst("\"widths\": \\[[^]]*]", "\"widths\": " + wide)
                                .replaceFirst("\"strides\": \\[[^]]*]", "\"strides\": " + steep))))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("conv15")
        .hasMessageContaining("are not");
  }

  @Test
  void saysWhatIsWrongWithACardAndNotHowGsonFailed() {
    assertThatThrownBy(
            () ->
                Bundle.parse(
                    "shy", edited(card -> card.replaceFirst("\"pool\": [0-9]+", "\"pool\": 99"))))
        .hasMessage("shy is not a valid bundle: pool must lie in 1..8: 99");
    assertThatThrownBy(
            () ->
                Bundle.parse("mute", edited(card -> card.replaceFirst("\"name\": \"test\",", ""))))
        .hasMessage("mute is not a valid bundle: the model card lacks a text field");
  }

  /** The bundle with another card and sums that fit it. */
  private byte[] edited(UnaryOperator<String> edit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder sums = new StringBuilder();
    try (ZipFile in = new ZipFile(file.toFile());
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : List.of("card.json", "prototypes.json", "tensors.safetensors")) {
        byte[] bytes = in.getInputStream(in.getEntry(name)).readAllBytes();
        if (name.equals("card.json")) {
          bytes =
              edit.apply(new String(bytes, StandardCharsets.UTF_8))
                  .getBytes(StandardCharsets.UTF_8);
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        sums.append(Sha256.hex(bytes)).append("  ").append(name).append('\n');
      }
      zip.putNextEntry(new ZipEntry("SHA256SUMS"));
      zip.write(sums.toString().getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void anyTruncationIsAnError() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    // The last bytes repeat the entries' names; a reader of the stream does not need them.
    for (int length = 0; length < bytes.length - 400; length += bytes.length / 40) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Bundle.read(file)).isInstanceOf(BundleException.class);
    }
  }
}
