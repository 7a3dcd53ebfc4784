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
import io.cnn2gnn.page.Page;
import io.cnn2gnn.page.PageConfig;
import io.cnn2gnn.page.PageConfig.Writers;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.flow.TopicNames;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    service.put(AppConfig.BUNDLE, Home.bundle().toString());
    service.put("state.dir", folder.resolve("state").toString());
    service.put("cnn2gnn.topics.partitions", "1");
    service.put(AppConfig.HTTP_PORT, "-1");
    AppConfig config = AppConfig.of(service);
    app = ClassificationApp.start(config, ClassificationApp.loadModel(config));
    files = ImageFiles.in(Home.samples());
    producer =
        new ImageProducer(
            properties,
            Connection.registry(properties),
            "images",
            new Carrier.Inline(ImageProducer.MAX_BYTES),
            0);
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
    open(properties, writers);
  }

  private void open(Map<String, String> clients, Writers writers) throws Exception {
    TopicNames topics = TopicNames.DEFAULT;
    page =
        Page.start(
            new PageConfig(
                clients,
                new PageConfig.Topics(
                    topics.images(),
                    topics.predictions(),
                    topics.deadLetters(),
                    topics.labels(),
                    topics.labelOutcomes(),
                    topics.modelEvents()),
                Optional.of(Home.bundle()),
                "127.0.0.1",
                0,
                Set.of(),
                writers));
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

  private static void tellOfAModel(String name, String message) throws Exception {
    WireWriter<ModelEvent> writer =
        new WireWriter<>(Connection.registry(properties), "models.events", ModelEvent.class, true);
    ModelEvent event =
        ModelEvent.newBuilder()
            .setName(name)
            .setVersion("2")
            .setInstance("one")
            .setKind(ModelEventKind.FAILED)
            .setMessage(message)
            .setAt(Instant.EPOCH)
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
    tellOfAModel("<i>signs</i>", "too\u200bslow");
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
    waitFor("#models", "failed <i>signs</i>:2");
    waitFor("#models", "too\\u200bslow");
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
    waitFor("#said", "is Bag");
    assertThat(one("#label").isDisplayed()).isFalse();
  }

  @Test
  void itFitsAPhoneAndADarkRoom() throws Exception {
    send("camera-5", 70, 90);
    open(Writers.OF_LOOPBACK);
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
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
      open(at, Writers.OF_LOOPBACK);
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
    System.out.printf(
        "page: %.0f images/s sent, %.0f frames/s drawn, %.1f MB of JavaScript%n",
        10_000 / seconds, frames / seconds, heap / 1e6);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> all("#cards .card").get(0).getDomAttribute("aria-label").contains("run-9"));
    assertThat(all("#cards li").size()).isLessThan(100);
    assertThat(heap).isLessThan(200_000_000);
  }
}
