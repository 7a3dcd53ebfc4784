package io.cnn2gnn.faults;

import java.util.List;
import java.util.function.Supplier;

/** A row of the harness: one kind of fault. */
public final class Row {
  private static final List<Row> ALL =
      List.of(
          fast(1, "kill-batch-part-full", KillScenarios.BatchPartFull::new),
          fast(2, "kill-before-commit", KillScenarios.BeforeCommit::new),
          fast(3, "term-drains-part-batch", KillScenarios.TermDrains::new),
          slow(4, "broker-restart-clean", () -> new BrokerScenarios.Restart(true)),
          slow(5, "broker-restart-hard", () -> new BrokerScenarios.Restart(false)),
          slow(6, "brokers-gone-60-s", () -> new BrokerScenarios.Gone(60)),
          slow(7, "rebalance-storm", ScaleScenarios.Storm::new),
          slow(8, "scale-1-2-1", ScaleScenarios.OneTwoOne::new),
          slow(9, "slow-inference-30-s", ModelScenarios.Stall::new),
          slow(10, "registry-down-at-start", RegistryScenarios.AtStart::new),
          slow(11, "registry-down-mid-run", RegistryScenarios.MidRun::new),
          fast(12, "incompatible-records", InputScenarios.Incompatible::new),
          fast(13, "broken-images", InputScenarios.BrokenImages::new),
          fast(14, "decompression-bombs", InputScenarios.Bombs::new),
          fast(15, "oversize", InputScenarios.Oversize::new),
          slow(16, "not-a-number", ModelScenarios.NotANumber::new),
          slow(17, "state-disk-full", StateScenarios.DiskFull::new),
          slow(18, "state-deleted", StateScenarios.Deleted::new),
          slow(19, "state-flipped", StateScenarios.Flipped::new),
          slow(20, "clock-jump", StateScenarios.ClockJump::new),
          fast(21, "duplicate-ids", InputScenarios.DuplicateIds::new),
          fast(22, "late-timestamps", InputScenarios.LateTimestamps::new),
          fast(23, "full-bank", InputScenarios.FullBank::new),
          timed(24, "random-faults", () -> new SoakScenario(false)),
          slow(25, "bank-of-100000-rows", ScaleScenarios.LargeBank::new),
          fast(26, "offsets-gone-back", BrokerScenarios.OffsetsGoneBack::new),
          fast(27, "bad-bundles", ReleaseScenarios.BadBundles::new),
          fast(28, "garbage-candidate", ReleaseScenarios.GarbageCandidate::new),
          slow(29, "swaps-under-load", ReleaseScenarios.Swaps::new),
          slow(30, "trainer-killed", TrainingScenarios.KilledWhileTraining::new),
          fast(31, "costly-pictures", AttackScenarios.Pictures::new),
          slow(32, "compressed-batches", AttackScenarios.Batches::new),
          fast(33, "references-that-fail", AttackScenarios.References::new),
          fast(34, "thread-replaced", AttackScenarios.ReplacedThread::new),
          slow(35, "slow-http-clients", AttackScenarios.HttpClients::new),
          timed(36, "attacks-and-faults", () -> new SoakScenario(true)),
          fast(37, "labels-kill", LabelScenarios.KilledBeforeCommit::new),
          fast(38, "labels-early-and-late", LabelScenarios.EarlyAndLate::new),
          slow(39, "labels-flood", LabelScenarios.Flood::new),
          fast(40, "labels-changed", LabelScenarios.Changed::new),
          fast(41, "labels-partitions", LabelScenarios.OtherPartitions::new),
          fast(42, "labels-full-tier", LabelScenarios.FullTier::new),
          slow(43, "labels-twin-elsewhere", TwinScenarios.OnAnotherInstance::new),
          slow(44, "labels-model-swap", TwinScenarios.UnderAnotherModel::new),
          fast(45, "crash-in-a-decoder", KillScenarios.InDecoder::new),
          new Row(
              46, "leader-killed", true, false, Setup.CABLES, ClusterScenarios.LeaderKilled::new),
          cluster(47, "coordinator-killed", ClusterScenarios.CoordinatorKilled::new),
          cluster(48, "rolling-restart", ClusterScenarios.RollingRestart::new),
          cluster(49, "broker-gone-for-good", ClusterScenarios.GoneForGood::new),
          cluster(50, "two-brokers-gone-60-s", ClusterScenarios.TwoGone::new),
          cluster(51, "broker-disk-full", ClusterScenarios.DiskFull::new),
          cluster(52, "cut-off-5-s", () -> new NetworkScenarios.CutOff(5)),
          cluster(53, "cut-off-30-s", () -> new NetworkScenarios.CutOff(30)),
          cluster(54, "cut-off-90-s", () -> new NetworkScenarios.CutOff(90)),
          cluster(55, "cut-off-from-one-30-s", NetworkScenarios.CutOffFromOne::new),
          cluster(56, "cut-off-from-registry", () -> new NetworkScenarios.CutOffFromRegistry(0)),
          cluster(57, "packet-loss-5-percent", NetworkScenarios.PacketLoss::new),
          cluster(58, "delay-200-ms", NetworkScenarios.Delay::new),
          cluster(59, "one-of-two-cut-off", NetworkScenarios.OneOfTwoCutOff::new),
          namespace(60, "unplugged-5-s", () -> new NetworkScenarios.CutOff(5)),
          namespace(61, "unplugged-30-s", () -> new NetworkScenarios.CutOff(30)),
          namespace(62, "unplugged-90-s", () -> new NetworkScenarios.CutOff(90)),
          namespace(63, "dropped-one-30-s", NetworkScenarios.CutOffFromOne::new),
          namespace(64, "dropped-registry-30-s", () -> new NetworkScenarios.CutOffFromRegistry(30)),
          namespace(65, "dropped-5-percent", NetworkScenarios.PacketLoss::new),
          namespace(66, "one-of-two-unplugged", NetworkScenarios.OneOfTwoCutOff::new),
          slow(67, "kill-while-gathering", GatherScenarios.KilledBeforeCommit::new));

