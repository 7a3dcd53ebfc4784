package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.bank.MovedRows;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.label.LabelCalibration;
import io.cnn2gnn.model.label.LabelEvidence;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Learning how far labels reach, from a model's prototypes, when it is loaded. */
@State(Scope.Benchmark)
public class Calibrate {
  @Param({"2000", "10000"})
  public int prototypes;

  private Bundle bundle;
  private Prototypes moved;

  /** Makes prototypes of the bundle's own. */
  @Setup
  public void open() throws Exception {
    bundle = new Material().bundle();
    Prototypes own = bundle.prototypes();
    int length = (int) own.rows().shape()[1];
    List<BankRow> seeds = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      float[] row = Arrays.copyOfRange(own.rows().data(), i * length, (i + 1) * length);
      seeds.add(new BankRow(own.ids().get(i), "", false, row));
    }
    List<BankRow> rows =
        MovedRows.of(
            seeds, prototypes, bundle.card().student().projection(), new Random(Material.SEED));
    List<Integer> labels = new ArrayList<>();
    float[] values = new float[prototypes * length];
    for (int i = 0; i < prototypes; i++) {
      labels.add(own.labels().get(i % own.size()));
      System.arraycopy(rows.get(i).values(), 0, values, i * length, length);
    }
    moved =
        new Prototypes(
            rows.stream().map(BankRow::imageId).toList(),
            labels,
            new Tensor(new long[] {prototypes, length}, values));
  }

  /** The whole of it. */
  @Benchmark
  public LabelEvidence calibration() {
    return LabelCalibration.of(
        moved,
        bundle.weights().get("b2").data(),
        bundle.card().student().projection(),
        bundle.card().student().neighbours());
  }
}
