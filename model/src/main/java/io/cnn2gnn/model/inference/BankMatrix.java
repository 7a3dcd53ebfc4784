package io.cnn2gnn.model.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.label.LabelledRows;
import java.util.List;

/**
 * The bank as one dense matrix on the model's device: the prototypes first, then a ring of the most
 * recent rows; and the labelled tier beside it. It is a mirror: whoever owns the durable rows fills
 * it again after a restart.
 *
 * <p>It owns native memory; close it. One thread uses it.
 */
public final class BankMatrix implements AutoCloseable {
  private final NDManager manager;
  private final NDArray matrix;

  /** Its first columns again, which each batch is compared with, without what lies between them. */
  private final NDArray metrics;

  private final NDArray known;
  private final NDArray prototypeMetrics;
  private final List<String> classes;
  private final int projection;
  private final int rowLength;
  private final int shipped;
  private final String[] ids;
  private final String[] labels;
  private final LabelledMatrix labelled;
  private int filled;
  private int next;

  BankMatrix(
      NDManager manager,
      Prototypes prototypes,
      int projection,
      List<String> classes,
      String space,
      int capacity) {
    this.manager = manager;
    this.labelled = new LabelledMatrix(manager, space, projection);
    this.projection = projection;
    this.rowLength = (int) prototypes.rows().shape()[1];
    this.shipped = prototypes.size();
    int rows = Math.addExact(shipped, capacity);
    this.matrix = manager.zeros(new Shape(rows, rowLength));
    this.metrics = manager.zeros(new Shape(rows, projection));
    this.known = manager.zeros(new Shape(rows), DataType.INT64);
    this.classes = classes;
    this.ids = new String[rows];
    this.labels = new String[rows];
    this.filled = shipped;
    this.next = shipped;
    long[] features = new long[shipped];
    for (int i = 0; i < shipped; i++) {
      ids[i] = prototypes.ids().get(i);
      labels[i] = classes.get(prototypes.labels().get(i));
      features[i] = prototypes.labels().get(i) + 1L;
    }
    store(0, prototypes.rows().data(), features);
    try (NDManager scope = manager.newSubManager()) {
      this.prototypeMetrics = metrics(scope).transpose().duplicate();
      prototypeMetrics.attach(manager);
    }
  }

  /** Adds rows, oldest first; when the ring is full they replace its oldest. */
  public void add(List<BankRow> rows) {
    int capacity = ids.length - shipped;
    // More rows than the ring holds: only the last of them can stay.
    List<BankRow> kept = rows.subList(Math.max(0, rows.size() - capacity), rows.size());
    for (int done = 0; done < kept.size(); ) {
      int run = Math.min(kept.size() - done, ids.length - next);
      float[] values = new float[run * rowLength];
      long[] features = new long[run];
      for (int i = 0; i < run; i++) {
        BankRow row = kept.get(done + i);
        System.arraycopy(row.values(), 0, values, i * rowLength, rowLength);
        ids[next + i] = row.imageId();
        labels[next + i] = row.label();
        features[i] = row.known() ? classes.indexOf(row.label()) + 1L : 0;
      }
      store(next, values, features);
      done += run;
      filled = Math.max(filled, next + run);
      next = next + run == ids.length ? shipped : next + run;
    }
  }

  /**
   * Says that the class of a recent row is known, or what was predicted for it.
   *
   * @param place of the row in the ring, 0 for the first that was added
   */
  public void relabel(int place, String label, boolean isKnown) {
    int at = shipped + place;
    labels[at] = label;
    long feature = isKnown ? classes.indexOf(label) + 1L : 0;
    try (NDManager scope = manager.newSubManager()) {
      known.set(new NDIndex(at + ":" + (at + 1)), scope.create(new long[] {feature}));
    }
  }

  private void store(int at, float[] values, long[] features) {
    int rows = features.length;
    if (rows > 0) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray source = scope.create(values, new Shape(rows, rowLength));
        NDIndex range = new NDIndex(at + ":" + (at + rows));
        matrix.set(range, source);
        metrics.set(range, source.get(new NDIndex(":, :" + projection)));
        known.set(range, scope.create(features));
      }
    }
  }

  /**
   * Answers by these labels from the next batch on.
   *
   * @param ofSource whether an image hears of the labels of its own source alone
   */
  public void teach(LabelledRows rows, boolean ofSource) {
    labelled.hold(rows, ofSource);
  }

  LabelledMatrix labelled() {
    return labelled;
  }

  /** Rows in use, prototypes included; without the labelled ones. */
  public int size() {
    return filled;
  }

  /** The rows in use as a view [size, rowLength] that belongs to the given scope. */
  NDArray rows(NDManager scope) {
    NDArray view = matrix.get(new NDIndex("0:" + filled));
    view.attach(scope);
    return view;
  }

  /** Their metric vectors as a view [size, projection] that belongs to the given scope. */
  NDArray metrics(NDManager scope) {
    NDArray view = metrics.get(new NDIndex("0:" + filled));
    view.attach(scope);
    return view;
  }

  /** The prototypes' metric vectors as columns, [projection, prototypes], on the scope's device. */
  NDArray prototypeMetrics(NDManager scope) {
    NDArray there = prototypeMetrics.toDevice(scope.getDevice(), false);
    if (there != prototypeMetrics) {
      there.attach(scope);
    }
    return there;
  }

  /** Their known labels as the scripts take them, int64 [size]: class + 1, or 0. */
  NDArray known(NDManager scope) {
    NDArray view = known.get(new NDIndex("0:" + filled));
    view.attach(scope);
    return view;
  }

  String id(int row) {
    return ids[row];
  }

  String label(int row) {
    return labels[row];
  }

  Answer.Origin origin(int row) {
    return row < shipped ? Answer.Origin.PROTOTYPE : Answer.Origin.BANK;
  }

  @Override
  public void close() {
    manager.close();
  }
}
