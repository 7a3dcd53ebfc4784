package io.cnn2gnn.topology.serving;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import java.util.List;

/** The model as the topology sees it. */
public interface Classifier {
  /** The model itself. */
  static Classifier of(StudentModel model) {
    return new Classifier() {
      @Override
      public List<Answer> classify(List<Query> batch, BankMatrix bank) {
        return model.classify(batch, bank);
      }

      @Override
      public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
        return model.classifyOnCpu(batch, bank);
      }

      @Override
      public void selfTest() {
        model.selfTest();
      }
    };
  }

  /** One answer per query, in order. */
  List<Answer> classify(List<Query> batch, BankMatrix bank);

  /** The same without the device, for a query that does not fit there even alone. */
  List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank);

  /**
   * Throws if the model no longer gives its golden answers: then the fault is with the model or its
   * device, not with an image.
   */
  void selfTest();
}
