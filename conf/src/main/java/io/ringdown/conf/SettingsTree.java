package io.ringdown.conf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.AbstractYAMLBasedConfiguration;
import org.apache.commons.configuration2.tree.DefaultExpressionEngine;
import org.apache.commons.configuration2.tree.DefaultExpressionEngineSymbols;
import org.apache.commons.configuration2.tree.ImmutableNode;

/**
 * The values of the file under those of the environment, as written: every value is a text, and nothing in it is looked up
 * or replaced. One thread.
 */
final class SettingsTree extends AbstractYAMLBasedConfiguration {

    /** {@link YamlSource} allows none of these characters in a key, so that no key needs an escape. */
    private static final DefaultExpressionEngineSymbols SYMBOLS = new DefaultExpressionEngineSymbols.Builder(
                    DefaultExpressionEngineSymbols.DEFAULT_SYMBOLS)
            .setPropertyDelimiter("/")
            .setEscapedDelimiter("//")
            .create();

    private final Layout layout;

    SettingsTree(Map<String, Object> values, Layout layout) {
        this.layout = layout;
        // ${sys:}, ${env:}, ${file:}, ${script:} and all others stay what they are: text.
        setPrefixLookups(Map.of());
        setDefaultLookups(List.of());
        setExpressionEngine(new DefaultExpressionEngine(SYMBOLS));
        load(values);
    }

    Layout layout() {
        return layout;
    }

    /** The text behind {@code path}, if there is a single value. */
    Optional<String> text(KeyPath path) {
        return layout.kind(path) == Layout.Kind.TEXT
                ? node(path).map(node -> (String) node.getValue())
                : Optional.empty();
    }

    void override(KeyPath path, String text, Place variable) {
        clearTree(expression(path));
        addProperty(expression(path), text);
        layout.override(path, Layout.Kind.TEXT, 0, variable);
    }

    void override(KeyPath path, List<String> texts, Place variable) {
        clearTree(expression(path));
        addProperty(expression(path), texts);
        layout.override(path, Layout.Kind.LIST, texts.size(), variable);
    }

    private Optional<ImmutableNode> node(KeyPath path) {
        ImmutableNode node = getNodeModel().getNodeHandler().getRootNode();
        List<String> steps = path.steps();
        for (int at = 0; at < steps.size(); at++) {
            List<ImmutableNode> named = node.getChildren(steps.get(at));
            int index = 0;
            if (at + 1 < steps.size() && KeyPath.isIndex(steps.get(at + 1))) {
                at++;
                index = indexOf(steps.get(at));
            }
            if (index >= named.size()) {
                return Optional.empty();
            }
            node = named.get(index);
        }
        return Optional.of(node);
    }

    private static String expression(KeyPath path) {
        StringBuilder expression = new StringBuilder();
        for (String step : path.steps()) {
            if (KeyPath.isIndex(step)) {
                expression.append('(').append(indexOf(step)).append(')');
            } else {
                expression.append(expression.isEmpty() ? "" : "/").append(step);
            }
        }
        return expression.toString();
    }

    private static int indexOf(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }
}
