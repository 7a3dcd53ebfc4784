package io.cnn2gnn.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.lab.Main;
import io.cnn2gnn.lab.bench.BenchEffort.Cost;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.ParseResult;

class BenchAllTest {
  private static final Cost COST = new Cost(20, 10, 1, 2);
  private static final BenchEffort MOST = new BenchEffort(3, 12);

  @Test
  void aSuiteOfTheSameNameAsASubcommandIsASuite() {
    ParseResult bench =
        Main.commandLine().parseArgs("bench", "--suite", "bank", "--minutes", "1").subcommand();
    assertThat(bench.hasSubcommand()).isFalse();
    assertThat(bench.<List<BenchSuite>>matchedOptionValue("--suite", List.of()))
        .containsExactly(BenchSuite.BANK);
  }

  @Test
  void whatFitsIsNotShortened() {
    assertThat(BenchEffort.within(COST.of(MOST), COST, MOST, 4)).isEqualTo(MOST);
    assertThat(BenchEffort.within(1e6, COST, MOST, 4)).isEqualTo(MOST);
  }

  @Test
  void measurementsAreShortenedBeforeRoundsAreLeftOut() {
    assertThat(BenchEffort.within(100, COST, MOST, 4)).isEqualTo(new BenchEffort(3, 5));
    assertThat(BenchEffort.within(77, COST, MOST, 4)).isEqualTo(new BenchEffort(2, 4.5));
  }

  @Test
  void oneRoundIsAlwaysCounted() {
    assertThat(BenchEffort.within(0, COST, MOST, 4)).isEqualTo(new BenchEffort(1, 4));
  }

  @Test
  void roundsThatTakeWhatTheyTakeAreLeftOut() {
    Cost cost = new Cost(30, 60, 0, 0);
    BenchEffort most = new BenchEffort(3, 0);
    assertThat(BenchEffort.within(210, cost, most, 0).rounds()).isEqualTo(3);
    assertThat(BenchEffort.within(209, cost, most, 0).rounds()).isEqualTo(2);
    assertThat(BenchEffort.within(10, cost, most, 0).rounds()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aSuiteWithTimeEnoughRunsWithItsDefaults(BenchSuite suite) {
    assertThat(suite.within(suite.seconds())).isEqualTo(suite.within(1e6));
    assertThat(suite.within(0).rounds()).isEqualTo(1);
  }

  @Test
  void aBankIsOnlySmallerIfItDoesNotFitBesideOneRound() {
    assertThat(BenchSuite.rows(BenchSuite.RECOVERY.seconds())).isEqualTo(100_000);
    assertThat(BenchSuite.rows(210)).isEqualTo(100_000);
    assertThat(BenchSuite.rows(150)).isEqualTo(50_000);
    assertThat(BenchSuite.rows(0)).isEqualTo(1_000);
  }

  @Test
  void timeIsSharedInProportionAndNotDrawnOut() {
    assertThat(BenchAll.share(100, 400, 200)).isEqualTo(45);
    assertThat(BenchAll.share(100, 400, 4000)).isEqualTo(100);
    assertThat(BenchAll.share(100, 400, -1)).isZero();
    List<BenchSuite> all = List.of(BenchSuite.values());
    assertThat(BenchAll.budget(all, OptionalDouble.empty()))
        .isEqualTo(BenchSuite.PIPELINE.seconds());
  }

  @Test
  void aSuiteThatDoesNotExistIsACallThatIsWrong() {
    assertThat(Main.run(false, "bench", "--suite", "speed")).isEqualTo(2);
    assertThat(Main.run(false, "bench", "--minutes", "0")).isEqualTo(1);
    assertThat(Main.run(false, "bench", "recovery", "--rows", "0")).isEqualTo(1);
    assertThat(Main.run(false, "bench", "start", "--set", "cnn2gnn.batch=1")).isEqualTo(1);
  }
}
