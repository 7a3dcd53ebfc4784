package io.cnn2gnn.model;

import ai.djl.ndarray.*;
import ai.djl.ndarray.types.*;
import ai.djl.training.optimizer.*;
import ai.djl.training.tracker.*;
import io.cnn2gnn.model.graph.*;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.*;
import io.cnn2gnn.model.torch.*;
import java.util.*;
import org.junit.jupiter.api.Test;

class ScriptsTest {
  @Test
  void runs() {
    InputSpec in = new InputSpec(28, 28, 1, List.of(.286f), List.of(.353f));
    StudentSpec spec =
        new StudentSpec(in, List.of(32, 64, 128), List.of(2, 2, 2), 32, 128, 10, 8, .5f);
    var dev = Torch.device("cpu");
    byte[] px = new byte[64 * 784];
    new Random(1).nextBytes(px);
    int B = 64;
    try (TorchModule m =
            TorchModule.trainable(Student.training(spec, Student.initial(spec, 1)), dev);
        NDManager s = m.newManager()) {
      Optimizer opt = Optimizer.adam().optLearningRateTracker(Tracker.fixed(2e-3f)).build();
      NDArray x = s.create(java.nio.ByteBuffer.wrap(px), new Shape(B, 28, 28, 1), DataType.UINT8);
      long[] y = new long[B];
      for (int i = 0; i < B; i++) y[i] = i % 10;
      NDArray bank = s.zeros(new Shape(0, spec.rowLength()));
      for (int k = 0; k < 20; k++) {
        NDList r =
            m.step(
                opt,
                x,
                bank,
                s.create(.5f),
                s.create(y),
                s.zeros(new Shape(B, 10)),
                s.create(0f),
                s.create(4f));
        System.out.println(r.get(0).getFloat());
        bank = r.get(2);
      }
      System.out.println("NAMES " + m.tensors().keySet());
      try (TorchModule f =
              TorchModule.frozen(Student.serving(spec, m.tensors(), Candidates.BOTH), dev);
          NDManager s2 = f.newManager()) {
        NDArray x2 =
            s2.create(java.nio.ByteBuffer.wrap(px), new Shape(B, 28, 28, 1), DataType.UINT8);
        NDArray bank2 = s2.create(bank.toFloatArray(), bank.getShape());
        NDList r = null;
        for (int k = 0; k < 5; k++) {
          long t = System.nanoTime();
          r = f.run("forward", x2, bank2, s2.create(.5f));
          System.out.println((System.nanoTime() - t) / 1e6 + " ms");
        }
        System.out.println(
            r.get(3).get("0:2") + " " + r.get(2).get("0:2") + r.get(0).argMax(1).toLongArray()[13]);
      }
    }
  }
}
