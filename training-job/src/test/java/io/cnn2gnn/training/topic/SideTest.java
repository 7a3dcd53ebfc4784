package io.cnn2gnn.training.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.intake.ImageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideTest {
  @TempDir private Path folder;

  private static ImageName name(String id) {
    return new ImageName(Optional.empty(), id);
  }

  private static List<Double> fractions(Side side) {
    return IntStream.range(0, 50).mapToObj(i -> side.fraction(name("id-" + i))).toList();
  }

  @Test
  void theSideIsTheHashOfSaltAndNameAsAFraction() {
    // printf '\xff\xff\xff\xffimage-1' | sha256sum | cut -c1-32
    // printf 7/846107c2a005b4bac42a02f3110a5453 | sha256sum
    // sha256sum
    assertThat(Side.of(7).fraction(name("image-1"))).isEqualTo(0xb59be91cea8d6p-52);
    long low = 0;
    for (int i = 0; i < 20_000; i++) {
      double fraction = Side.of(7).fraction(name("id-" + i));
      assertThat(fraction).isBetween(0.0, Math.nextDown(1.0));
      low += fraction < 0.2 ? 1 : 0;
    }
    // Four standard deviations of a binomial distribution.
    assertThat(low / 20_000.0).isBetween(0.2 - 0.0114, 0.2 + 0.0114);
  }

  @Test
  void anIdOfTwoSourcesIsTwoImages() {
    ImageName door = new ImageName(Optional.of(new byte[] {'d'}), "1.png");
    ImageName gate = new ImageName(Optional.of(new byte[] {'g'}), "1.png");
    assertThat(Side.of(7).fraction(door))
        .isNotEqualTo(Side.of(7).fraction(gate))
        .isNotEqualTo(Side.of(7).fraction(name("1.png")));
  }

  @Test
  void idsAloneDoNotDecide() throws Exception {
    List<Double> here = fractions(Side.in(folder.resolve("here/salt")));
    assertThat(here)
        .doesNotContainAnyElementsOf(fractions(Side.in(folder.resolve("there/salt"))))
        .doesNotContainAnyElementsOf(fractions(Side.of(1)));
    assertThat(fractions(Side.of(1))).doesNotContainAnyElementsOf(fractions(Side.of(2)));
  }

  @Test
  void aSaltIsMadeForItsOwnerAloneAndIsTheSameAfterARestart() throws Exception {
    Path file = folder.resolve("work/held-out.salt");
    List<Double> before = fractions(Side.in(file));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(fractions(Side.in(file))).isEqualTo(before);
    Path other = Files.copy(file, folder.resolve("copied"));
    assertThat(fractions(Side.in(other))).isEqualTo(before);
  }

  /** As a process leaves it that dies between the two. */
  @Test
  void aFileThatIsStillEmptyGetsItsSalt() throws Exception {
    Path file = Files.createFile(folder.resolve("salt"));
    assertThat(fractions(Side.in(file))).isEqualTo(fractions(Side.in(file)));
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void aFileThatIsNoSaltIsNamedAndLeftAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("salt"), "pepper");
    assertThatThrownBy(() -> Side.in(file))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "64 hexadecimal digits", "restore it");
    assertThat(file).hasContent("pepper");
  }
}
