package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Writes a {@link Teacher} of the CIFAR form, freshly initialised, as an ONNX file: the same net as
 * its TorchScript. It takes {@value #IMAGE} as float32 [n, channels, height, width] of samples in
 * [0, 1] and gives {@value #LOGITS} as [n, classes].
 */
final class OnnxResNet {
  static final String IMAGE = "image";
  static final String LOGITS = "logits";

  private static final double BATCH_NORM_EPSILON = 1e-5;
  private static final int STAGES = 3;
  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 13;

  /** Fields and constants of onnx.proto. */
  private static final class Field {
    static final int FLOAT = 1;
    static final int INTS = 7;

    static final int MODEL_IR_VERSION = 1;
    static final int MODEL_GRAPH = 7;
    static final int MODEL_OPERATORS = 8;
    static final int OPERATORS_VERSION = 2;

    static final int GRAPH_NODE = 1;
    static final int GRAPH_NAME = 2;
    static final int GRAPH_INITIALIZER = 5;
    static final int GRAPH_INPUT = 11;
    static final int GRAPH_OUTPUT = 12;

    static final int NODE_INPUT = 1;
    static final int NODE_OUTPUT = 2;
    static final int NODE_OPERATOR = 4;
    static final int NODE_ATTRIBUTE = 5;

    static final int ATTRIBUTE_NAME = 1;
    static final int ATTRIBUTE_INTS = 8;
    static final int ATTRIBUTE_TYPE = 20;

    static final int TENSOR_EXTENT = 1;
    static final int TENSOR_TYPE = 2;
    static final int TENSOR_NAME = 8;
    static final int TENSOR_RAW = 9;

    private Field() {}
  }

  private final Map<String, Tensor> tensors;
  private final Protobuf graph = new Protobuf().text(Field.GRAPH_NAME, "resnet");
  private int values;

  private OnnxResNet(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** The file. */
  static byte[] of(Teacher.Spec spec, long seed) {
    Map<String, Tensor> tensors = Teacher.initial(spec, seed);
    if (!tensors.containsKey(block(0, 0) + "_2") || tensors.containsKey(block(STAGES, 0) + "_1")) {
      throw new IllegalArgumentException("only the CIFAR form is written: " + spec.name());
    }
    return new OnnxResNet(tensors).model(spec);
  }

  private static String block(int stage, int block) {
    return "s" + stage + "b" + block;
  }

  private byte[] model(Teacher.Spec spec) {
    InputSpec input = spec.input();
    float[] mean = new float[input.channels()];
    float[] scale = new float[input.channels()];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = input.mean().get(c);
      scale[c] = 1 / input.deviation().get(c);
    }
    constant("mean", new Tensor(new long[] {1, mean.length, 1, 1}, mean));
    constant("scale", new Tensor(new long[] {1, scale.length, 1, 1}, scale));
    String x = node("Mul", node("Sub", IMAGE, "mean"), "scale");
    x = node("Relu", convolution("conv", 1, x));
    for (int stage = 0; stage < STAGES; stage++) {
      for (int b = 0; tensors.containsKey(block(stage, b) + "_1"); b++) {
        String name = block(stage, b);
        int stride = stage > 0 && b == 0 ? 2 : 1;
        String y = node("Relu", convolution(name + "_1", stride, x));
        y = convolution(name + "_2", 1, y);
        String skip =
            tensors.containsKey(name + "_skip") ? convolution(name + "_skip", stride, x) : x;
        x = node("Relu", node("Add", y, skip));
      }
    }
    constant("w", tensors.get("w"));
    constant("b", tensors.get("b"));
    x = node("Flatten", node("GlobalAveragePool", x));
    graph.message(Field.GRAPH_NODE, operator("Gemm", x, "w", "b").text(Field.NODE_OUTPUT, LOGITS));
    graph.message(Field.GRAPH_INPUT, value(IMAGE, input.channels(), input.height(), input.width()));
    graph.message(Field.GRAPH_OUTPUT, value(LOGITS, spec.classes()));
    return new Protobuf()
        .number(Field.MODEL_IR_VERSION, IR_VERSION)
        .message(Field.MODEL_GRAPH, graph)
        .message(Field.MODEL_OPERATORS, new Protobuf().number(Field.OPERATORS_VERSION, OPERATORS))
        .toBytes();
  }

  /** A convolution with its fresh batch norm folded into it, which only scales. */
  private String convolution(String name, int stride, String from) {
    Tensor weights = tensors.get(name);
    long[] shape = weights.shape();
    float[] folded = weights.data().clone();
    for (int i = 0; i < folded.length; i++) {
      folded[i] = (float) (folded[i] / Math.sqrt(1 + BATCH_NORM_EPSILON));
    }
    constant(name, new Tensor(shape, folded));
    constant(name + "_bias", Tensor.filled(0, shape[0]));
    long side = shape[2];
    String to = "v" + values++;
    graph.message(
        Field.GRAPH_NODE,
        operator("Conv", from, name, name + "_bias")
            .text(Field.NODE_OUTPUT, to)
            .message(Field.NODE_ATTRIBUTE, attribute("kernel_shape", side, 2))
            .message(Field.NODE_ATTRIBUTE, attribute("strides", stride, 2))
            .message(Field.NODE_ATTRIBUTE, attribute("pads", side / 2, 4)));
    return to;
  }

  /** Adds a node and returns the name of what it makes. */
  private String node(String operator, String... inputs) {
    String to = "v" + values++;
    graph.message(Field.GRAPH_NODE, operator(operator, inputs).text(Field.NODE_OUTPUT, to));
    return to;
  }

  private static Protobuf operator(String name, String... inputs) {
    Protobuf node = new Protobuf();
    for (String input : inputs) {
      node.text(Field.NODE_INPUT, input);
    }
    return node.text(Field.NODE_OPERATOR, name);
  }

  /** The same number so many times. */
  private static Protobuf attribute(String name, long value, int times) {
    Protobuf attribute = new Protobuf().text(Field.ATTRIBUTE_NAME, name);
    for (int i = 0; i < times; i++) {
      attribute.number(Field.ATTRIBUTE_INTS, value);
    }
    return attribute.number(Field.ATTRIBUTE_TYPE, Field.INTS);
  }

  private void constant(String name, Tensor tensor) {
    ByteBuffer raw =
        ByteBuffer.allocate(Float.BYTES * tensor.data().length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(tensor.data());
    Protobuf message = new Protobuf();
    for (long extent : tensor.shape()) {
      message.number(Field.TENSOR_EXTENT, extent);
    }
    graph.message(
        Field.GRAPH_INITIALIZER,
        message
            .number(Field.TENSOR_TYPE, Field.FLOAT)
            .text(Field.TENSOR_NAME, name)
            .bytes(Field.TENSOR_RAW, raw.array()));
  }

  /** ValueInfoProto: name, and a type that is a tensor of floats, its first extent open. */
  private static Protobuf value(String name, long... extents) {
    Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "n"));
    for (long extent : extents) {
      shape.message(1, new Protobuf().number(1, extent));
    }
    Protobuf tensor = new Protobuf().number(1, Field.FLOAT).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }
}
