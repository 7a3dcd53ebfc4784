package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.avro.Image;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.context.strategy.ContextNameStrategy;
import io.confluent.kafka.serializers.subject.RecordNameStrategy;
import io.confluent.kafka.serializers.subject.TopicRecordNameStrategy;
import io.confluent.kafka.serializers.subject.strategy.SubjectNameStrategy;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class SubjectNamesTest {
  private static final String IMAGE = Image.getClassSchema().getFullName();

  private static SchemaRegistryClient client(String url, String... settings) {
    Map<String, String> config = new HashMap<>(Map.of("schema.registry.url", url));
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    return SchemaRegistries.create(config);
  }

  private static SubjectNames names(String... settings) {
    return SubjectNames.of(client("http://localhost:1", settings));
  }

  private static String subject(SubjectNames names) {
    return names.of("frames", Image.getClassSchema());
  }

  /** A strategy of somebody's own. */
  public static final class OurStrategy implements SubjectNameStrategy {
    @Override
    public String subjectName(String topic, boolean isKey, ParsedSchema schema) {
      return topic.equals("nowhere") ? null : "ours." + topic;
    }

    @Override
    public void configure(Map<String, ?> configs) {}
  }

  /** A context of somebody's own. */
  public static final class OurContext implements ContextNameStrategy {
    @Override
    public String contextName(String topic) {
      return "lab";
    }

    @Override
    public void configure(Map<String, ?> configs) {}
  }

  @Test
  void areTheTopicsUnlessSomebodySaysOtherwise() {
    assertThat(subject(names())).isEqualTo("frames-value");
    assertThat(names().ofIds("frames")).contains("frames-value");
    assertThat(subject(SubjectNames.of(new MockSchemaRegistryClient()))).isEqualTo("frames-value");
  }

  @Test
  void followTheStrategyOfTheConfiguration() {
    String key = "value.subject.name.strategy";
    SubjectNames records = names(key, RecordNameStrategy.class.getName());
    assertThat(subject(records)).isEqualTo(IMAGE);
    assertThat(records.ofIds("frames")).isEmpty();
    assertThat(subject(names(key, TopicRecordNameStrategy.class.getName())))
        .isEqualTo("frames-" + IMAGE);
    SubjectNames ours = names(key, OurStrategy.class.getName());
    assertThat(subject(ours)).isEqualTo("ours.frames");
    assertThat(ours.ofIds("frames")).contains("ours.frames");
  }

  @Test
  void areWithinTheContextOfTheConfiguration() {
    String key = "context.name.strategy";
    SubjectNames ours = names(key, OurContext.class.getName());
    assertThat(subject(ours)).isEqualTo(":.lab:frames-value");
    assertThat(ours.ofIds("frames")).contains(":.lab:frames-value");
    assertThat(
            names(
                    key,
                    OurContext.class.getName(),
                    "value.subject.name.strategy",
                    RecordNameStrategy.class.getName())
                .ofIds("frames"))
        .contains(":.lab:");
  }

  @Test
  void nameTheKeyOfAStrategyThatIsNone() {
    for (String wrong : new String[] {"no.such.Strategy", String.class.getName()}) {
      assertThatThrownBy(() -> names("value.subject.name.strategy", wrong))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("value.subject.name.strategy");
    }
    SubjectNames ours = names("value.subject.name.strategy", OurStrategy.class.getName());
    assertThatThrownBy(() -> ours.of("nowhere", Image.getClassSchema()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("value.subject.name.strategy")
        .hasMessageContaining("nowhere");
  }

  @Test
  void areThoseUnderWhichSchemasAreRegisteredLookedUpAndRead() throws Exception {
    String found = "{\"subject\":\"s\",\"version\":1,\"id\":9,\"schema\":\"{}\"}";
    try (StubRegistry stub =
        new StubRegistry()
            .answer("GET /config/" + IMAGE, 200, "{\"compatibilityLevel\":\"FULL\"}")
            .answer("POST /subjects/" + IMAGE + "/versions", 200, "{\"id\":7}")
            .answer("POST /subjects/" + IMAGE, 200, found)) {
      String[] strategy = {"value.subject.name.strategy", RecordNameStrategy.class.getName()};
      SchemaRegistries.ensureBackward(client(stub.url(), strategy), "images", Image.class);
      byte[] value =
          new WireWriter<>(client(stub.url(), strategy), "images", Image.class, true)
              .write(Samples.image());
      assertThat(value).startsWith(0, 0, 0, 0, 7);
      assertThat(
              new WireWriter<>(client(stub.url(), strategy), "images", Image.class, false)
                  .write(Samples.image()))
          .startsWith(0, 0, 0, 0, 9);
      stub.answer(
          "GET /schemas/ids/7", 200, StubRegistry.schema(Image.getClassSchema().toString()));
      assertThat(
              new WireReader<>(client(stub.url(), strategy), "images", Image.class)
                  .read(new RecordHeaders(), value))
          .isEqualTo(Samples.image());
      assertThat(stub.queries().get(stub.queries().size() - 1)).endsWith("subject=");
    }
  }
}
