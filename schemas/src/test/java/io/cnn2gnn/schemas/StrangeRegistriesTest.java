package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.avro.Image;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A good record is read or waits, whatever the registry and what stands before it answer. */
class StrangeRegistriesTest {
  private static final String ID = "GET /schemas/ids/1";
  private static final String CONFIG = "GET /config";
  private static final String TYPES = "GET /schemas/types";
  private static final String MISSING = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
  private static final String NO_SUBJECT = "{\"error_code\":40401,\"message\":\"no subject\"}";
  private static final String SCHEMA = StubRegistry.schema(Image.getClassSchema().toString());
  private static final UUID GUID = UUID.fromString("0194a7d2-8a2f-7c61-bf0a-5d1c6d2f4b11");
  private static final String GUID_PAGE = "GET /schemas/guids/" + GUID;
  private static final byte[] IMAGE =
      new WireWriter<>(new MockSchemaRegistryClient(), "images", Image.class, true)
          .write(Samples.image());
  private static final byte[] BARE = Arrays.copyOfRange(IMAGE, SchemaId.ID_BYTES, IMAGE.length);

  private StubRegistry stub;

  @BeforeEach
  void open() throws IOException {
    stub = new StubRegistry();
  }

  @AfterEach
  void close() {
    stub.close();
  }

  private WireReader<Image> reader(String... settings) {
    return new WireReader<>(client(settings), "images", Image.class);
  }

  private SchemaRegistryClient client(String... settings) {
    Map<String, String> config = new HashMap<>(Map.of("schema.registry.url", stub.url()));
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    return SchemaRegistries.create(config);
  }

  private static Headers headers(byte[] id) {
    return new RecordHeaders().add(SchemaId.HEADER, id);
  }

  private static byte[] guid() {
    return ByteBuffer.allocate(SchemaId.GUID_BYTES)
        .put(SchemaId.GUID_FOLLOWS)
        .putLong(GUID.getMostSignificantBits())
        .putLong(GUID.getLeastSignificantBits())
        .array();
  }

  private static UnreadableRecordException refused(
      WireReader<?> reader, Headers headers, byte[] value) {
    return catchThrowableOfType(UnreadableRecordException.class, () -> reader.read(headers, value));
  }

