package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.metrics.AppMetrics;
import java.util.function.LongSupplier;

/**
 * What labels are worked off with, shared by tasks.
 *
 * @param input what they come from and go to
 * @param images that they are about
 * @param sure at this confidence an image that came with its label was answered well enough
 * @param pace of the thread, which is told of what has to be committed
 * @param nanos a clock that never goes back
 * @param wallMillis the time of day
 */
public record TeachingParts(
    LabelInput input,
    InputImages images,
    float sure,
    ThreadLocal<CommitPace> pace,
    LongSupplier nanos,
    LongSupplier wallMillis,
    AppMetrics metrics) {}
