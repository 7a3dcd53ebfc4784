package io.cnn2gnn.model.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.model.net.Head;
import java.util.List;

/**
 * The bank as one dense matrix on the model's device: the prototypes first, then a ring of the most
 * recent rows; and the labelled tier beside it. It is a mirror: whoever owns the durable rows fills
 * it again after a restart.
 *
 * <p>It owns native memory; close it. One thread uses it.
 */
public final class BankMatrix implements AutoCloseable {
  /** How sure a known label is, as neighbours hear it; the rest is for all alike. */
  private static final float SURE = 0.98f;

  private static final float UNSURE = 0.02f;

  private final NDManager manager;
  private final NDArray matrix;

  /** Its first columns again, which each batch is compared with, without what lies between them. */
  private final NDArray metrics;

  private final NDArray known;
  private final NDArray sources;
  private final NDArray prototypeMetrics;
  private final NDArray shownLabels;
  private final boolean evidence;
  private final List<String> classes;
  private final int projection;
  private final int rowLength;
  private final int shipped;
  private final String[] ids;
  private final String[] labels;
  private final LabelledMatrix labelled;
  private int filled;
  private int next;

  BankMatrix(NDManager manager, Prototypes prototypes, ModelCard card, int capacity) {
    this.manager = manager;
    this.classes = card.classes();
    this.projection = card.student().projection();
    this.evidence = card.student().head() == Head.EVIDENCE;
    this.labelled = new LabelledMatrix(manager, card.space(), projection, classes);
    this.rowLength = (int) prototypes.rows().shape()[1];
    this.shipped = prototypes.size();
    int rows = Math.addExact(shipped, capacity);
    this.matrix = manager.zeros(new Shape(rows, rowLength));
    this.metrics = manager.zeros(new Shape(rows, projection));
    this.known = manager.zeros(new Shape(rows), DataType.INT64);
    this.sources = manager.zeros(new Shape(rows), DataType.INT64);
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
    this.shownLabels =
        manager.create(prototypes.labels().stream().mapToLong(label -> label).toArray());
    store(0, prototypes.rows().data(), features, new long[shipped]);
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
      long[] from = new long[run];
      for (int i = 0; i < run; i++) {
        BankRow row = kept.get(done + i);
        System.arraycopy(said(row), 0, values, i * rowLength, rowLength);
        from[i] = LabelledMatrix.number(row.source());
        ids[next + i] = row.imageId();
        labels[next + i] = row.label();
        features[i] = row.known() ? classes.indexOf(row.label()) + 1L : 0;
      }
      store(next, values, features, from);
      done += run;
      filled = Math.max(filled, next + run);
      next = next + run == ids.length ? shipped : next + run;
    }
  }

  /** What a row says: of one whose class is known, that class. */
  private float[] said(BankRow row) {
    if (!evidence || !row.known()) {
      return row.values();
    }
    float[] values = row.values().clone();
    int label = classes.indexOf(row.label());
    for (int c = 0; c < classes.size(); c++) {
      values[projection + c] = label < 0 ? 0 : UNSURE / classes.size() + (c == label ? SURE : 0);
    }
    return values;
  }

  /**
   * Says that the class of a recent row is known, or what was predicted for it.
   *
   * @param place of the row in the ring, 0 for the first that was added
   */
  public void relabel(int place, BankRow row) {
    int at = shipped + place;
    labels[at] = row.label();
    long feature = row.known() ? classes.indexOf(row.label()) + 1L : 0;
    store(at, said(row), new long[] {feature}, new long[] {LabelledMatrix.number(row.source())});
  }

  private void store(int at, float[] values, long[] features, long[] from) {
    int rows = features.length;
    if (rows > 0) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray source = scope.create(values, new Shape(rows, rowLength));
        NDIndex range = new NDIndex(at + ":" + (at + rows));
        matrix.set(range, source);
        metrics.set(range, source.get(new NDIndex(":, :" + projection)));
        known.set(range, scope.create(features));
        sources.set(range, scope.create(from));
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
    return LabelledMatrix.there(prototypeMetrics, scope);
  }

  /**
   * The recent rows as the script of {@link Head#EVIDENCE} takes them.
   *
   * @param metrics float32 [m, projection]
   * @param answers float32 [m, classes and fresh ones]
   * @param sources int64 [m]
   */
  record Heard(NDArray metrics, NDArray answers, NDArray sources) {}

  Heard heard(NDManager scope) {
    NDArray v = metrics.get(new NDIndex(shipped + ":" + filled));
    NDArray q = matrix.get(new NDIndex(shipped + ":" + filled + "," + projection + ":"));
    NDArray from = sources.get(new NDIndex(shipped + ":" + filled));
    List.of(v, q, from).forEach(view -> view.attach(scope));
    NDArray known = LabelledMatrix.there(q, scope);
    List<String> fresh = labelled.fresh();
    return new Heard(
        LabelledMatrix.there(v, scope),
        fresh.isEmpty() ? known : known.concat(fresh(known, fresh, scope), 1),
        LabelledMatrix.there(from, scope));
  }

  /** A row that was answered by a class that the model does not know has the rest for it. */
  private NDArray fresh(NDArray q, List<String> fresh, NDManager scope) {
    int rows = filled - shipped;
    float[] rest = new float[rows * fresh.size()];
    float[] sums = new float[0];
    for (int i = 0; i < rows; i++) {
      int at = fresh.indexOf(labels[shipped + i]);
      if (at >= 0) {
        sums = sums.length == 0 ? q.sum(new int[] {1}).toFloatArray() : sums;
        rest[i * fresh.size() + at] = Math.max(0, 1 - sums[i]);
      }
    }
    return scope.create(rest, new Shape(rows, fresh.size()));
  }

  /** The prototypes' metric vectors as a view [prototypes, projection]. */
  NDArray shownMetrics(NDManager scope) {
    NDArray view = metrics.get(new NDIndex("0:" + shipped));
    view.attach(scope);
    return LabelledMatrix.there(view, scope);
  }

  /** The places of their classes, int64 [prototypes]. */
  NDArray shownLabels(NDManager scope) {
    return LabelledMatrix.there(shownLabels, scope);
  }

  /** Which recent row stands at an index behind the batch. */
  int recent(int index) {
    return shipped + index;
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
