package io.cnn2gnn.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  @TempDir private Path folder;

  /** A file of this header and 16 bytes of values. */
  private static byte[] file(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + 16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void readsBackWhatItWrote() {
    Map<String, Tensor> tensors =
        Map.of("a", Tensor.filled(1, 2, 3), "b", Tensor.filled(2), "c", Tensor.filled(0, 4, 0));
    assertThat(SafeTensors.read(SafeTensors.write(tensors))).isEqualTo(tensors);
  }

  @Test
  void aFileThatIsWrittenInManyPiecesIsReadBack() throws IOException {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("small", Tensor.filled(3, 5));
    tensors.put("large", new Tensor(new long[] {values.length}, values));
    tensors.put("last", Tensor.filled(4, 2));
    Path file = folder.resolve("model.safetensors");
    AtomicFile.write(file, out -> SafeTensors.write(tensors, out));
    assertThat(SafeTensors.read(file)).isEqualTo(tensors);
    assertThat(SafeTensors.digest(tensors)).isEqualTo(Sha256.hex(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{'dtype':'F32','shape':4,'data_offsets':[0,16]}}",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0]}}",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':7}}",
        "{'a':{'dtype':'F32','shape':[[]],'data_offsets':[0,16]}}",
        "{'a':{'dtype':'F32','shape':[4611686018427387908],'data_offsets':[0,16]}}",
        "{'a':{'dtype':'F32','shape':[1e999999999],'data_offsets':[0,16]}}",
        "{'a':{'dtype':'F32'}}",
        "{'a':[]}",
        "[]"
      })
  void refusesAMalformedHeader(String header) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafeTensors.read(file(header.replace('\'', '"'))));
  }

  @Test
  void refusesTensorsThatNameTheSameBytes() {
    String tensor = "{'dtype':'F32','shape':[4],'data_offsets':[0,16]}".replace('\'', '"');
    assertThat(SafeTensors.read(file("{\"a\":" + tensor + "}"))).containsOnlyKeys("a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafeTensors.read(file("{\"a\":" + tensor + ",\"b\":" + tensor + "}")))
        .withMessage("safetensors: b overlaps another");
  }
}
