package io.cnn2gnn.model.torch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;

/**
 * The door to DJL's PyTorch engine. Everything of this project that needs the engine comes through
 * here, so that it is always started offline (DJL would otherwise call home) and with one intra-op
 * thread unless the user said otherwise: parallelism comes from stream threads, and spinning OpenMP
 * threads on shared cores were measured sixteen times slower than one.
 */
public final class Torch {
  private static final String ENGINE = "PyTorch";

  static {
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("ai.djl.default_engine", ENGINE);
    setDefault("ai.djl.pytorch.num_threads", "1");
    // The profiling executor compiles a graph for the shapes of its first calls, so what a run
    // computes, to the last bit, would depend on where it began; and the first calls are slow.
    setDefault("ai.djl.pytorch.graph_optimizer", "false");
  }

  private Torch() {}

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Resolves a device name.
   *
   * @param name {@code auto} (a GPU when there is one), {@code cpu} or {@code gpu}
   * @throws IllegalArgumentException for another name, or {@code gpu} where there is none
   */
  public static Device device(String name) {
    return switch (name) {
      case "cpu" -> Device.cpu();
      case "auto" -> Engine.getEngine(ENGINE).defaultDevice();
      case "gpu" -> {
        if (Engine.getEngine(ENGINE).getGpuCount() == 0) {
          throw new IllegalArgumentException(
              "device gpu was asked for, but the engine sees none: build with -Pgpu, install the"
                  + " CUDA 12.4 runtime, or use device auto");
        }
        yield Device.gpu();
      }
      default ->
          throw new IllegalArgumentException(
              "device '" + name + "' is not one of auto, cpu and gpu");
    };
  }

  static Model newModel(String name, Device device) {
    return Model.newInstance(name, device, ENGINE);
  }
}
