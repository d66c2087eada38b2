package io.ringdown.gateway.call;

import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Diagnosis;

/**
 * How a call's media do.
 *
 * @param since an earlier moment, for what is told of the time in between
 * @param now everything that is measured
 * @param verdict who does not hear whom, and why
 */
public record QualityReport(CallQuality since, CallQuality now, Diagnosis verdict) {}
