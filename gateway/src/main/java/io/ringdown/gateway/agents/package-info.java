/** Who works at the telephones: people, their devices, whether they can take a call, and the groups that share calls. */
@NullMarked
package io.ringdown.gateway.agents;

import org.jspecify.annotations.NullMarked;
