package io.cnn2gnn.cli.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.io.BufferedWriter;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelFileTest {
  static final LabelDefaults DEFAULTS =
      new LabelDefaults(
          "ann",
          LabelKind.TRUTH,
          Instant.parse("2026-11-29T10:00:00Z"),
          Optional.empty(),
          "images");

  @TempDir private Path folder;
  private final Faults faults = new Faults();

  private List<LabelRequest> parse(String text) throws Exception {
    return LabelFile.parse(new StringReader(text), DEFAULTS, faults).requests();
  }

  private List<LabelRequest> read(byte[] bytes) throws Exception {
    return LabelFile.read(Files.write(folder.resolve("l.csv"), bytes), DEFAULTS, faults).requests();
  }

  @Test
  void aLineOfThreeColumnsHasTheDefaultsOfTheCommand() throws Exception {
    LabelRequest request = parse("source,imageId,label\ncam,img 1,Bag\n").get(0);
    assertThat(request.origin()).isEqualTo("line 2");
    assertThat(request.image().source().orElseThrow())
        .isEqualTo("cam".getBytes(StandardCharsets.UTF_8));
    assertThat(request.partition()).isEmpty();
    assertThat(request.label()).isEqualTo(DEFAULTS.label("img 1", Optional.of("Bag")).build());
  }

  @Test
  void aLineOfAllColumnsInAnyOrderSaysAllItself() throws Exception {
    Label label =
        parse(
                """
                offset,partition,labelledAt,comment,kind,labelledBy,label,imageId,source
                71,1,2026-11-01T12:00:00.5+02:00,"a ""bag"", surely",Correction,bob,Bag,i,s
                """)
            .get(0)
            .label();
    assertThat(label.getImage()).isEqualTo(new LabelledImage("images", 1, 71L));
    assertThat(label.getLabelledAt()).isEqualTo(Instant.parse("2026-11-01T10:00:00.5Z"));
    assertThat(label.getComment()).isEqualTo("a \"bag\", surely");
    assertThat(label.getKind()).isEqualTo(LabelKind.CORRECTION);
    assertThat(label.getLabelledBy()).isEqualTo("bob");
  }

  @Test
  void whatALineLeavesEmptyHasTheDefault() throws Exception {
    LabelRequest request =
        parse(
                """
                source,imageId,label,labelledBy,kind,comment,labelledAt,partition,offset
                s,i,Bag,,,,,,
                """)
            .get(0);
    assertThat(request.label()).isEqualTo(DEFAULTS.label("i", Optional.of("Bag")).build());
  }

  @Test
  void byteOrderMarkCrLfEmptyLinesAndQuotedLineEndsAreRead() throws Exception {
    String text =
        "\ufeff\"source\",imageId,label\r\n\r\n\"c,1\",\"two\r\nlines\",\"T-shirt, \"\"top\"\"\""
            + "\r\n  \r\nk\u00e4fer,\u7c89 id,\u00c4rmel";
    List<LabelRequest> requests = read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(faults.all()).isEmpty();
    assertThat(requests).extracting(LabelRequest::origin).containsExactly("line 3", "line 6");
    assertThat(requests)
        .extracting(r -> r.image().id())
        .containsExactly("two\r\nlines", "\u7c89 id");
    assertThat(requests)
        .extracting(r -> r.label().getLabel())
        .containsExactly("T-shirt, \"top\"", "\u00c4rmel");
    assertThat(requests.get(0).image().toString()).startsWith("c,1/");
  }

  @Test
  void spacesOfASourceStayForTheyAreItsOwn() throws Exception {
    assertThat(parse("source,imageId,label\n  cam , i,Bag\n").get(0).image().toString())
        .isEqualTo("  cam / i");
  }

  @Test
  void everyBadLineIsNamedWithItsNumberAndReason() throws Exception {
    String text =
        """
        source,imageId,label,labelledBy,kind,labelledAt,partition,offset
        s,,Bag,,,,,
        s,i,,,,,,
        s,i,Ba\u0007g,,,,,
        s,i,Bag,b\u202eob,,,,
        s,i,Bag,,true,,,
        s,i,Bag,,,yesterday,,
        s,i,Bag,,,2026-11-01T12:00:00,,
        s,i,Bag,,,+12026-11-01T12:00:00Z,,
        s,i,Bag,,,,1,
        s,i,Bag,,,,-1,5
        s,i,Bag,,,,1,5.0
        s,i,Bag,,,,2147483648,5
        s,i,Bag
        s,%s,Bag,,,,,
        s,i,good,,,,,
        """
            .formatted("x".repeat(513));
    assertThat(parse(text)).extracting(r -> r.label().getLabel()).containsExactly("good");
    assertThat(faults.all())
        .satisfiesExactly(
            f -> assertThat(f).startsWith("line 2: ").contains("id must have 1 to 512"),
            f -> assertThat(f).startsWith("line 3: ").contains("a label must have 1 to 512"),
            f ->
                assertThat(f)
                    .startsWith("line 4: ")
                    .contains("a label")
                    .contains("control character"),
            f -> assertThat(f).startsWith("line 5: ").contains("labelledBy").contains("hidden"),
            f -> assertThat(f).startsWith("line 6: ").contains("truth or correction", "'true'"),
            f -> assertThat(f).startsWith("line 7: ").contains("labelledAt", "'yesterday'"),
            f -> assertThat(f).startsWith("line 8: ").contains("with its zone"),
            f -> assertThat(f).startsWith("line 9: ").contains("between 1970 and 9999"),
            f -> assertThat(f).startsWith("line 10: ").contains("belong together"),
            f -> assertThat(f).startsWith("line 11: ").contains("partition must be", "'-1'"),
            f -> assertThat(f).startsWith("line 12: ").contains("offset must be", "'5.0'"),
            f -> assertThat(f).startsWith("line 13: ").contains("partition must be"),
            f -> assertThat(f).startsWith("line 14: ").contains("3 fields, the header 8"),
            f -> assertThat(f).startsWith("line 15: ").contains("id must have 1 to 512"));
    assertThatThrownBy(() -> faults.end("l.csv"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("l.csv: 14 faults above, and nothing was sent");
  }

  @Test
  void aHeaderThatCannotBeUsedIsNamedAndNothingBehindItIsRead() throws Exception {
    assertThat(parse("source;imageId;label\ns;i;Bag\n")).isEmpty();
    assertThat(faults.all())
        .anyMatch(f -> f.contains("column 'source;imageId;label' means nothing"))
        .anyMatch(f -> f.contains("no column label, separated by commas"))
        .allMatch(f -> f.startsWith("line 1: "));
  }

  @Test
  void missingDoubledAndUnknownColumnsAreNamed() throws Exception {
    assertThat(parse("\nsource,label,label,labeledBy\n")).isEmpty();
    assertThat(faults.all())
        .anyMatch(f -> f.contains("no column imageId"))
        .anyMatch(f -> f.contains("two columns label"))
        .anyMatch(f -> f.contains("'labeledBy' means nothing"))
        .allMatch(f -> f.startsWith("line 2: "));
  }

  @Test
  void anEmptyFileHasNoHeader() throws Exception {
    assertThat(parse("")).isEmpty();
    assertThat(faults.all()).singleElement().asString().contains("there is no header");
  }

  @Test
  void aQuoteThatIsLeftOpenIsNamedWithTheLineItBeginsIn() throws Exception {
    String rest = "s,i,Bag\n".repeat(20_000);
    assertThat(parse("source,imageId,label\ns,i,Bag\ns,\"i,Bag\n" + rest)).hasSize(1);
    assertThat(faults.all()).singleElement().asString().startsWith("line 3: no CSV");
  }

  @Test
  void aQuoteThatIsNotDoubledIsNamed() throws Exception {
    parse("source,imageId,label\ns,\"a\"b\",Bag\n");
    assertThat(faults.all()).singleElement().asString().startsWith("line 2: no CSV");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] latin = "source,imageId,label\ns,i,\u00c4rmel\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> read(latin)).hasMessageContaining("save it as UTF-8");
    byte[] wide = "source,imageId,label\ns,i,Bag\n".getBytes(StandardCharsets.UTF_16);
    assertThatThrownBy(() -> read(wide)).hasMessageContaining("save it as UTF-8");
    assertThatThrownBy(() -> LabelFile.read(folder.resolve("nowhere.csv"), DEFAULTS, new Faults()))
        .hasMessageContaining("there is no file");
  }

  @Test
  void aHundredThousandLinesAreReadWithinLittleMemory() throws Exception {
    Path file = folder.resolve("many.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("source,imageId,label\n");
      for (int i = 0; i < 100_000; i++) {
        out.write("camera-" + i % 100 + ",image-" + i + ",Bag\n");
      }
    }
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();
    List<LabelRequest> requests = LabelFile.read(file, DEFAULTS, faults).requests();
    System.gc();
    long held = runtime.totalMemory() - runtime.freeMemory() - before;
    assertThat(requests).hasSize(100_000);
    assertThat(requests.get(99_999).origin()).isEqualTo("line 100001");
    assertThat(held).isLessThan(100L << 20);
  }
}
