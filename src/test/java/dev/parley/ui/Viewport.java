package dev.parley.ui;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;

/** Through what someone looks at the page. */
enum Viewport {
    DESK(1280, 800, ColorScheme.LIGHT),
    NIGHT(1280, 800, ColorScheme.DARK),
    PHONE(360, 740, ColorScheme.LIGHT);

    private final int width;
    private final int height;
    private final ColorScheme colours;

    Viewport(int width, int height, ColorScheme colours) {
        this.width = width;
        this.height = height;
        this.colours = colours;
    }

    /** In a language and a time zone that are the same on every machine. */
    Browser.NewContextOptions options() {
        return new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(colours)
                .setLocale("en-GB")
                .setTimezoneId("UTC");
    }
}
