package io.cnn2gnn.training.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of the last batches, oldest first: what a bank is to a student in training. */
final class Memory implements AutoCloseable {
  private static final String ROWS = "memory.rows";
  private static final String IMAGES = "memory.images";
  private static final String LABELS = "memory.labels";
  private static final String BATCHES = "memory.batches";

  private final NDManager manager;
  private final int capacity;
  private final NDArray none;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private int size;

  private record Entry(NDArray rows, long[] images, long[] labels) {}

  /**
   * Makes a memory.
   *
   * @param manager closed with this object
   * @param saved what {@link #state()} returned, or empty
   */
  Memory(NDManager manager, int capacity, int rowLength, Map<String, Tensor> saved) {
    this.manager = manager;
    this.capacity = capacity;
    this.none = manager.zeros(new Shape(0, rowLength));
    if (saved.containsKey(ROWS)) {
      float[] rows = saved.get(ROWS).data();
      long[] images = longs(saved.get(IMAGES));
      long[] labels = longs(saved.get(LABELS));
      int from = 0;
      for (long batch : longs(saved.get(BATCHES))) {
        int to = from + (int) batch;
        float[] values = Arrays.copyOfRange(rows, from * rowLength, to * rowLength);
        add(
            manager.create(values, new Shape(batch, rowLength)),
            Arrays.copyOfRange(images, from, to),
            Arrays.copyOfRange(labels, from, to));
        from = to;
      }
    }
  }

  /**
   * Takes a batch's rows over; the oldest entries leave.
   *
   * @param labels class or -1
   */
  void add(NDArray rows, long[] images, long[] labels) {
    if (capacity < images.length) {
      return;
    }
    rows.attach(manager);
    entries.addLast(new Entry(rows, images, labels));
    size += images.length;
    while (size > capacity) {
      Entry oldest = entries.removeFirst();
      size -= oldest.images().length;
      oldest.rows().close();
    }
  }

  /** All rows [size, rowLength]; belongs to the scope. */
  NDArray rows(NDManager scope) {
    NDArray rows =
        entries.isEmpty()
            ? none.duplicate()
            : NDArrays.concat(new NDList(entries.stream().map(Entry::rows).toList()), 0);
    rows.attach(scope);
    return rows;
  }

  long[] images() {
    return entries.stream().flatMapToLong(e -> Arrays.stream(e.images())).toArray();
  }

  long[] labels() {
    return entries.stream().flatMapToLong(e -> Arrays.stream(e.labels())).toArray();
  }

  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    if (!entries.isEmpty()) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray rows = rows(scope);
        state.put(ROWS, new Tensor(rows.getShape().getShape().clone(), rows.toFloatArray()));
      }
      state.put(IMAGES, floats(images()));
      state.put(LABELS, floats(labels()));
      state.put(BATCHES, floats(entries.stream().mapToLong(e -> e.images().length).toArray()));
    }
    return state;
  }

  /** Exact below 2^24, far more images than fit in memory. */
  private static Tensor floats(long[] values) {
    float[] data = new float[values.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = values[i];
    }
    return new Tensor(new long[] {data.length}, data);
  }

  private static long[] longs(Tensor t) {
    long[] values = new long[t.data().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) t.data()[i];
    }
    return values;
  }

  @Override
  public void close() {
    manager.close();
  }
}
