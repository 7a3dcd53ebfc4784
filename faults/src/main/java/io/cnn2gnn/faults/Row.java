package io.cnn2gnn.faults;

import java.util.Arrays;
import java.util.Locale;

/** The rows of the harness, numbered from one in this order. */
public enum Row {
  KILL_BATCH_PART_FULL(new KillScenarios.BatchPartFull(), true),
  KILL_BEFORE_COMMIT(new KillScenarios.BeforeCommit(), true),
  TERM_DRAINS_PART_BATCH(new KillScenarios.TermDrains(), true),
  BROKER_RESTART_CLEAN(new BrokerScenarios.Restart(true), false),
  BROKER_RESTART_HARD(new BrokerScenarios.Restart(false), false),
  BROKERS_GONE_60_S(new BrokerScenarios.Gone(60), false),
  REBALANCE_STORM(new ScaleScenarios.Storm(), false),
  SCALE_1_2_1(new ScaleScenarios.OneTwoOne(), false),
  SLOW_INFERENCE_30_S(new ModelScenarios.Stall(), false),
  REGISTRY_DOWN_AT_START(new RegistryScenarios.AtStart(), false),
  REGISTRY_DOWN_MID_RUN(new RegistryScenarios.MidRun(), false),
  INCOMPATIBLE_RECORDS(new InputScenarios.Incompatible(), true),
  BROKEN_IMAGES(new InputScenarios.BrokenImages(), true),
  DECOMPRESSION_BOMBS(new InputScenarios.Bombs(), true),
  OVERSIZE(new InputScenarios.Oversize(), true),
  NOT_A_NUMBER(new ModelScenarios.NotANumber(), false),
  STATE_DISK_FULL(new StateScenarios.DiskFull(), false),
  STATE_DELETED(new StateScenarios.Deleted(), false),
  STATE_FLIPPED(new StateScenarios.Flipped(), false),
  CLOCK_JUMP(new StateScenarios.ClockJump(), false),
  DUPLICATE_IDS(new InputScenarios.DuplicateIds(), true),
  LATE_TIMESTAMPS(new InputScenarios.LateTimestamps(), true),
  FULL_BANK(new InputScenarios.FullBank(), true),
  RANDOM_FAULTS(new SoakScenario(), false);

  private final Scenario scenario;
  private final boolean fast;

  Row(Scenario scenario, boolean fast) {
    this.scenario = scenario;
    this.fast = fast;
  }

  /** From one. */
  public int number() {
    return ordinal() + 1;
  }

  /** As tables and topics call it. */
  public String title() {
    return String.format("%02d-%s", number(), name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Whether a round takes seconds, so that it can run in every build. */
  public boolean isFast() {
    return fast;
  }

  /** Whether it is measured by time, not by rounds. */
  public boolean isSoak() {
    return this == RANDOM_FAULTS;
  }

  Scenario scenario() {
    return scenario;
  }

  /**
   * The row of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Row of(int number) {
    return Arrays.stream(values())
        .filter(row -> row.number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no row " + number + "; rows are 1 to " + values().length));
  }
}
