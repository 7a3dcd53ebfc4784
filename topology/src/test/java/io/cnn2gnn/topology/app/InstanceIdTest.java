package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdTest {
  @TempDir private Path folder;

  private String claimed() throws IOException {
    try (InstanceId id = InstanceId.claim(folder)) {
      return id.value();
    }
  }

  @Test
  void staysTheSameThroughRestarts() throws IOException {
    assertThat(claimed()).isEqualTo(claimed());
  }

  @Test
  void isAnotherOneForASecondLivingInstance() throws IOException {
    try (InstanceId first = InstanceId.claim(folder);
        InstanceId second = InstanceId.claim(folder)) {
      assertThat(first.value()).isNotEqualTo(second.value());
    }
  }

  @Test
  void othersSeeWhoseOwnerLives() throws IOException {
    assertThat(InstanceId.known(folder.resolve("nowhere"))).isEmpty();
    String second;
    try (InstanceId first = InstanceId.claim(folder)) {
      try (InstanceId other = InstanceId.claim(folder)) {
        second = other.value();
      }
      assertThat(InstanceId.known(folder))
          .containsOnly(Map.entry(first.value(), true), Map.entry(second, false));
    }
  }

  @Test
  void isMadeAnewWhereItsFileIsDamaged() throws IOException {
    String before = claimed();
    Files.write(folder.resolve("id-0"), new byte[] {(byte) 0xC3, 0, '\n', 'x'});
    String after = claimed();
    assertThat(after).matches("[0-9a-f-]{36}").isNotEqualTo(before).isEqualTo(claimed());
  }
}
