package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;

/** What a network does first: {@code normalise(images)}, by constants of its input. */
final class Normalisation {
  private Normalisation() {}

  static ScriptModule define(ScriptModule module, InputSpec input) {
    float[] mean = new float[input.channels()];
    float[] scale = new float[input.channels()];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = 255 * input.mean().get(c);
      scale[c] = 1 / (255 * input.deviation().get(c));
    }
    return module
        .constant("input_mean", new Tensor(new long[] {mean.length}, mean))
        .constant("input_scale", new Tensor(new long[] {scale.length}, scale))
        .methods(Script.of(Normalisation.class, "normalise.py"));
  }
}
