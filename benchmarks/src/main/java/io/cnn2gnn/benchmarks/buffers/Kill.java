package io.cnn2gnn.benchmarks.buffers;

/**
 * One SIGKILL and what a reader of committed answers saw of it.
 *
 * @param images sent
 * @param lost never answered
 * @param duplicated answers beyond the first
 * @param reportedLost offsets that the application itself said were gone
 * @param recoverySeconds from the kill to the first answer of the next life
 */
record Kill(
    Variant variant,
    int images,
    int lost,
    int duplicated,
    int reportedLost,
    double recoverySeconds) {}