  private final int number;
  private final String name;
  private final boolean fast;
  private final boolean timed;
  private final Setup setup;
  private final Supplier<Scenario> scenario;

  private Row(
      int number,
      String name,
      boolean fast,
      boolean timed,
      Setup setup,
      Supplier<Scenario> scenario) {
    this.number = number;
    this.name = name;
    this.fast = fast;
    this.timed = timed;
    this.setup = setup;
    this.scenario = scenario;
  }

  private static Row fast(int number, String name, Supplier<Scenario> scenario) {
    return new Row(number, name, true, false, Setup.ONE_BROKER, scenario);
  }

  private static Row slow(int number, String name, Supplier<Scenario> scenario) {
    return new Row(number, name, false, false, Setup.ONE_BROKER, scenario);
  }

  private static Row timed(int number, String name, Supplier<Scenario> scenario) {
    return new Row(number, name, false, true, Setup.ONE_BROKER, scenario);
  }

  private static Row cluster(int number, String name, Supplier<Scenario> scenario) {
    return new Row(number, name, false, false, Setup.CABLES, scenario);
  }

  private static Row namespace(int number, String name, Supplier<Scenario> scenario) {
    return new Row(number, name, false, false, Setup.NAMESPACE, scenario);
  }

  /** All rows, in the order of their numbers. */
  public static List<Row> all() {
    return ALL;
  }

  /**
   * The row of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Row of(int number) {
    return ALL.stream()
        .filter(row -> row.number == number)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no row " + number + "; rows are 1 to " + ALL.size()));
  }

  /** From one. */
  public int number() {
    return number;
  }

  /** As tables and topics call it. */
  public String title() {
    return "%02d-%s".formatted(number, name);
  }

  /** Whether a round takes seconds, so that it can run in every build. */
  public boolean isFast() {
    return fast;
  }

  /** Whether it goes on for a time, not for rounds. */
  public boolean isTimed() {
    return timed;
  }

  /** Which brokers it needs. */
  Setup setup() {
    return setup;
  }

  Scenario scenario() {
    return scenario.get();
  }
}
