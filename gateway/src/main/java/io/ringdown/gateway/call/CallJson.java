package io.ringdown.gateway.call;

import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;

/**
 * A call that is up, as JSON, for another process or a later moment of this one. Whoever has the text can listen to the call and end
 * it: it belongs into no log. Digits are not in it. Pure.
 */
final class CallJson {
    // To be raised with every change of what is written: of our own records here, in sip and in media.
    static final int VERSION = 4;

    private CallJson() {}

    static String write(LiveCallState call) {
        return RecordJson.write(VERSION, call);
    }

    static LiveCallState read(String json) throws BadJsonException {
        return RecordJson.read(VERSION, LiveCallState.class, json);
    }
}
