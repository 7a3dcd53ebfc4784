package io.cnn2gnn.faults.fuzz;

import java.util.Map;

/**
 * What became of a run.
 *
 * @param target its name
 * @param inputs how many were tried
 * @param accepted how many of them were accepted
 * @param refused how many were refused, by reason
 * @param findings how many got neither answer, or a dear one
 * @param slowestMillis the longest that one took, by the clock
 * @param largestAllocationBytes the most that one allocated, whether it was still in use or not
 * @param heapStartBytes in use after a tenth of the inputs, after a collection
 * @param heapEndBytes in use after the last, after a collection
 * @param seconds that the run took
 */
public record FuzzResult(
    String target,
    long inputs,
    long accepted,
    Map<String, Long> refused,
    long findings,
    long slowestMillis,
    long largestAllocationBytes,
    long heapStartBytes,
    long heapEndBytes,
    double seconds) {}
