package io.ringdown.gateway.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the system to the process. A shutdown hook hears of the first one only; who stops a gateway that waits for its calls
 * has to be heard again. Java has no API of its own for that but {@code sun.misc.Signal} of the module jdk.unsupported, which every
 * JDK has (JEP 260) and the compiler warns of even where warnings are suppressed: so it is called by reflection. Without it the
 * first signal still drains, and the second does nothing.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Runs this on each such signal ({@code INT}, {@code TERM}), in place of what the JVM does. */
    @SuppressWarnings("ReferenceEquality") // what a proxy without a state of its own is equal to: itself
    static void on(String name, Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    task.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "on " + name;
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | RuntimeException unavailable) {
            LOG.debug("SIG{} is left to the JVM", name, unavailable);
        }
    }
}
