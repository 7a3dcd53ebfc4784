package io.cnn2gnn.topology.app;

/**
 * A thing that was changed, or would be.
 *
 * @param what it is
 * @param before what it was
 * @param after what it is then
 */
public record UpkeepStep(String what, String before, String after) {}
