package io.cnn2gnn.training.teacher;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.Map;

/** A teacher of the ResNet family, trained here. */
public final class TrainedTeacher implements Responder {
  private final Teacher.Spec spec;
  private final String key;
  private final TorchModule module;

  public TrainedTeacher(Teacher.Spec spec, Map<String, Tensor> tensors, Device device) {
    this.spec = spec;
    this.key = spec.name() + SafeTensors.digest(tensors);
    this.module = TorchModule.frozen(Teacher.serving(spec, tensors), device);
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public int classes() {
    return spec.classes();
  }

  @Override
  public float[] logits(byte[] samples) {
    try (NDManager scope = module.newManager()) {
      return module.run("logits", Images.batch(scope, spec.input(), samples)).head().toFloatArray();
    }
  }

  @Override
  public long macs() {
    return Teacher.macs(spec);
  }

  @Override
  public void close() {
    module.close();
  }
}
