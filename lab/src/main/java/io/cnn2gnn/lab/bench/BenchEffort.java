package io.cnn2gnn.lab.bench;

/**
 * How often and how long a suite measures.
 *
 * @param rounds that count
 * @param seconds of each measurement in a round; of no meaning to suites that take what it takes
 */
record BenchEffort(int rounds, double seconds) {
  /**
   * What a suite's time goes into, in seconds.
   *
   * @param fixed once
   * @param round in each round beside its measurements
   * @param uncounted rounds that do not count
   * @param measurements in each round, which last as long as the effort says
   */
  record Cost(double fixed, double round, int uncounted, int measurements) {
    double of(BenchEffort effort) {
      return fixed + (effort.rounds() + uncounted) * (round + measurements * effort.seconds());
    }
  }

  /**
   * The most that fits so many seconds: first measurements are shortened, then rounds are left out.
   * If nothing fits, one round of the shortest measurements.
   *
   * @param least seconds of a measurement that still tells something
   */
  static BenchEffort within(double budget, Cost cost, BenchEffort most, double least) {
    for (int rounds = most.rounds(); rounds > 0; rounds--) {
      double each = (budget - cost.fixed()) / (rounds + cost.uncounted()) - cost.round();
      boolean fits = each >= cost.measurements() * least;
      if (fits && cost.measurements() == 0) {
        return new BenchEffort(rounds, most.seconds());
      }
      if (fits) {
        return new BenchEffort(rounds, Math.min(most.seconds(), each / cost.measurements()));
      }
    }
    return new BenchEffort(1, least);
  }
}
