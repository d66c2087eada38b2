package io.ringdown.evidence;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * This test shows these rows; on a class, each of its tests does. What stands at a method counts instead of what stands at its
 * class. A row is shown by nothing but tests in which somebody else's program was the peer: {@link Peers}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("row")
public @interface Shows {
    Row[] value();
}
