package io.cnn2gnn.model.torch;

import static java.util.stream.Collectors.joining;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module written from Java: float32 tensors plus the methods of {@link Script}s, in
 * the archive that {@code torch.jit.save} produces. One native call runs a whole batch, with
 * autograd in training; no Python is involved.
 *
 * <p>The archive is a stored zip holding a protocol-2 pickle of the module object, its source, and
 * one little-endian storage per tensor. Names are identifiers chosen by this project, never input.
 */
public final class ScriptModule {
  private static final String CLASS = "Net";
  private static final String ROOT = "net/";

  /** The method that returns every buffer, in the order of {@link #bufferNames()}. */
  static final String BUFFERS = "buffers";

  private static final Script BUFFERS_SCRIPT = Script.of(ScriptModule.class, "buffers.py");
  private static final Script GROUPS_SCRIPT = Script.of(ScriptModule.class, "groups.py");

  private enum Role {
    PARAMETER,
    BUFFER,
    CONSTANT
  }

  private record Slot(Tensor tensor, Role role) {
    boolean trainable() {
      return role == Role.PARAMETER;
    }
  }

  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final StringBuilder methods = new StringBuilder();
  private final Map<String, byte[]> extra = new LinkedHashMap<>();

  /** Adds a trainable tensor, reachable in a script as {@code self.name}. */
  public ScriptModule parameter(String name, Tensor tensor) {
    return put(name, new Slot(tensor, Role.PARAMETER));
  }

  /** Adds a tensor that training does not update by gradient, such as running statistics. */
  public ScriptModule buffer(String name, Tensor tensor) {
    return put(name, new Slot(tensor, Role.BUFFER));
  }

  /** Adds a tensor that never changes and is not part of what the module learned. */
  public ScriptModule constant(String name, Tensor tensor) {
    return put(name, new Slot(tensor, Role.CONSTANT));
  }

  /** Adds a file that {@code torch.jit.load} hands out by its name and libtorch does not read. */
  public ScriptModule extra(String name, byte[] bytes) {
    extra.put(name, bytes.clone());
    return this;
  }

  /** Adds methods. */
  public ScriptModule methods(Script script) {
    methods.append(script.complete().indent(2));
    return this;
  }

  /** Adds the methods of files. */
  public ScriptModule methods(List<Script> scripts) {
    scripts.forEach(this::methods);
    return this;
  }

  /**
   * Adds a method that hands out tensors in groups, for a loop over parts of one kind.
   *
   * @param method its name
   * @param groups names of tensors that are defined
   */
  public ScriptModule groups(String method, List<List<String>> groups) {
    String lists = groups.stream().map(ScriptModule::list).collect(joining(", ", "[", "]"));
    return methods(GROUPS_SCRIPT.given("METHOD", method).given("TENSORS", lists));
  }

  private static String list(List<String> names) {
    return names.stream().map(name -> "self." + name).collect(joining(", ", "[", "]"));
  }

  private ScriptModule put(String name, Slot slot) {
    if (slots.putIfAbsent(name, slot) != null) {
      throw new IllegalArgumentException("tensor " + name + " is already defined");
    }
    return this;
  }

  List<String> bufferNames() {
    return slots.entrySet().stream()
        .filter(e -> e.getValue().role() == Role.BUFFER)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the archive, as libtorch reads it. */
  public byte[] toArchive() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      entry(zip, "data.pkl", pickle());
      entry(zip, "code/__torch__.py", source().getBytes(StandardCharsets.UTF_8));
      int index = 0;
      for (Slot slot : slots.values()) {
        entry(zip, "data/" + index++, littleEndian(slot.tensor().data()));
      }
      for (Map.Entry<String, byte[]> file : extra.entrySet()) {
        entry(zip, "extra/" + file.getKey(), file.getValue());
      }
      entry(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      entry(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
      entry(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private String source() {
    List<String> parameters = new ArrayList<>();
    List<String> buffers = new ArrayList<>();
    StringBuilder fields = new StringBuilder();
    slots.forEach(
        (name, slot) -> {
          (slot.trainable() ? parameters : buffers).add('"' + name + "\", ");
          fields.append("  ").append(name).append(" : Tensor\n");
        });
    return "class "
        + CLASS
        + "(Module):\n  __parameters__ = ["
        + String.join("", parameters)
        + "]\n  __buffers__ = ["
        + String.join("", buffers)
        + "]\n"
        + fields
        + "  training : bool\n"
        + methods
        + BUFFERS_SCRIPT.given("TENSORS", list(bufferNames())).complete().indent(2);
  }

  private byte[] pickle() {
    Pickle p = new Pickle();
    p.op(0x80, 2).global("__torch__", CLASS).op(')', 0x81).op('}', '(');
    int index = 0;
    for (Map.Entry<String, Slot> e : slots.entrySet()) {
      p.string(e.getKey());
      tensor(p, e.getValue(), index++);
    }
    // DJL takes a loaded module to be in training mode and switches only on a change.
    p.string("training").op(0x88).op('u', 'b', '.');
    return p.bytes();
  }

  private static void tensor(Pickle p, Slot slot, int index) {
    Tensor t = slot.tensor();
    p.global("torch._utils", "_rebuild_tensor_v2").op('(', '(').string("storage");
    p.global("torch", "FloatStorage").string(Integer.toString(index)).string("cpu");
    p.integer(t.data().length).op('t', 'Q').integer(0);
    p.op('(');
    for (long n : t.shape()) {
      p.integer(n);
    }
    p.op('t', '(');
    for (long n : t.strides()) {
      p.integer(n);
    }
    p.op('t').op(slot.trainable() ? 0x88 : 0x89);
    p.global("collections", "OrderedDict").op(')', 'R').op('t', 'R');
  }

  private static byte[] littleEndian(float[] data) {
    ByteBuffer b = ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(data);
    return b.array();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] data) throws IOException {
    ZipEntry e = new ZipEntry(ROOT + name);
    CRC32 crc = new CRC32();
    crc.update(data);
    e.setSize(data.length);
    e.setCompressedSize(data.length);
    e.setCrc(crc.getValue());
    zip.putNextEntry(e);
    zip.write(data);
    zip.closeEntry();
  }

  /** The few pickle opcodes that a module object needs. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle op(int... codes) {
      for (int code : codes) {
        out.write(code);
      }
      return this;
    }

    Pickle global(String module, String name) {
      out.write('c');
      out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
      return this;
    }

    Pickle string(String s) {
      byte[] b = s.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      int32(b.length);
      out.writeBytes(b);
      return this;
    }

    Pickle integer(long v) {
      if (v >= 0 && v < 256) {
        return op('K', (int) v);
      }
      out.write('J');
      int32(Math.toIntExact(v));
      return this;
    }

    private void int32(int v) {
      op(v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >> 24) & 255);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
