package io.ringdown.gateway.softphones;

import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.TransferStage;
import java.util.List;
import java.util.Optional;

/**
 * A phone's REFER and what becomes of it, told by NOTIFY (RFC 3515 §2.4). Pure, as its {@link PhoneCall} is. It is answered once it is
 * known whether anything can become of it, which the call says at once.
 */
final class PhoneTransfer {
    private static final int TRYING = 100;
    private static final int RINGING = 180;
    private static final int DONE = 200;

    private Optional<String> ref = Optional.empty();
    private boolean isAccepted;

    boolean isUnderWay() {
        return ref.isPresent();
    }

    void onAsked(String under) {
        ref = Optional.of(under);
        isAccepted = false;
    }

    boolean isThis(Optional<String> told) {
        return ref.isPresent() && ref.equals(told);
    }

    List<PhoneAction> onNews(CallNews.Transfer told) {
        if (told.stage() == TransferStage.FAILED) {
            return fail(told.failure()
                    .orElse(Ending.of(EndCause.UNAVAILABLE))
                    .cause()
                    .sip());
        }
        int status = switch (told.stage()) {
            case ASKED, REFERRED, TRYING, FAILED -> TRYING;
            case RINGING -> RINGING;
            case DONE -> DONE;
        };
        if (!isAccepted) {
            isAccepted = true;
            // Whose REFER is accepted has 100 for it already.
            return status == TRYING
                    ? List.of(new PhoneAction.AcceptRefer())
                    : List.of(new PhoneAction.AcceptRefer(), progress(status));
        }
        return List.of(progress(status));
    }

    /** It cannot be asked for, or not now. */
    List<PhoneAction> onRefused(int status) {
        return fail(status);
    }

    private PhoneAction progress(int status) {
        if (status >= DONE) {
            ref = Optional.empty();
        }
        return new PhoneAction.ReferProgress(status);
    }

    private List<PhoneAction> fail(int status) {
        ref = Optional.empty();
        return List.of(isAccepted ? new PhoneAction.ReferProgress(status) : new PhoneAction.RejectRefer(status));
    }
}
