package io.cnn2gnn.cli.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Label;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelStudioExportTest {
  private static final String CHOICE =
      "{\"type\":\"choices\",\"from_name\":\"c\",\"value\":{\"choices\":[\"%s\"]}}";

  @TempDir private Path folder;
  private final Faults faults = new Faults();

  private LabelList read(String json, String source, String id) throws Exception {
    Path file = Files.write(folder.resolve("export.json"), json.getBytes(StandardCharsets.UTF_8));
    return LabelStudioExport.read(
        file, new LabelStudioExport.Fields(source, id), LabelFileTest.DEFAULTS, faults);
  }

  private LabelList read(String json) throws Exception {
    return read(json, "source", "imageId");
  }

  private static String task(int id, String... annotations) {
    return """
        {"id": %d, "data": {"source": "cam", "imageId": "i%d", "image": "/x.png"},
         "annotations": [%s], "predictions": []}"""
        .formatted(id, id, String.join(",", annotations));
  }

  private static String annotation(String more, String... results) {
    return "{\"id\": 9, \"result\": [%s]%s}".formatted(String.join(",", results), more);
  }

  private static String chosen(String label, String more) {
    return annotation(more, CHOICE.formatted(label));
  }

  @Test
  void whoChoseWhatAndWhenComesFromTheAnnotation() throws Exception {
    LabelList list =
        read(
            "\ufeff["
                + task(
                    1,
                    chosen(
                        "Bag",
                        ",\"was_cancelled\":false,\"created_at\":\"2026-11-01T10:00:00.123456Z\","
                            + "\"completed_by\":{\"id\":3,\"email\":\"ann@example.org\"}"))
                + ","
                + task(2, chosen("Sandal \\u00e4", ",\"completed_by\":7"))
                + "]");
    assertThat(faults.all()).isEmpty();
    Label first = list.requests().get(0).label();
    assertThat(first.getLabel()).isEqualTo("Bag");
    assertThat(first.getLabelledBy()).isEqualTo("ann@example.org");
    assertThat(first.getLabelledAt()).isEqualTo(Instant.parse("2026-11-01T10:00:00.123456Z"));
    assertThat(list.requests().get(0).image().toString()).isEqualTo("cam/i1");
    Label second = list.requests().get(1).label();
    assertThat(second.getLabel()).isEqualTo("Sandal \u00e4");
    assertThat(second.getLabelledBy()).isEqualTo("label-studio user 7");
    assertThat(second.getLabelledAt()).isEqualTo(LabelFileTest.DEFAULTS.at());
  }

  @Test
  void theLastAnnotationThatWasNotCancelledCounts() throws Exception {
    String early = ",\"created_at\":\"2026-11-01T10:00:00Z\"";
    String late = ",\"created_at\":\"2026-11-02T10:00:00Z\"";
    LabelList list =
        read(
            "["
                + task(1, chosen("a", ""), chosen("b", ""), chosen("c", ",\"was_cancelled\":true"))
                + ","
                + task(2, chosen("new", late), chosen("old", early))
                + "]");
    assertThat(list.requests()).extracting(r -> r.label().getLabel()).containsExactly("b", "new");
  }

  @Test
  void tasksThatNobodyAnnotatedAreCountedAndPassedOver() throws Exception {
    LabelList list =
        read(
            "["
                + task(1)
                + ","
                + task(2, chosen("a", ",\"was_cancelled\":true"))
                + ","
                + task(3, chosen("b", ""))
                + "]");
    assertThat(list.unlabelled()).isEqualTo(2);
    assertThat(list.requests()).hasSize(1);
    assertThat(faults.all()).isEmpty();
  }

  @Test
  void tasksThatCannotBeTakenAreNamedAllAtOnce() throws Exception {
    String json =
        "["
            + task(1, annotation("", CHOICE.formatted("a"), CHOICE.formatted("b")))
            + ","
            + task(2, annotation("", "{\"type\":\"rectanglelabels\",\"value\":{\"x\":1}}"))
            + ","
            + task(3, annotation("", "{\"type\":\"choices\",\"value\":\"Bag\"}", "7", "null"))
            + ","
            + task(4, chosen("Ba\\u0007g", ""))
            + ","
            + task(5, chosen("Bag", ",\"created_at\":\"soon\""))
            + ",{\"id\":6,\"source\":\"cam\",\"choice\":\"Bag\"},17]";
    assertThat(read(json).requests()).isEmpty();
    assertThat(faults.all())
        .satisfiesExactly(
            f -> assertThat(f).startsWith("task 1: ").contains("2 choices", "a, b"),
            f -> assertThat(f).startsWith("task 2: ").contains("no result of type choices"),
            f -> assertThat(f).startsWith("task 3: ").contains("no result of type choices"),
            f -> assertThat(f).startsWith("task 4: ").contains("control character"),
            f -> assertThat(f).startsWith("task 5: ").contains("created_at", "'soon'"),
            f -> assertThat(f).startsWith("task number 6: ").contains("not JSON_MIN"),
            f -> assertThat(f).startsWith("task number 7: ").contains("not JSON_MIN"));
  }

  @Test
  void otherFieldsOfTheDataMayNameTheImage() throws Exception {
    String json = "[" + task(1, chosen("Bag", "")).replace("imageId", "key") + "]";
    assertThat(read(json, "source", "key").requests().get(0).image().id()).isEqualTo("i1");
    read(json);
    assertThat(faults.all())
        .singleElement()
        .asString()
        .isEqualTo("task 1: its data has no field 'imageId': --id-field says which one it is");
  }

  @Test
  void whatIsNoExportIsRefusedWhole() {
    for (String text :
        new String[] {
          "",
          "{}",
          "[",
          "[{]",
          "[] []",
          "[{\"id\":1",
          "source,imageId,label\n",
          "[" + "[".repeat(5_000)
        }) {
      assertThatThrownBy(() -> read(text))
          .as(text)
          .isInstanceOf(io.cnn2gnn.cli.kit.CliException.class)
          .hasMessageContaining("export.json is no JSON export of Label Studio");
    }
  }
}
