package io.cnn2gnn.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.faults.fuzz.FuzzTarget.Subject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FuzzTargetsTest {
  private static final int INPUTS = 2000;

  @TempDir private Path folder;

  static List<FuzzTarget> targets() {
    return List.of(FuzzTargets.image(List.of()), FuzzTargets.avro(), FuzzTargets.bundle());
  }

  private static FuzzTarget again(String name) {
    return targets().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void acceptsOrRefusesWhateverItIsGiven(FuzzTarget target) throws Exception {
    FuzzResult result = new Fuzzer(FuzzLimits.standard(), folder).run(target, 20261123, 0, INPUTS);
    assertThat(folder).isEmptyDirectory();
    assertThat(result.findings()).isZero();
    assertThat(result.inputs()).isEqualTo(INPUTS);
    // Neither so damaged that nothing gets past the first check, nor hardly damaged.
    assertThat(result.accepted()).isBetween(INPUTS / 20L, INPUTS / 2L);
    assertThat(result.refused()).hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void makesTheSameInputOfTheSameSeedAndIndexInAnyOrder(FuzzTarget target) {
    FuzzTarget other = again(target.name());
    Set<String> distinct = new HashSet<>();
    for (long i = 199; i >= 0; i--) {
      byte[] input = target.input(4, i);
      assertThat(other.input(4, i)).isEqualTo(input);
      distinct.add(HexFormat.of().formatHex(input));
    }
    assertThat(distinct).hasSizeGreaterThan(150);
    assertThat(target.input(5, 0)).isNotEqualTo(target.input(4, 0));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void startsFromInputsThatAreAccepted(FuzzTarget target) {
    Subject subject = target.subjects().get();
    Map<String, Integer> refused = new HashMap<>();
    for (byte[] input : target.corpus()) {
      subject.refusal(input).ifPresent(reason -> refused.merge(reason, 1, Integer::sum));
    }
    assertThat(refused).isEmpty();
  }

  @Test
  void takesRealImagesIntoTheCorpus() {
    byte[] file = {1, 2, 3};
    assertThat(FuzzTargets.image(List.of(file)).corpus()).contains(file);
  }
}
