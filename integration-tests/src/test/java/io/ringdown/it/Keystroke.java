package io.ringdown.it;

import java.util.Map;

/** A key as a person presses it: one that prints its character, Tab, Enter, Escape, Space; Tab may be with Shift, letters with Alt and Shift. */
record Keystroke(String name, boolean shift, boolean alt) {

    static final Keystroke TAB = new Keystroke("Tab", false, false);
    static final Keystroke BACK_TAB = new Keystroke("Tab", true, false);
    static final Keystroke ENTER = new Keystroke("Enter", false, false);
    static final Keystroke ESCAPE = new Keystroke("Escape", false, false);
    static final Keystroke SPACE = new Keystroke(" ", false, false);

    /** Of WebDriver (W3C, 17.4.2), for keys that print nothing. */
    private static final Map<String, String> WEBDRIVER = Map.of("Tab", "\uE004", "Enter", "\uE007", "Escape", "\uE00C");

    private static final Map<String, Integer> VIRTUAL = Map.of("Tab", 9, "Enter", 13, "Escape", 27, " ", 32);
    private static final Map<String, String> TEXT = Map.of("Enter", "\r", " ", " ");

    static Keystroke of(char printed) {
        return new Keystroke(String.valueOf(printed), false, false);
    }

    /** A letter with Alt and Shift. */
    static Keystroke shortcut(char letter) {
        return new Keystroke(String.valueOf(letter), true, true);
    }

    /** The parameters of DevTools' {@code Input.dispatchKeyEvent}. */
    String devTools(boolean down) {
        String text = name.length() == 1 && !alt ? name : TEXT.getOrDefault(name, "");
        return "{\"type\":\"" + (down ? text.isEmpty() ? "rawKeyDown" : "keyDown" : "keyUp") + "\",\"key\":"
                + JsonSocket.quote(name) + ",\"windowsVirtualKeyCode\":"
                + VIRTUAL.getOrDefault(name, (int) name.charAt(0)) + ",\"modifiers\":"
                + ((shift ? 8 : 0) | (alt ? 1 : 0))
                + (down && !text.isEmpty() ? ",\"text\":" + JsonSocket.quote(text) : "") + "}";
    }

    /** The {@code actions} of a key source of WebDriver BiDi's {@code input.performActions}. */
    String biDi() {
        String key = action("keyDown", WEBDRIVER.getOrDefault(name, name)) + ","
                + action("keyUp", WEBDRIVER.getOrDefault(name, name));
        String shifted = action("keyDown", "\uE008") + "," + key + "," + action("keyUp", "\uE008");
        String whole = shift ? shifted : key;
        String chord = action("keyDown", "\uE00A") + "," + whole + "," + action("keyUp", "\uE00A");
        return "[{\"type\":\"key\",\"id\":\"keyboard\",\"actions\":[" + (alt ? chord : whole) + "]}]";
    }

    private static String action(String type, String value) {
        return "{\"type\":\"" + type + "\",\"value\":" + JsonSocket.quote(value) + "}";
    }
}