  private static void waits(WireReader<?> reader, Headers headers, byte[] value) {
    assertThatThrownBy(() -> reader.read(headers, value))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageNotContaining("\n")
        .message()
        .isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | <html>Log in</html>",
        "200 | ''",
        "200 | null",
        "200 | {}",
        "200 | []",
        "200 | {\"schema\":\"\"}",
        "204 | ''",
        "302 | ''",
        "401 | ''",
        "401 | {\"error_code\":40101,\"message\":\"Unauthorized\"}",
        "403 | ''",
        "403 | {\"error_code\":40301,\"message\":\"denied\"}",
        "404 | ''",
        "404 | <html>no route</html>",
        "404 | {\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}",
        "404 | {\"error\":\"not found\"}",
        "404 | null",
        "404 | []",
        "410 | ''",
        "429 | ''",
        "500 | {\"error_code\":50001,\"message\":\"store\"}",
        "502 | <html>bad gateway</html>",
        "503 | ''",
      })
  void anAnswerThatIsNotTheRegistrysOwnIsWaitedOut(int status, String body) throws Exception {
    stub.answer(ID, status, body);
    WireReader<Image> reader = reader();
    waits(reader, new RecordHeaders(), IMAGE);
    stub.answer(ID, 200, SCHEMA);
    assertThat(reader.read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
  }

  @ParameterizedTest
  @ValueSource(ints = {40402, 40403})
  void onlyTheRegistrysOwnWordMakesAnIdUnknown(int code) {
    stub.answer(ID, 404, "{\"error_code\":%d,\"message\":\"no\"}".formatted(code));
    assertThat(refused(reader(), new RecordHeaders(), IMAGE).reason())
        .isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
  }

  @Test
  void aReferenceThatCannotBeHadIsWaitedFor() throws Exception {
    String whole = Image.getClassSchema().toString();
    String inline =
        Image.getClassSchema().getField("content").schema().getTypes().get(0).toString();
    String within = inline.replace("\"namespace\":\"io.cnn2gnn.schemas.avro\",", "");
    assertThat(whole).contains(within);
    String referring = whole.replace(within, "\"io.cnn2gnn.schemas.avro.InlineImage\"");
    String answer =
        StubRegistry.schema(referring)
            .replaceFirst(
                "^\\{",
                "{\"references\":[{\"name\":\"io.cnn2gnn.schemas.avro.InlineImage\","
                    + "\"subject\":\"inline\",\"version\":1}],");
    stub.answer(ID, 200, answer).answer("GET /subjects/inline/versions/1", 503, "");
    WireReader<Image> reader = reader();
    waits(reader, new RecordHeaders(), IMAGE);
    stub.answer(
        "GET /subjects/inline/versions/1",
        200,
        StubRegistry.schema(inline)
            .replaceFirst("^\\{", "{\"subject\":\"inline\",\"version\":1,\"id\":7,"));
    assertThat(reader.read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\\\"type\\\":\\\"rocket\\\"}", "[\\\"null\\\",\\\"null\\\"]"})
  void aSchemaThatAvroCannotParseIsNoneOfOurs(String schema) {
    stub.answer(ID, 200, "{\"schema\":\"%s\"}".formatted(schema));
    assertThat(refused(reader(), new RecordHeaders(), IMAGE).reason())
        .isEqualTo(Reason.WRONG_SCHEMA);
  }

  @Test
  void anIdIsAskedForUnderTheSubjectOfItsTopic() throws Exception {
    stub.answer(ID, 404, MISSING)
        .answer(ID + "?fetchMaxId=false&subject=images-value", 200, SCHEMA);
    assertThat(reader().read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
  }

  @ParameterizedTest
  @ValueSource(strings = {MISSING, NO_SUBJECT})
  void aSchemaThatIsUnderAnotherSubjectIsFoundWithoutOne(String answer) throws Exception {
    stub.answer(ID, 404, answer).answer(ID + "?fetchMaxId=false&subject=", 200, SCHEMA);
    assertThat(reader().read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
  }

  @Test
  void aCopyOfTheRegistryThatIsBehindIsGivenTime() throws Exception {
    stub.answer(ID, 404, MISSING);
    SchemaRegistryClient client = client("missing.id.cache.ttl.sec", "0");
    WireReader<Image> reader = new WireReader<>(client, "images", Image.class, Duration.ofHours(1));
    waits(reader, new RecordHeaders(), IMAGE);
    waits(reader, new RecordHeaders(), IMAGE);
    stub.answer(ID, 200, SCHEMA);
    assertThat(reader.read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
  }

  @Test
  void theNextAddressIsAskedWhereOneGivesNoUsableAnswer() throws Exception {
    for (String body : new String[] {"", "<html>", "{\"error_code\":50301,\"message\":\"\"}"}) {
      try (StubRegistry second = new StubRegistry().answer(ID, 200, SCHEMA)) {
        stub.answer(ID, 503, body);
        WireReader<Image> reader = reader("schema.registry.url", stub.url() + ", " + second.url());
        assertThat(reader.read(new RecordHeaders(), IMAGE)).isEqualTo(Samples.image());
      }
    }
  }

  @Test
  void anAddressWhereNobodyListensIsPassedOver() throws Exception {
    StubRegistry gone = new StubRegistry();
    gone.close();
    stub.answer(ID, 200, SCHEMA);
    assertThat(
            reader("schema.registry.url", gone.url() + "," + stub.url())
                .read(new RecordHeaders(), IMAGE))
        .isEqualTo(Samples.image());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/apis/ccompat/v7", "/apis/ccompat/v7/", "/"})
  void anAddressMayHaveAPathAndEndInASlash(String path) throws Exception {
    stub.answer("GET " + path.replaceFirst("/$", "") + "/schemas/ids/1", 200, SCHEMA);
    assertThat(reader("schema.registry.url", stub.url() + path).read(new RecordHeaders(), IMAGE))
        .isEqualTo(Samples.image());
  }

  @Test
  void whoAsksForPatienceIsNotAskedMeanwhile() {
    stub.answer(ID, 429, "", Map.of("Retry-After", "300"));
    WireReader<Image> reader = reader();
    for (int i = 0; i < 5; i++) {
      waits(reader, new RecordHeaders(), IMAGE);
    }
    assertThat(stub.requests()).containsExactly(ID);
  }

  @Test
  void whoAsksForNoPatienceIsAskedAgain() {
    stub.answer(ID, 503, "");
    WireReader<Image> reader = reader();
    waits(reader, new RecordHeaders(), IMAGE);
    waits(reader, new RecordHeaders(), IMAGE);
    assertThat(stub.requests()).containsExactly(ID, ID);
  }

  @Test
  void anIdInAHeaderIsRead() throws Exception {
    stub.answer(ID, 200, SCHEMA);
    Headers id = headers(new byte[] {0, 0, 0, 0, 1});
    assertThat(reader().read(id, BARE)).isEqualTo(Samples.image());
  }

  @Test
  void aGuidInAHeaderIsReadAndAskedForOnce() throws Exception {
    stub.answer(GUID_PAGE, 200, SCHEMA);
    WireReader<Image> reader = reader();
    assertThat(reader.isKnown(headers(guid()), BARE)).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(reader.read(headers(guid()), BARE)).isEqualTo(Samples.image());
    }
    assertThat(reader.isKnown(headers(guid()), BARE)).isTrue();
    assertThat(stub.requests()).containsExactly(GUID_PAGE);
  }

  @ParameterizedTest
  @CsvSource({"404", "405", "501"})
  void aRegistryWithoutGuidsSaysSoInTheDeadLetter(int status) {
    stub.answer(GUID_PAGE, status, "").answer(TYPES, 200, "[\"AVRO\"]");
    WireReader<Image> reader = reader();
    for (int i = 0; i < 3; i++) {
      UnreadableRecordException refused = refused(reader, headers(guid()), BARE);
      assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
      assertThat(refused)
          .hasMessageContaining("in a header")
          .hasMessageContaining("not supported by this registry")
          .hasMessageContaining(GUID.toString());
    }
    assertThat(stub.requests()).containsExactly(GUID_PAGE, TYPES);
  }

  @Test
  void aGuidIsWaitedForWhereWhatAnswersIsNoRegistry() {
    stub.answer(GUID_PAGE, 404, "<html>").answer(TYPES, 404, "<html>");
    waits(reader(), headers(guid()), BARE);
  }

  @Test
  void aGuidThatTheRegistryDoesNotHaveIsUnknown() {
    stub.answer(GUID_PAGE, 404, MISSING);
    WireReader<Image> reader = reader("missing.id.cache.ttl.sec", "3600");
    for (int i = 0; i < 3; i++) {
      assertThat(refused(reader, headers(guid()), BARE).reason())
          .isEqualTo(Reason.UNKNOWN_SCHEMA_ID);
    }
    assertThat(stub.requests()).containsExactly(GUID_PAGE);
  }

  @Test
  void aHeaderThatHoldsNoIdIsNamed() {
    byte[][] wrong = {
      {}, {0}, {1}, {0, 0, 0, 0, 1, 0}, {2, 0, 0, 0, 1}, Arrays.copyOf(guid(), 16), {1, 0, 0, 0, 1},
    };
    for (byte[] id : wrong) {
      UnreadableRecordException refused = refused(reader(), headers(id), IMAGE);
      assertThat(refused.reason()).isEqualTo(Reason.NO_MAGIC_BYTE);
      assertThat(refused).hasMessageContaining(SchemaId.HEADER);
    }
    assertThat(refused(reader(), headers(null), IMAGE).reason()).isEqualTo(Reason.NO_MAGIC_BYTE);
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void aValueThatIsExchangedLosesTheIdOfTheOldOne() {
    Headers old = headers(guid()).add("traceparent", new byte[] {7});
    assertThat(WireWriter.headers(old).toArray())
        .extracting(header -> header.key())
        .containsExactly("traceparent");
    assertThat(old.lastHeader(SchemaId.HEADER)).isNotNull();
  }

  @Test
  void anAccountWithoutRightsOnTheGlobalLevelIsWelcome() {
    stub.answer(CONFIG, 403, "{\"error_code\":40301,\"message\":\"denied on __GLOBAL\"}")
        .answer(TYPES, 200, "[\"AVRO\"]");
    SchemaRegistries.ping(client(), stub.url());
  }

  @Test
  void anAccountThatMayNothingIsNot() {
    String denied = "{\"error_code\":40301,\"message\":\"denied\"}";
    stub.answer(CONFIG, 403, denied).answer(TYPES, 403, denied);
    assertThatThrownBy(() -> SchemaRegistries.ping(client(), stub.url()))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("does not allow this account");
  }

  @Test
  void aPasswordThatIsWrongIsSaid() {
    stub.answer(CONFIG, 401, "{\"error_code\":40101,\"message\":\"Unauthorized\"}");
    assertThatThrownBy(() -> SchemaRegistries.ping(client(), stub.url()))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("refused our credentials");
  }

  @Test
  void aLevelThatTheAccountMayNotSetIsLeft() {
    stub.answer("GET /config/images-value", 403, "{\"error_code\":40301,\"message\":\"denied\"}");
    SchemaRegistries.ensureBackward(client(), "images", Image.class);
    stub.answer("GET /config/images-value", 404, "{\"error_code\":40408,\"message\":\"none\"}")
        .answer("PUT /config/images-value", 403, "{\"error_code\":40301,\"message\":\"denied\"}");
    SchemaRegistries.ensureBackward(client(), "images", Image.class);
  }
}
