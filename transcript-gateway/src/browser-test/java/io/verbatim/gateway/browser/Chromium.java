package io.verbatim.gateway.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The machine's own Chromium, without a window.
final class Chromium implements AutoCloseable {

  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-headless-shell"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final Playwright playwright = Playwright.create();
  private final Browser browser;

  Chromium() {
    Path executable =
        PLACES.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () -> new AssertionError("the browser tests need chromium: apt install chromium"));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(List.of("--no-sandbox")));
  }

  /// A browser as nobody has used it, in a language whose times are the same everywhere.
  BrowserContext fresh() {
    return browser.newContext(
        new Browser.NewContextOptions().setLocale("en-GB").setViewportSize(1180, 760));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
