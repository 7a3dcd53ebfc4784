package io.cnn2gnn.model.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loaded {@link ScriptModule}. It owns its native tensors; close it. Results belong to the
 * manager of the first argument, so a caller that opens one scope per batch leaks nothing.
 *
 * <p>Threading: {@link #run} may be called from several threads at once; {@link #step} from one,
 * and only one module of the JVM may be in a step at a time (DJL has one gradient collector).
 */
public final class TorchModule implements AutoCloseable {
  private final Model model;
  private final Block block;
  private final List<String> buffers;

  private TorchModule(Model model, List<String> buffers) {
    this.model = model;
    this.buffers = buffers;
    this.block = model.getBlock();
  }

  /** Loads a module for inference; its tensors are constants. */
  public static TorchModule frozen(ScriptModule script, Device device) {
    return load(script, device);
  }

  /** Loads a module whose parameters (not its running statistics) {@link #step} updates. */
  public static TorchModule trainable(ScriptModule script, Device device) {
    TorchModule module = load(script, device);
    module.block.freezeParameters(false);
    return module;
  }

  private static TorchModule load(ScriptModule script, Device device) {
    Model model = Torch.newModel("script", device);
    try {
      model.load(new ByteArrayInputStream(script.toArchive()), Map.of("mapLocation", "true"));
      // DJL makes an empty folder for each stream and leaves it until the JVM ends, if it ends
      // well.
      Files.deleteIfExists(model.getModelPath());
      return new TorchModule(model, script.bufferNames());
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new IllegalStateException("libtorch refused a generated script", e);
    }
  }

  /** A manager on the module's device for tensors that outlive one batch. */
  public NDManager newManager() {
    return model.getNDManager().newSubManager();
  }

  /** Runs a method in evaluation mode, without autograd. */
  public NDList run(String method, NDArray... arguments) {
    return call(method, false, arguments);
  }

  /** What an optimiser does with one parameter: changes the weight in place. */
  @FunctionalInterface
  public interface Update {
    void apply(String name, NDArray weight, NDArray gradient);
  }

  /**
   * One optimiser step: runs {@code forward} with autograd, whose first result is the scalar loss,
   * and updates every learning parameter.
   *
   * @return all results of {@code forward}
   */
  public NDList step(Update update, NDArray... arguments) {
    NDList results;
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      results = call("forward", true, arguments);
      collector.backward(results.head());
    }
    for (Pair<String, Parameter> p : block.getParameters()) {
      NDArray weight = p.getValue().getArray();
      // Each call makes a new handle, which the weight's manager would keep.
      try (NDArray gradient = weight.getGradient()) {
        update.apply(p.getValue().getName(), weight, gradient);
      }
    }
    return results;
  }

  private NDList call(String method, boolean training, NDArray... arguments) {
    NDList list = new NDList(arguments);
    NDManager scope = arguments[0].getManager();
    if (method.equals("forward")) {
      return block.forward(new ParameterStore(scope, false), list, training);
    }
    try (NDArray tag = scope.create(0f)) {
      tag.setName("module_method:" + method);
      list.add(tag);
      return block.forward(new ParameterStore(scope, false), list, training);
    }
  }

  /** Copies every parameter and buffer to the heap, by the name it was defined under. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Pair<String, Parameter> p : block.getParameters()) {
      tensors.put(p.getValue().getName(), onHeap(p.getValue().getArray()));
    }
    try (NDManager scope = newManager()) {
      // DJL lists parameters only; the script itself hands out its buffers.
      NDList values = run(ScriptModule.BUFFERS, scope.create(0f));
      for (int i = 0; i < buffers.size(); i++) {
        tensors.put(buffers.get(i), onHeap(values.get(i)));
      }
    }
    return tensors;
  }

  private static Tensor onHeap(NDArray array) {
    return new Tensor(array.getShape().getShape().clone(), array.toFloatArray());
  }

  @Override
  public void close() {
    model.close();
  }
}
