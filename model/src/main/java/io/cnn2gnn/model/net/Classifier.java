package io.cnn2gnn.model.net;

import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import java.util.List;

/** What an image says of itself: {@code classify(x)} -> logits [b, classes]. */
record Classifier(StudentSpec spec) implements NetworkPart {
  @Override
  public List<Parameter> parameters() {
    int hidden = spec.hidden();
    int classes = spec.classes();
    return List.of(
        Parameter.of("w1", Initial.glorot(), spec.features(), hidden),
        Parameter.of("b1", Initial.constant(0), hidden),
        Parameter.of("w2", Initial.glorot(), hidden, classes),
        Parameter.of("b2", Initial.constant(0), classes));
  }

  @Override
  public List<Script> scripts() {
    return List.of(Script.of(Classifier.class, "classifier.py"));
  }

  long macs() {
    return (long) spec.hidden() * (spec.features() + spec.classes());
  }
}
