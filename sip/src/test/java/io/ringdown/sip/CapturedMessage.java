package io.ringdown.sip;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A SIP message as Kamailio's sipcapture has read it out of a HEP packet and db_text has written it into a file: a line with
 * colons between, the columns in the order of the file's first line.
 *
 * @param what method or status
 * @param callId out of the message
 * @param from address and port, out of the packet
 * @param to the same
 * @param correlationId out of the packet
 * @param protocol Kamailio's number for it: 1 for UDP, 2 for TCP
 * @param node who has captured it: a name of Kamailio's, and the packet's capture id
 * @param message the whole
 */
record CapturedMessage(
        String what,
        String callId,
        String from,
        String to,
        String correlationId,
        String protocol,
        String node,
        String message) {
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
    private static final List<String> NUMBERS = List.of(
            "micro_ts",
            "source_port",
            "destination_port",
            "contact_port",
            "originator_port",
            "proto",
            "family",
            "type");
    private static final List<String> COLUMNS =
            Arrays.asList(("date micro_ts method reply_reason ruri ruri_user ruri_domain"
                            + " from_user from_domain from_tag to_user to_domain to_tag pid_user contact_user auth_user callid"
                            + " callid_aleg via_1 via_1_branch cseq diversion reason content_type auth user_agent source_ip"
                            + " source_port destination_ip destination_port contact_ip contact_port originator_ip originator_port"
                            + " correlation_id custom_field1 custom_field2 custom_field3 proto family rtp_stat type node msg")
                    .split(" ", -1));

    /** The first line of the file: every column that sipcapture writes. */
    static String columns() {
        return COLUMNS.stream()
                        .map(column -> column
                                + (column.equals("date")
                                        ? "(time,null)"
                                        : NUMBERS.contains(column) ? "(int,null)" : "(str,null)"))
                        .collect(Collectors.joining(" "))
                + "\n";
    }

    static CapturedMessage of(String line) {
        // A colon inside a value is escaped.
        String[] values = line.split("(?<!\\\\):", -1);
        return new CapturedMessage(
                value(values, "method"),
                value(values, "callid"),
                value(values, "source_ip") + ":" + value(values, "source_port"),
                value(values, "destination_ip") + ":" + value(values, "destination_port"),
                value(values, "correlation_id"),
                value(values, "proto"),
                value(values, "node"),
                value(values, "msg"));
    }

    private static String value(String[] values, String column) {
        return ESCAPED.matcher(values[COLUMNS.indexOf(column)])
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "r" -> "\r";
                            case "n" -> "\n";
                            default -> found.group(1);
                        }));
    }
}
