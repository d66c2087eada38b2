package io.ringdown.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * What the process of one end is started with; written as JSON on its command line.
 *
 * @param board the file that both ends map
 * @param places the most calls at once
 * @param seed of phases and faults
 * @param web the browsers' codec
 * @param trunk the trunk's codec
 * @param webLine the way from browsers to the gateway
 * @param trunkLine the way from the trunk to the gateway
 * @param gateway where the gateway serves HTTP
 * @param trunkPort where the trunk listens for SIP
 * @param trunkSrtp whether the trunk's RTP is encrypted
 */
record EndSettings(
        Path board,
        int places,
        long seed,
        Format web,
        Format trunk,
        Line.Spec webLine,
        Line.Spec trunkLine,
        URI gateway,
        int trunkPort,
        boolean trunkSrtp) {}
