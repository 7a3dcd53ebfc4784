package io.cnn2gnn.model.bundle;

import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.net.StudentSpec;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a bundle says of its model.
 *
 * @param name of the model, stable over versions
 * @param version of this training
 * @param space id of the embedding space: a hash of the weights, so rows of two models never mix
 * @param classes names by index, as {@link ClassName} writes them
 * @param student its shape
 * @param data what it was trained on
 * @param teacher which teacher answered
 * @param command the command that made it
 * @param seed of the student's training
 * @param metrics measured on held-out data, by name; those of {@link #drift} among them
 */
public record ModelCard(
    String name,
    String version,
    String space,
    List<String> classes,
    StudentSpec student,
    String data,
    String teacher,
    String command,
    long seed,
    Map<String, Double> metrics) {
  /** The same card with other metrics. */
  public ModelCard with(Map<String, Double> measured) {
    return new ModelCard(
        name, version, space, classes, student, data, teacher, command, seed, measured);
  }

  /** Name and version, as predictions and dead letters carry them. */
  public String id() {
    return name + ":" + version;
  }

  /** What is usual for its answers, if its training or an evaluation has learnt that. */
  public Optional<DriftReference> drift() {
    return DriftReference.of(metrics);
  }

  public ModelCard {
    for (String text : new String[] {name, version, space, data, teacher, command}) {
      Objects.requireNonNull(text, "the model card lacks a text field");
    }
    Objects.requireNonNull(student, "the model card lacks the student's shape");
    classes = composed(List.copyOf(classes));
    // In an order of its own, so that the same card is the same bytes.
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    metrics.forEach(
        (metric, value) -> Objects.requireNonNull(value, "metric " + metric + " is null"));
    DriftReference.of(metrics); // or says what is missing of it
    if (classes.size() != student.classes() || new HashSet<>(classes).size() != classes.size()) {
      throw new IllegalArgumentException(
          "the model card names "
              + classes.size()
              + " classes, the student has "
              + student.classes()
              + "; names must be distinct");
    }
  }

  /** A model that was trained to tell two writings of one name apart goes on to do so. */
  private static List<String> composed(List<String> classes) {
    List<String> names = classes.stream().map(ClassName::of).toList();
    return new HashSet<>(names).size() == new HashSet<>(classes).size() ? names : classes;
  }
}
