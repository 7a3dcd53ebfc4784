package io.cnn2gnn.benchmarks.buffers;

/** One variant, size and regime in one repeat. */
record Sample(
    Variant variant,
    int size,
    Regime regime,
    int repeat,
    int images,
    double changelogBytesPerImage,
    double percentOfInput,
    double imagesPerSecond,
    double p50Millis,
    double p99Millis) {

  static Sample of(
      Variant variant,
      int size,
      Regime regime,
      int repeat,
      AnswerTally answers,
      int from,
      int to,
      long changelogBytes,
      long inputBytes) {
    return new Sample(
        variant,
        size,
        regime,
        repeat,
        to - from,
        (double) changelogBytes / (to - from),
        100.0 * changelogBytes / inputBytes,
        answers.perSecond(from, to),
        answers.latencyMillis(from, to, 50),
        answers.latencyMillis(from, to, 99));
  }
}
