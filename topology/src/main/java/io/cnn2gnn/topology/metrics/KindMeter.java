package io.cnn2gnn.topology.metrics;

/**
 * What is known of a counter of things of a few kinds before anything is counted.
 *
 * @param name as Micrometer writes it, with dots
 * @param tag that tells the kinds apart
 * @param kinds all of which are shown from the start
 * @param description for who reads the metric
 */
public record KindMeter<E extends Enum<E>>(
    String name, String tag, Class<E> kinds, String description) {}
