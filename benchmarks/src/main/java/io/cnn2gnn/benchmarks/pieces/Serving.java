package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.bank.MovedRows;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.topology.flow.DecodedImage;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** The student with a bank of so many rows besides its prototypes, answering the same batch. */
final class Serving implements AutoCloseable {
  private final StudentModel model;
  private final BankMatrix bank;
  private final List<Query> batch;

  Serving(int images, int rows) throws BundleException, IOException {
    Material material = new Material();
    List<Query> all = material.decoded().stream().map(DecodedImage::query).toList();
    batch = all.subList(0, images);
    model = StudentModel.open(material.bundle(), Torch.device("cpu"), Candidates.BOTH);
    try (BankMatrix empty = model.newBank(0)) {
      List<BankRow> seeds = model.classify(all, empty).stream().map(Answer::row).toList();
      bank = model.newBank(rows);
      int projection = model.card().student().projection();
      bank.add(MovedRows.of(seeds, rows, projection, new Random(Material.SEED)));
    }
  }

  List<Answer> classify() {
    return model.classify(batch, bank);
  }

  /** Only the first so many of the batch. */
  List<Answer> classify(int images) {
    return model.classify(batch.subList(0, images), bank);
  }

  @Override
  public void close() {
    bank.close();
    model.close();
  }
}
