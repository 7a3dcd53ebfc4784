package io.cnn2gnn.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.cnn2gnn.cli.kit.Carrier;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.Home;
import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.cli.kit.ImageProducer;
import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.page.Page;
import io.cnn2gnn.page.PageConfig;
import io.cnn2gnn.page.PageConfig.Operators;
import io.cnn2gnn.page.PageConfig.Writers;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.training.service.TrainingClients;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * The page in headless Chromium, before a real broker, registry and service. Skipped where Debian's
 * chromium and chromium-driver are not installed. Screenshots are left in {@code
 * cli/target/screenshots}.
 */
@Timeout(300)
class PageInBrowserRunTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String HOSTILE = "<img src=x onerror=document.title='owned'>\u202Egnp.exe";

  @TempDir private static Path folder;
  private static Map<String, String> properties;
  private static LocalStack stack;
  private static ClassificationApp app;
  private static String model;
  private static ImageProducer producer;
  private static List<ImageFile> files;
  private Page page;
  private ChromeDriver browser;

  @BeforeAll
  static void startService() throws Exception {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "chromium and chromium-driver are not installed");
    stack = LocalStack.start(LocalStackConfig.temporary());
    properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
    Map<String, String> service = new HashMap<>(properties);
    service.put(AppConfig.BUNDLE, bundle().toString());
    service.put("state.dir", folder.resolve("state").toString());
    service.put("cnn2gnn.topics.partitions", "1");
    service.put(AppConfig.HTTP_PORT, "-1");
    AppConfig config = AppConfig.of(service);
    StudentModel loaded = ClassificationApp.loadModel(config);
    model = loaded.card().id();
    app = ClassificationApp.start(config, loaded);
    files = ImageFiles.in(Home.samples());
    producer =
        new ImageProducer(
            properties,
            Connection.registry(properties),
            "images",
            new Carrier.Inline(ImageProducer.MAX_BYTES),
            0);
  }

  /** Another one for screenshots: the shipped one has no pictures of its prototypes. */
  private static Path bundle() {
    return Optional.ofNullable(System.getenv("CNN2GNN_PAGE_BUNDLE"))
        .map(Path::of)
        .orElseGet(Home::bundle);
  }

  @AfterAll
  static void stopService() {
    if (stack != null) {
      producer.close();
      app.close();
      stack.close();
    }
  }

  @BeforeEach
  void openBrowser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile-" + System.nanoTime()));
    ChromeDriverService driver =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .build();
    browser = new ChromeDriver(driver, options);
    browser.manage().window().setSize(new Dimension(1400, 900));
  }

  @AfterEach
  void closeBrowser() {
    browser.quit();
    if (page != null) {
      page.close();
    }
  }

  private void open(Writers writers) throws Exception {
    open(properties, writers, Operators.OF_LOOPBACK);
  }

  private void open(Map<String, String> clients, Writers writers, Operators operators)
      throws Exception {
    page =
        Page.start(
            new PageConfig(
                clients,
                PageCommand.topics(TopicNames.DEFAULT),
                ConfigKey.APPLICATION_ID.otherwise(),
                Optional.of(bundle()),
                "127.0.0.1",
                0,
                Set.of(),
                writers,
                operators));
    browser.get(page.address());
  }

  private static void send(String source, int from, int to) throws Exception {
    for (ImageFile file : files.subList(from, to)) {
      producer.send(source, file, Optional.empty());
    }
    producer.flush();
  }

  private List<WebElement> all(String selector) {
    return browser.findElements(By.cssSelector(selector));
  }

  private WebElement one(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private void waitFor(String what, String text) {
    await(what)
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(one(what).getText()).contains(text));
  }

  private void shot(String name) throws Exception {
    Files.createDirectories(SHOTS);
    Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  /** Whether every picture that is looked at has been drawn. */
  private boolean areDrawn(String selector) {
    return (Boolean)
        browser.executeScript(
            "return [...document.querySelectorAll(arguments[0])].filter(i =>"
                + " i.getBoundingClientRect().top < innerHeight).every(i => i.complete &&"
                + " i.naturalWidth > 0)",
            selector);
  }

  /** Nothing serious, in the eyes of axe. */
  private void isAccessible() {
    assertThat(new AxeBuilder().analyze(browser).getViolations())
        .filteredOn(rule -> List.of("serious", "critical").contains(rule.getImpact()))
        .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
        .isEmpty();
  }

  @Test
  void aLabelGivenInTheBrowserChangesWhatTheSameImageIsAnsweredNext() throws Exception {
    open(Writers.OF_LOOPBACK);
    waitFor("#state", "live");
    send("camera-1", 0, 40);
    await().atMost(SOON).until(() -> all("#cards li").size() >= 40);
    await().atMost(SOON).until(() -> areDrawn("#cards img"));
    shot("page-wide");
    isAccessible();

    WebElement card = all("#cards .card").get(3);
    card.click();
    await().atMost(SOON).until(() -> one("#detail").isDisplayed());
    await().atMost(SOON).until(() -> areDrawn("#picture img"));
    assertThat(all("#neighbours li")).isNotEmpty();
    assertThat(all("#scores tr")).isNotEmpty();
    String image = one("#detailHead").getText();
    shot("page-detail");
    isAccessible();

    one("#other").sendKeys("Hat", Keys.ENTER);
    waitFor("#said", image + " is Hat");
    one("#detail form[method=dialog] button").click();

    ImageFile again =
        files.subList(0, 40).stream().filter(f -> f.id().equals(image)).findFirst().orElseThrow();
    producer.send(
        "camera-2",
        new ImageFile("again", again.format(), Optional.empty(), again.content()),
        Optional.empty());
    producer.flush();
    await()
        .atMost(SOON)
        .ignoreExceptions() // a card that has just been drawn anew
        .untilAsserted(
            () ->
                assertThat(all("#cards .card"))
                    .extracting(c -> c.getDomAttribute("aria-label"))
                    .anyMatch(label -> label.startsWith("Hat,") && label.endsWith("again")));
    shot("page-taught");

    new org.openqa.selenium.support.ui.Select(one("#class")).selectByVisibleText("Hat");
    await()
        .atMost(SOON)
        .ignoreExceptions() // a card that has just been drawn anew
        .untilAsserted(
            () ->
                assertThat(all("#cards strong"))
                    .isNotEmpty()
                    .allMatch(s -> s.getText().equals("Hat")));
  }

  private static void tell(
      String name,
      String version,
      ModelEventKind kind,
      String message,
      Map<String, Double> metrics,
      Instant at)
      throws Exception {
    WireWriter<ModelEvent> writer =
        new WireWriter<>(Connection.registry(properties), "models.events", ModelEvent.class, true);
    ModelEvent event =
        ModelEvent.newBuilder()
            .setName(name)
            .setVersion(version)
            .setInstance("one")
            .setKind(kind)
            .setMessage(message)
            .setMetrics(metrics)
            .setAt(at)
            .build();
    try (KafkaProducer<byte[], byte[]> events =
        new KafkaProducer<>(
            Map.of(Connection.BOOTSTRAP, properties.get(Connection.BOOTSTRAP)),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      events.send(new ProducerRecord<>("models.events", writer.write(event))).get();
    }
  }

  @Test
  void whatSomebodyWroteIsShownAsTextAndWhatIsNoPictureIsSaid() throws Exception {
    open(Writers.OF_LOOPBACK);
    tell(
        "<i>signs</i>",
        "2",
        ModelEventKind.FAILED,
        "too\u200bslow",
        Map.of(),
        Instant.now().minus(Duration.ofDays(2)));
    ImageFile good = files.get(50);
    producer.send(
        "<b>camera</b>",
        new ImageFile(HOSTILE, good.format(), Optional.empty(), good.content()),
        Optional.empty());
    producer.send(
        "camera-3",
        new ImageFile(
            "broken", ImageFormat.JPEG, Optional.empty(), () -> new byte[] {-1, -40, -1, 0}),
        Optional.empty());
    producer.flush();
    waitFor("#refused", "CORRUPT_IMAGE");
    await()
        .atMost(SOON)
        .until(
            () ->
                all("#cards .card").stream().anyMatch(c -> c.getText().contains("<b>camera</b>")));
    all("#cards .card").stream()
        .filter(c -> c.getText().contains("<b>camera</b>"))
        .findFirst()
        .orElseThrow()
        .click();
    waitFor("#detailHead", "<img src=x onerror=");
    assertThat(one("#detailHead").getText()).contains("\\u202e");
    assertThat(browser.getTitle()).isEqualTo("cnn2gnn: what the service answers");
    assertThat(all("#cards b")).isEmpty();
    one("#detail form[method=dialog] button").click();
    one("#views a[href='#models']").click();
    waitFor("#news", "failed <i>signs</i>:2");
    waitFor("#news", "too\\u200bslow");
  }

  private void view(String name) {
    one("#views a[href='#" + name + "']").click();
    await().atMost(SOON).until(() -> one("#" + name).isDisplayed());
  }

  private void choose(String select, String text) {
    new org.openqa.selenium.support.ui.Select(one(select)).selectByVisibleText(text);
  }

  @Test
  void aClassThatHidesCharactersIsGivenWithAClickByWhoeverHasSaidAName() throws Exception {
    open(Writers.OF_LOOPBACK);
    waitFor("#state", "live");
    one("#by").sendKeys("ann", Keys.TAB);
    send("camera-6", 100, 101);
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> all("#cards .card").get(0).getText().contains("camera-6"));
    all("#cards .card").get(0).click();
    await().atMost(SOON).until(() -> one("#detail").isDisplayed());
    browser.executeScript("document.getElementById('other').value = 'Fire\u200dman'");
    one("#other").sendKeys(Keys.ENTER);
    waitFor("#said", "is Fire\\u200dman");
    one("#detail form[method=dialog] button").click();

    ImageFile again = files.get(100);
    producer.send(
        "camera-6",
        new ImageFile("fire-again", again.format(), Optional.empty(), again.content()),
        Optional.empty());
    producer.flush();
    await()
        .atMost(SOON)
        .ignoreExceptions() // a card that has just been drawn anew
        .until(() -> all("#cards .card").get(0).getText().startsWith("Fire\\u200dman"));
    choose("#class", "Fire\\u200dman");
    await().atMost(SOON).ignoreExceptions().until(() -> all("#cards li").size() == 1);
    all("#cards .card").get(0).click();
    waitFor("#detailHead", "fire-again");
    WebElement labelled =
        all("#tiers tr").stream()
            .filter(tr -> tr.getText().startsWith("labelled images 1"))
            .findFirst()
            .orElseThrow();
    assertThat(labelled.findElement(By.cssSelector(".changed")).getText())
        .as("what it would be without the label")
        .isNotEmpty()
        .doesNotContain("Fire");
    one("#choices button").click();
    waitFor("#said", "fire-again is Fire\\u200dman");

    browser.navigate().refresh();
    waitFor("#state", "live");
    assertThat(one("#by").getDomProperty("value")).isEqualTo("ann");
  }

  private static ModelRelease release(String version, String space, ReleaseState state) {
    return ModelRelease.newBuilder()
        .setName("signs")
        .setVersion(version)
        .setSpace(space)
        .setBundle(
            new BundleReference(
                "https://models.example.org/signs-" + version, "ab".repeat(32), 1_402_113L))
        .setState(state)
        .setMetrics(Map.of("accuracy", 0.958, "accuracyBatch1", 0.951, "images", 2_510.0))
        .setCreatedAt(Instant.parse("2026-11-30T08:00:00Z"))
        .setReason(state == ReleaseState.CANDIDATE ? "passed: as good as the active release" : "")
        .build();
  }

  private static ReleaseControl releases() throws Exception {
    SchemaRegistryClient registry = Connection.registry(properties);
    TrainingClients clients = new TrainingClients(properties);
    return new ReleaseControl(
        () -> new ReleaseReader(clients.keyedReader(), "models", registry),
        () -> new ReleaseWriter(clients.producer(), "models", registry, true));
  }

  private void offer(String button) {
    await()
        .atMost(SOON)
        .ignoreExceptions() // a list that has just been drawn anew
        .until(
            () -> {
              one("#releases button[aria-label='" + button + "']").click();
              return one("#order").isDisplayed();
            });
  }

  @Test
  void anOperatorReadsWhatItWillDoBeforeItIsDone() throws Exception {
    ReleaseControl control = releases();
    try (ReleaseWriter writer = control.writers().get()) {
      writer.publish(
          release("2026-11-29T20-15", "e070e63f", ReleaseState.ACTIVE),
          release("2026-11-30T08-00", "5bd1c12a", ReleaseState.CANDIDATE));
    }
    tell(
        "signs",
        "2026-11-30T08-00",
        ModelEventKind.SHADOWED,
        "6400 images in 100 batches: 97.1 % agreement, confidence 0.961, the active model's 0.948, 1.04 times its time",
        Map.of("agreement", 0.971, "candidateConfidence", 0.961, "activeConfidence", 0.948),
        Instant.parse("2026-11-30T08:05:00Z"));
    open(Writers.OF_LOOPBACK);
    waitFor("#state", "live");
    one("#by").sendKeys("ann", Keys.TAB);
    view("models");
    waitFor("#releases", "signs:2026-11-30T08-00");
    waitFor("#releases", "97.1 % agreement");
    shot("page-models");
    isAccessible();

    offer("Promote signs:2026-11-30T08-00");
    assertThat(one("#will").getText())
        .startsWith(
            "Every instance that follows signs and may fetch it will answer with signs:2026-11-30T08-00 instead of signs:2026-11-29T20-15")
        .contains("Its bank is another one");
    shot("page-promote");
    isAccessible();
    one("#order button[value=cancel]").click();
    assertThat(control.read(SOON).candidate("signs")).as("nothing was written").isPresent();

    offer("Promote signs:2026-11-30T08-00");
    one("#reason").sendKeys(Keys.ENTER);
    assertThat(one("#order").isDisplayed()).as("Enter decides nothing").isTrue();
    one("#doIt").click();
    waitFor("#said", "signs:2026-11-30T08-00: ACTIVE");
    waitFor("#releases", "no instance has told that it took it into service");
    assertThat(browser.switchTo().activeElement().getText())
        .as("the focus stays with what was decided on")
        .contains("signs:2026-11-30T08-00");
    ModelRelease active = control.read(SOON).active("signs").orElseThrow();
    assertThat(active.getVersion()).isEqualTo("2026-11-30T08-00");
    assertThat(active.getReason()).isEqualTo("promoted by hand (ann)");

    offer("Roll back signs:2026-11-30T08-00");
    one("#doIt").click();
    waitFor("#said", "signs:2026-11-29T20-15: ACTIVE");
    waitFor("#releases", "retired signs:2026-11-30T08-00");
  }

  @Test
  void whoMayLabelIsNoOperatorForThatAndAnOperatorHasAToken() throws Exception {
    try (ReleaseWriter writer = releases().writers().get()) {
      writer.publish(
          ModelRelease.newBuilder(release("1", "x", ReleaseState.CANDIDATE))
              .setName("token")
              .build());
    }
    Writers labellers = new Writers(Optional.of("for-labels"), Optional.empty());
    open(labellers);
    view("models");
    waitFor("#releases", "token:1");
    assertThat(one("#mayNot").isDisplayed()).isTrue();
    assertThat(all("#releases .offers")).isEmpty();
    page.close();

    open(properties, labellers, new Operators(Optional.of("for-releases"), Set.of()));
    view("models");
    offer("Retire token:1");
    one("#doIt").click();
    await().atMost(SOON).until(() -> one("#askToken").isDisplayed());
    one("#token").sendKeys("for-labels", Keys.ENTER);
    waitFor("#said", "the token is missing or wrong");
    offer("Retire token:1");
    one("#doIt").click();
    await().atMost(SOON).until(() -> one("#askToken").isDisplayed());
    one("#token").sendKeys("for-releases", Keys.ESCAPE);
    waitFor("#said", "nothing was sent");
    offer("Retire token:1");
    one("#doIt").click();
    await().atMost(SOON).until(() -> one("#askToken").isDisplayed());
    assertThat(one("#token").getDomProperty("value")).isEmpty();
    one("#token").sendKeys("for-releases", Keys.ENTER);
    waitFor("#said", "token:1: RETIRED");
  }

  @Test
  void accuracyAndDistanceAreDrawnOverTimeWithTheModelsThatAnswered() throws Exception {
    Instant now = Instant.now();
    for (int minute = 55; minute > 0; minute -= 3) {
      boolean second = minute < 25;
      Instant at = now.minus(Duration.ofMinutes(minute));
      double fall = minute >= 25 && minute < 40 ? 0.004 * (40 - minute) : 0;
      tell(
          "signs",
          second ? "2026-11-30" : "2026-11-29",
          ModelEventKind.STATISTICS,
          "",
          Map.of(
              "truth.accuracy", 0.95 + (second ? 0.02 : 0) - fall,
              "truth.judged", 500.0,
              "truth.usual", 0.958),
          at);
      tell(
          "signs",
          second ? "2026-11-30" : "2026-11-29",
          ModelEventKind.STATISTICS,
          "",
          Map.of("distance", 0.041 + fall, "images", 500.0),
          at);
    }
    tell(
        "signs",
        "2026-11-29",
        ModelEventKind.DRIFTED,
        "accuracy is 0.894, below the 0.958 of held-out images",
        Map.of(),
        now.minus(Duration.ofMinutes(30)));
    tell(
        "signs",
        "2026-11-30",
        ModelEventKind.ACTIVATED,
        "",
        Map.of(),
        now.minus(Duration.ofMinutes(25)));
    open(Writers.OF_LOOPBACK);
    view("time");
    await().atMost(SOON).until(() -> all("#accuracy polyline").size() == 2);
    assertThat(all("#distance polyline").size()).isGreaterThanOrEqualTo(2);
    assertThat(all("#accuracy .change")).hasSize(1);
    assertThat(all("#accuracy .alarm")).hasSize(1);
    assertThat(one("#marks").getText())
        .contains("accuracy is 0.894")
        .contains("signs:2026-11-30 answers, in 1 instance");
    assertThat(one("#accuracy svg").getDomAttribute("aria-label"))
        .startsWith("right answers: from 95.0 %");
    assertThat(
            (String)
                browser.executeAsyncScript(
                    "const done = arguments[0]; const into = document.createElement('div');"
                        + " const line = {model: 'm', points: [{at: 0, value: 1, count: 1}]};"
                        + " import('/chart.js').then(({chart}) => {"
                        + " chart(into, 'x', [line], [], {from: 0, to: 1}, String, 300);"
                        + " done(into.innerHTML); });"))
        .as("a chart of nothing but 1")
        .contains("<circle")
        .doesNotContain("NaN");
    shot("page-time");
    isAccessible();
    one("#accuracy summary").click();
    // More of it changes the table, and not what it is in.
    tell(
        "signs",
        "2026-11-30",
        ModelEventKind.STATISTICS,
        "",
        Map.of("truth.accuracy", 0.5, "truth.judged", 500.0),
        Instant.now());
    waitFor("#accuracy tbody", "50.0 %");
    assertThat(one("#accuracy details").getDomAttribute("open")).isNotNull();
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("the same as a table");
    assertThat(all("#accuracy tbody tr").size()).isGreaterThan(10);
  }

  @Test
  void instancesAndTheirPartitionsAreShown() throws Exception {
    send("camera-7", 110, 115);
    open(Writers.OF_LOOPBACK);
    view("service");
    waitFor("#group", "1 instance: all of them are at work.");
    assertThat(all("#instanceRows tr")).hasSize(1);
    waitFor("#partRows", model);
    waitFor("#partRows tr td:nth-of-type(2)", "0");
    shot("page-service");
    isAccessible();
  }

  @Test
  void aMapShowsClustersAndOpensAndChoosesTheirImages() throws Exception {
    open(Writers.OF_LOOPBACK);
    waitFor("#state", "live");
    send("camera-8", 200, 700);
    await().atMost(SOON).until(() -> !all("#cards .card").isEmpty());
    view("map");
    waitFor("#drawn", "cluster");
    one("#mapSource").sendKeys("camera-8", Keys.TAB);
    await().atMost(SOON).until(() -> one("#drawn").getText().matches("(4..|500) images, .*"));
    assertThat(all("#dots circle")).hasSizeGreaterThan(400);
    assertThat(all("#clusters tr")).isNotEmpty();
    shot("page-map");
    isAccessible();

    all("#clusters button").get(0).click();
    await().atMost(SOON).until(() -> one("#detail").isDisplayed());
    one("#detail form[method=dialog] button").click();
    all("#clusters button").get(1).click();
    waitFor("#chosen", "images");
    assertThat(one("#label").isDisplayed()).isTrue();
    one("#clear").click();
    all("#clusters button").get(2).click();
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Images of cluster 1");
    all("#members button").get(0).click();
    await().atMost(SOON).until(() -> one("#detail").isDisplayed());
    one("#detail form[method=dialog] button").click();
    browser.executeScript(
        "document.querySelector('#dots circle').dispatchEvent(new MouseEvent('click', {bubbles: true}))");
    await().atMost(SOON).until(() -> one("#detail").isDisplayed());
  }

  @Test
  void everyViewFitsAPhone() throws Exception {
    open(Writers.OF_LOOPBACK);
    dark();
    phone();
    for (String name : List.of("answers", "map", "time", "models", "service")) {
      view(name);
      shot("page-phone-" + name);
      isAccessible();
      Long wide = (Long) browser.executeScript("return document.documentElement.scrollWidth");
      assertThat(wide).as(name).isLessThanOrEqualTo(390);
    }
  }

  private void dark() {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
  }

  private void phone() {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
  }

  @Test
  void aWrongTokenIsRefusedAndTheRightOneLabelsSeveralAtOnce() throws Exception {
    open(new Writers(Optional.of("the-right-one"), Optional.empty()));
    waitFor("#state", "live");
    send("camera-4", 60, 66);
    await().atMost(SOON).until(() -> all("#cards li").size() >= 6);
    all("#cards input").get(0).click();
    all("#cards input").get(1).click();
    waitFor("#chosen", "2 images");
    one("#chosenClass").sendKeys("Bag", Keys.ENTER);
    await().atMost(SOON).until(() -> one("#askToken").isDisplayed());
    one("#token").sendKeys("a-wrong-one", Keys.ENTER);
    waitFor("#said", "the token is missing or wrong");
    one("#label button[type=submit]").click();
    await().atMost(SOON).until(() -> one("#askToken").isDisplayed());
    one("#token").clear();
    one("#token").sendKeys("the-right-one", Keys.ENTER);
    waitFor("#said", "Bag: the next similar images");
    assertThat(one("#label").isDisplayed()).isFalse();
  }

  @Test
  void itFitsAPhoneAndADarkRoom() throws Exception {
    send("camera-5", 70, 90);
    open(Writers.OF_LOOPBACK);
    dark();
    phone();
    waitFor("#state", "live");
    await().atMost(SOON).until(() -> all("#cards li").size() >= 20);
    await().atMost(SOON).until(() -> areDrawn("#cards img"));
    shot("page-phone-dark");
    isAccessible();
    Long wide = (Long) browser.executeScript("return document.documentElement.scrollWidth");
    assertThat(wide).isLessThanOrEqualTo(390);
    assertThat(
            (String)
                browser.executeScript("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(13, 17, 23)");
  }

  @Test
  void aBrokerThatGoesAwayIsSaidAndComesBackByItself() throws Exception {
    LocalStackConfig config =
        new LocalStackConfig(
            Optional.of(folder.resolve("own")),
            true,
            FreePort.find(),
            FreePort.find(),
            Duration.ofMinutes(1),
            Map.of());
    try (LocalStack own = LocalStack.start(config)) {
      Map<String, String> at = new HashMap<>();
      at.put(Connection.BOOTSTRAP, own.broker().get());
      at.put(Connection.REGISTRY, own.registry().get().toString());
      open(at, Writers.OF_LOOPBACK, Operators.OF_LOOPBACK);
      waitFor("#state", "the broker has no topic predictions");
      try (Admin admin =
          Admin.create(Map.<String, Object>of(Connection.BOOTSTRAP, own.broker().get()))) {
        admin.createTopics(List.of(new NewTopic("predictions", 1, (short) 1))).all().get();
      }
      waitFor("#state", "live");
    }
    waitFor("#state", "nothing new can come");
    try (LocalStack own = LocalStack.start(config)) {
      assertThat(own.broker().get()).isNotEmpty();
      waitFor("#state", "live");
    }
  }

  /** How many frames a second it draws meanwhile is printed: a busy machine decides that. */
  @Test
  void tenThousandImagesLeaveItSmall() throws Exception {
    open(Writers.OF_LOOPBACK);
    waitFor("#state", "live");
    browser.executeScript(
        "window.frames_ = 0; const f = () => { window.frames_++; requestAnimationFrame(f); }; f();");
    long start = System.nanoTime();
    try (ImageProducer fast =
        new ImageProducer(
            properties,
            Connection.registry(properties),
            "images",
            new Carrier.Inline(ImageProducer.MAX_BYTES),
            400)) {
      for (int i = 0; i < 10_000; i++) {
        ImageFile file = files.get(i % files.size());
        fast.send(
            "camera-" + i % 4,
            new ImageFile("run-" + i, file.format(), Optional.empty(), file.content()),
            Optional.empty());
      }
      fast.flush();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long frames = (Long) browser.executeScript("return window.frames_");
    long heap = (Long) browser.executeScript("return performance.memory.usedJSHeapSize");
    long tab = memory("--type=renderer").max().orElse(0);
    System.out.printf(
        "page: %.0f images/s sent, %.0f frames/s drawn, %.1f MB of JavaScript, %.0f MB of the"
            + " page's process, %.0f MB of the whole browser%n",
        10_000 / seconds, frames / seconds, heap / 1e6, tab / 1e6, memory("").sum() / 1e6);
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions() // a card that has just been drawn anew
        .until(() -> all("#cards .card").get(0).getDomAttribute("aria-label").contains("run-9"));
    assertThat(all("#cards li").size()).isLessThan(100);
    assertThat(heap).isLessThan(200_000_000);
    assertThat(tab).isBetween(1L, 200_000_000L);
  }

  /** Of the browser's processes that were started so, their share of what they share. */
  private static LongStream memory(String argument) {
    return ProcessHandle.current()
        .descendants()
        .map(process -> Path.of("/proc", Long.toString(process.pid())))
        .filter(process -> text(process.resolve("cmdline")).contains("chromium"))
        .filter(process -> text(process.resolve("cmdline")).contains(argument))
        .mapToLong(process -> proportional(text(process.resolve("smaps_rollup"))));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }

  private static long proportional(String rollup) {
    Matcher pss = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB").matcher(rollup);
    return pss.find() ? 1024 * Long.parseLong(pss.group(1)) : 0;
  }
}
