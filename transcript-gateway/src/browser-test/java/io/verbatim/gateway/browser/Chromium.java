package io.verbatim.gateway.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The machine's Chromium in headless mode, one for all tests of the run.
final class Chromium implements AutoCloseable {

  private static final List<Path> EXECUTABLES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-headless-shell"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final Playwright playwright = Playwright.create();
  private final Browser browser;

  private Chromium() {
    Path executable =
        EXECUTABLES.stream()
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

  /// A new browser context with a fixed locale.
  BrowserContext fresh() {
    return browser.newContext(
        new Browser.NewContextOptions().setLocale("en-GB").setViewportSize(1280, 800));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /// Injects the browser into tests.
  static final class Extension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Chromium.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Chromium.class;
    }

    @Override
    public Chromium resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(Chromium.class, _ -> new Chromium(), Chromium.class);
    }
  }
}
