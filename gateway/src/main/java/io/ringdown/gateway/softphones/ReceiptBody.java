package io.ringdown.gateway.softphones;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.sip.InfoBody;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What became of a press, as the body of an INFO to a phone that has asked for it: the fields of {@code dtmf-receipt} of our own
 * protocol. Nothing in it is a peer's text, and no digit.
 */
final class ReceiptBody {
    /** The header by which a phone asks, with the value {@code yes}. */
    static final String ASKED_BY = "X-Ringdown-Receipts";

    static final String MEDIA_TYPE = "application/vnd.ringdown.dtmf-receipt+json";

    private ReceiptBody() {}

    static InfoBody of(CallNews.Receipt told) {
        String more = switch (told.receipt()) {
            case PressReceipt.Accepted _ -> state("accepted");
            case PressReceipt.Sent sent ->
                state("sent")
                        + road(sent.road())
                        + number("duration", sent.length().toMillis());
            case PressReceipt.Signalled signalled ->
                state("sent")
                        + road(DtmfRoad.INFO)
                        + number("duration", signalled.length().toMillis());
            case PressReceipt.Confirmed _ -> state("confirmed");
            case PressReceipt.Unconfirmable doubt -> state("unconfirmable") + text("reason", code(doubt.why()));
            case PressReceipt.Failed failed ->
                state("failed") + text("reason", code(failed.why())) + status(failed.status());
        };
        return new InfoBody(MEDIA_TYPE, "{\"press\":" + told.press() + more + "}");
    }

    private static String state(String state) {
        return text("state", state);
    }

    private static String road(DtmfRoad road) {
        return text("road", road.code());
    }

    private static String status(OptionalInt status) {
        return status.isPresent() ? number("sip", status.getAsInt()) : "";
    }

    private static String text(String name, String code) {
        return ",\"" + name + "\":\"" + code + "\"";
    }

    private static String number(String name, long value) {
        return ",\"" + name + "\":" + value;
    }

    private static String code(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
