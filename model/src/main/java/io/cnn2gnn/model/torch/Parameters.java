package io.cnn2gnn.model.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * All tensors of a network, in the order in which they are initialised.
 *
 * @param all distinct names
 */
public record Parameters(List<Parameter> all) {
  public Parameters {
    all = List.copyOf(all);
  }

  /** Those of its parts, one part after the other. */
  public static Parameters of(List<? extends NetworkPart> parts) {
    return new Parameters(parts.stream().flatMap(part -> part.parameters().stream()).toList());
  }

  /** Freshly initialised tensors, by name. */
  public Map<String, Tensor> initial(long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    all.forEach(p -> tensors.put(p.name(), p.initial().of(random, p.shape())));
    return tensors;
  }

  /**
   * Checks that tensors are these. None is made for it: a stranger's card may claim gigabytes.
   *
   * @throws IllegalArgumentException naming a tensor that is missing, superfluous or misshapen
   */
  public void check(Map<String, Tensor> tensors) {
    List<String> names = all.stream().map(Parameter::name).toList();
    if (!Set.copyOf(names).equals(tensors.keySet())) {
      throw new IllegalArgumentException("tensors " + tensors.keySet() + " are not " + names);
    }
    for (Parameter p : all) {
      Tensor tensor = tensors.get(p.name());
      if (!Arrays.equals(p.shape(), tensor.shape())) {
        throw new IllegalArgumentException(
            "tensor %s: %s, expected shape %s"
                .formatted(p.name(), tensor, Arrays.toString(p.shape())));
      }
    }
  }

  /** Adds them to a module: those that learn as its parameters, the others as buffers. */
  public ScriptModule define(ScriptModule module, Map<String, Tensor> tensors) {
    for (Parameter p : all) {
      if (p.learns()) {
        module.parameter(p.name(), tensors.get(p.name()));
      } else {
        module.buffer(p.name(), tensors.get(p.name()));
      }
    }
    return module;
  }
}
