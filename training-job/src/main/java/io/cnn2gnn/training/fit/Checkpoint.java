package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run after a whole epoch, as one file: a killed run goes on from it and ends as if it had never
 * stopped.
 *
 * @param history the epochs done
 * @param tensors of the model
 * @param state of the optimiser and whatever else goes on
 * @param best tensors of the best epoch so far; empty where the last one is kept
 */
record Checkpoint(
    List<Epoch> history,
    Map<String, Tensor> tensors,
    Map<String, Tensor> state,
    Map<String, Tensor> best) {
  private static final String HISTORY = "history";
  private static final String TENSOR = "tensor.";
  private static final String STATE = "state.";
  private static final String BEST = "best.";
  private static final int COLUMNS = 6;

  static Optional<Checkpoint> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, Tensor> all;
    try {
      all = SafeTensors.read(file);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file + " is damaged (" + e.getMessage() + "); remove it to begin again", e);
    }
    Tensor table = all.get(HISTORY);
    if (table == null) {
      throw new IOException(file + " is no checkpoint; remove it to begin again");
    }
    if (table.shape().length != 2 || table.shape()[1] != COLUMNS) {
      throw new IOException(file + " is of another version; remove it to begin again");
    }
    List<Epoch> history = new ArrayList<>();
    float[] rows = table.data();
    for (int i = 0; i < rows.length; i += COLUMNS) {
      history.add(
          new Epoch(
              (int) rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5]));
    }
    return Optional.of(
        new Checkpoint(history, part(all, TENSOR), part(all, STATE), part(all, BEST)));
  }

  private static Map<String, Tensor> part(Map<String, Tensor> all, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    all.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return part;
  }

  void write(Path file) throws IOException {
    float[] rows = new float[history.size() * COLUMNS];
    int at = 0;
    for (Epoch e : history) {
      rows[at++] = e.epoch();
      rows[at++] = e.loss();
      rows[at++] = e.accuracy();
      rows[at++] = e.heldOut();
      rows[at++] = e.rate();
      rows[at++] = e.seconds();
    }
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put(HISTORY, new Tensor(new long[] {history.size(), COLUMNS}, rows));
    tensors.forEach((name, tensor) -> all.put(TENSOR + name, tensor));
    state.forEach((name, tensor) -> all.put(STATE + name, tensor));
    best.forEach((name, tensor) -> all.put(BEST + name, tensor));
    AtomicFile.write(file, out -> SafeTensors.write(all, out));
  }
}
