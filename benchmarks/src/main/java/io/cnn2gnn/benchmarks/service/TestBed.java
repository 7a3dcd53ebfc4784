package io.cnn2gnn.benchmarks.service;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where a benchmark runs.
 *
 * @param broker host and port
 * @param registryUrl of the schema registry
 * @param folder for state and logs; its owner deletes it
 * @param progress is told in a line what has been done
 */
public record TestBed(String broker, String registryUrl, Path folder, Consumer<String> progress) {}
