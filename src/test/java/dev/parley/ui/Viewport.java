package dev.parley.ui;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;

/** The size and the colour scheme of a browser window. */
enum Viewport {
    DESKTOP(1280, 800, ColorScheme.LIGHT),
    DARK(1280, 800, ColorScheme.DARK),
    PHONE(360, 740, ColorScheme.LIGHT);

    private final int width;
    private final int height;
    private final ColorScheme colorScheme;

    Viewport(int width, int height, ColorScheme colorScheme) {
        this.width = width;
        this.height = height;
        this.colorScheme = colorScheme;
    }

    /** The options of the browser. Language and time zone are the same on every machine. */
    Browser.NewContextOptions options() {
        return new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(colorScheme)
                .setLocale("en-GB")
                .setTimezoneId("UTC");
    }
}
