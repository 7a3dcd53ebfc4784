package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;

/**
 * What a task tells of its open images, and is asked about them.
 *
 * @param drain the process that stops asks for what is held
 * @param backpressure the consumer is told when enough is on its way
 * @param pace the thread's own says when to commit
 */
public record Signals(Drain drain, Backpressure backpressure, ThreadLocal<CommitPace> pace) {}
