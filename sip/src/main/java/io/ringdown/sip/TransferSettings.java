package io.ringdown.sip;

/**
 * Whether calls are transferred by SIP on a trunk.
 *
 * @param accept whether its REFERs (RFC 3515) and its INVITEs with Replaces (RFC 3891) are taken: each may become a call that
 *     somebody pays for. Where not, REFER meets 603, and Replaces is an extension that we do not have (RFC 3261 8.2.2.3): 420
 *     where it is required, and an ordinary call where it is not
 * @param ask whether transfers of our side go to it as REFER
 */
public record TransferSettings(boolean accept, boolean ask) {

    /** None of its own are taken; it is asked to make ours. */
    public static TransferSettings defaults() {
        return new TransferSettings(false, true);
    }
}
