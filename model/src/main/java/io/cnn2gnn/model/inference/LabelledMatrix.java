package io.cnn2gnn.model.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The labelled tier for one model and one task: the metric vectors of those rows that are of the
 * model's space, on its device. It owns native memory; its owner closes the manager.
 */
final class LabelledMatrix {
  /** Hexadecimal digits of a source's name that tell it from others. */
  private static final int DIGITS = 15;

  private final NDManager manager;
  private final String space;
  private final int projection;
  private final List<String> classes;
  private LabelledRows held = LabelledRows.NONE;
  private List<LabelledRow> rows = List.of();
  private Map<String, LabelledRow> byImage = Map.of();
  private Optional<NDManager> tensors = Optional.empty();
  private NDArray metrics;
  private NDArray sources;
  private NDArray said;
  private NDArray mistaken;

  /** Labels that the model does not know. */
  private List<String> fresh = List.of();

  LabelledMatrix(NDManager manager, String space, int projection, List<String> classes) {
    this.manager = manager;
    this.classes = classes;
    this.space = space;
    this.projection = projection;
  }

  /** Holds these from now on. */
  void hold(LabelledRows next, boolean ofSource) {
    if (next.epoch() == held.epoch()) {
      return;
    }
    List<LabelledRow> own =
        next.rows().stream()
            .filter(row -> row.space().equals(space) && row.metric().length == projection)
            .toList();
    Map<String, LabelledRow> names = new HashMap<>(own.size() * 2);
    own.forEach(row -> names.put(row.image(), row));
    // The old ones stay whole if there is no memory for the new.
    Optional<NDManager> before = tensors;
    if (own.isEmpty()) {
      tensors = Optional.empty();
    } else {
      fill(own, ofSource);
    }
    before.ifPresent(NDManager::close);
    rows = own;
    fresh = own.isEmpty() ? List.of() : fresh;
    byImage = names;
    held = next;
  }

  private void fill(List<LabelledRow> own, boolean ofSource) {
    float[] values = new float[own.size() * projection];
    long[] from = new long[ofSource ? own.size() : 0];
    for (int i = 0; i < own.size(); i++) {
      System.arraycopy(own.get(i).metric(), 0, values, i * projection, projection);
      if (ofSource) {
        from[i] = number(own.get(i).source());
      }
    }
    List<String> all = new ArrayList<>(classes);
    Map<String, Integer> places = new HashMap<>();
    classes.forEach(name -> places.put(name, places.size()));
    long[] labels = new long[own.size()];
    float[] wrong = new float[own.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          places.computeIfAbsent(
              own.get(i).label(),
              name -> {
                all.add(name);
                return all.size() - 1;
              });
      wrong[i] =
          switch (own.get(i).own()) {
            case UNKNOWN -> 0;
            case RIGHT -> -1;
            case WRONG -> 1;
          };
    }
    NDManager scope = manager.newSubManager();
    try {
      NDArray vectors = scope.create(values, new Shape(own.size(), projection));
      NDArray numbers = scope.create(from);
      said = scope.create(labels);
      mistaken = scope.create(wrong);
      sources = numbers;
      metrics = vectors;
      fresh = List.copyOf(all.subList(classes.size(), all.size()));
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
    tensors = Optional.of(scope);
  }

  /** Labels that the model does not know, in the order of their places behind those it knows. */
  List<String> fresh() {
    return fresh;
  }

  /**
   * The tier as the script of {@link io.cnn2gnn.model.net.Head#EVIDENCE} takes it.
   *
   * @param metrics float32 [m, projection]
   * @param said int64 [m], places of their labels
   * @param mistaken float32 [m], 1 where the model had said something else, -1 where it had not, 0
   *     where nobody knows
   * @param sources int64 [m], or [0] where those of all sources count
   */
  record Told(NDArray metrics, NDArray said, NDArray mistaken, NDArray sources) {}

  Told told(NDManager scope) {
    return isEmpty()
        ? new Told(
            scope.zeros(new Shape(0, projection)),
            scope.zeros(new Shape(0), DataType.INT64),
            scope.zeros(new Shape(0)),
            scope.zeros(new Shape(0), DataType.INT64))
        : new Told(
            there(metrics, scope),
            there(said, scope),
            there(mistaken, scope),
            there(sources, scope));
  }

  /** A number that tells sources apart. */
  static long number(String source) {
    return source.isEmpty() ? -1 : Long.parseLong(source.substring(0, DIGITS), 16);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Names the state that is held. */
  long epoch() {
    return held.epoch();
  }

  LabelledRow row(int i) {
    return rows.get(i);
  }

  Optional<LabelledRow> ofImage(String image) {
    return Optional.ofNullable(byImage.get(image));
  }

  /**
   * The nearest rows of a batch.
   *
   * @param index int64 [b, k], nearest first
   * @param distance float32 [b, k], squared; beyond any distance where there are no more
   */
  record Nearest(long[] index, float[] distance, int k) {}

  /** Finds the nearest rows to some metric vectors [b, projection], on the module's device. */
  Nearest nearest(TorchModule module, NDManager scope, NDArray vectors, List<Query> batch) {
    long[] own = new long[sources.isEmpty() ? 0 : batch.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = number(batch.get(i).source());
    }
    NDList found =
        module.run(
            "labelled", vectors, there(metrics, scope), scope.create(own), there(sources, scope));
    long[] index = found.get(0).toLongArray();
    return new Nearest(index, found.get(1).toFloatArray(), index.length / batch.size());
  }

  /** Where the scope's device is another one, a copy that belongs to the scope. */
  static NDArray there(NDArray array, NDManager scope) {
    NDArray moved = array.toDevice(scope.getDevice(), false);
    if (moved != array) {
      moved.attach(scope);
    }
    return moved;
  }
}
