package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image makes of its neighbours: {@code layers(x, v, index, weight, known, bank, bankKnown,
 * keep)} -> (logits, rows). {@code graph_layers.py} has the equations. Layers of another kind are
 * another script with this method and another list of parameters: nothing else names a tensor of
 * theirs or knows what a row holds behind its metric vector.
 */
record GraphLayers(StudentSpec spec) implements NetworkPart {
  @Override
  public List<Parameter> parameters() {
    int hidden = spec.hidden();
    int classes = spec.classes();
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.of("w1", Initial.glorot(), spec.features(), hidden));
    all.add(Parameter.of("b1", Initial.constant(0), hidden));
    all.add(Parameter.of("w2", Initial.glorot(), hidden, classes));
    all.add(Parameter.of("b2", Initial.constant(0), classes));
    if (gated()) {
      Initial mix = Initial.constant((float) Math.log(spec.mix() / (1 - spec.mix())));
      all.add(Parameter.of("gate1", mix, 1));
      all.add(Parameter.of("gate2", mix, 1));
    }
    if (spec.labels()) {
      all.add(Parameter.of("labels", Initial.constant(0), classes + 1, hidden));
    }
    return all;
  }

  /** With itself in the ranking a node has no other self loop, so nothing is left to mix. */
  private boolean gated() {
    return spec.ranking() != Ranking.LEARNED_WITH_SELF;
  }

  @Override
  public List<Script> scripts() {
    return List.of(
        Script.of(GraphLayers.class, "graph_layers.py")
            .with("GATED", gated())
            .with("LABELS", spec.labels())
            .with("PROJECTION", spec.projection())
            .with("HIDDEN", spec.hidden())
            .with("CLASSES", spec.classes()));
  }

  /** Of both layers and the messages of s neighbours. */
  long macs() {
    long layers = (long) spec.hidden() * (spec.features() + spec.classes());
    return layers + (long) spec.neighbours() * (spec.hidden() + spec.classes());
  }
}
