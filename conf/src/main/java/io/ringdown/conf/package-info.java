/** The binder: a YAML file becomes any record, with every error at once. */
@NullMarked
package io.ringdown.conf;

import org.jspecify.annotations.NullMarked;
