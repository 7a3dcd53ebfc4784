package io.cnn2gnn.benchmarks.bank;

import io.cnn2gnn.model.inference.BankRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many rows for a bank from a few: each is moved at random, so that no two are alike. */
public final class MovedRows {
  private static final double SPREAD = 0.5;

  private MovedRows() {}

  /**
   * Makes rows.
   *
   * @param seeds that are moved, in turns
   * @param length of the metric vector, which leads each row's values and keeps its length of one
   */
  public static List<BankRow> of(List<BankRow> seeds, int count, int length, Random random) {
    List<BankRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      BankRow seed = seeds.get(i % seeds.size());
      float[] values = seed.values().clone();
      double squares = 0;
      for (int j = 0; j < length; j++) {
        values[j] += (float) (SPREAD * random.nextGaussian() / Math.sqrt(length));
        squares += values[j] * values[j];
      }
      for (int j = 0; j < length; j++) {
        values[j] /= (float) Math.sqrt(squares);
      }
      rows.add(new BankRow("row-" + i, seed.label(), false, values));
    }
    return rows;
  }
}
