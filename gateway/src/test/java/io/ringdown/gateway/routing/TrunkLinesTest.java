package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.sip.CallerIdentity;
import io.ringdown.sip.Diverted;
import io.ringdown.sip.EmergencyCall;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrunkLinesTest {
    private static final NumberPlan GERMANY = new NumberPlan(Optional.of(new Country("DE")));
    private static final PhoneNumber OURS = new PhoneNumber("+493012345");
    private static final PhoneNumber ABROAD = new PhoneNumber("+442079460000");
    private static final EmergencySettings HELP = new EmergencySettings(
            List.of("t"),
            List.of(),
            Optional.of(URI.create("https://lis.example/hq")),
            Optional.empty(),
            Optional.of(OURS),
            true);

    @ParameterizedTest
    @CsvSource({
        "plus, '', '', +4930123456, +4930123456",
        "00, '', '', +4930123456, 004930123456",
        "national, '', '', +4930123456, 030123456",
        "national, '', '', +442079460000, 00442079460000",
        "digits, '', '', +4930123456, 4930123456",
        "plus, +49, 0, +4930123456, 030123456",
        "plus, +49, 0, +442079460000, 0+442079460000",
        "digits, '', 9, +442079460000, 9442079460000",
        "00, '', '', 1000, 1000",
        "00, '', '', *21#, *21#",
    })
    void calledNumberIsWrittenAsTheTrunkWantsIt(
            String out, String strip, String prefix, String number, String written) {
        TrunkNumbers numbers = numbers(OutFormat.parse(out), InFormat.AUTO, strip, prefix);
        // 0+44… is no number: then it goes as it is.
        String expected = written.startsWith("0+") ? number : written;
        assertThat(invite(numbers, CallerSettings.defaults(), new PhoneNumber(number), Caller.UNSAID)
                        .calledNumber())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, +4930123456, +4930123456", "AUTO, 004930123456, +4930123456", "AUTO, 030123456, +4930123456",
        "DIGITS, 4930123456, +4930123456", "DIGITS, 442079460000, +442079460000", "DIGITS, +4930123456, +4930123456",
        "AUTO, 1000, 1000", "DIGITS, 12, 12",
    })
    void numbersOfTheTrunkAreReadAsItWritesThem(InFormat in, String said, String e164) {
        TrunkLines lines = lines(numbers(OutFormat.PLUS, in, "", ""), CallerSettings.defaults());
        InboundInvite invite = new InboundInvite("t", said, Optional.of(said), Optional.empty(), Optional.empty());
        assertThat(lines.called(invite)).hasValue(new PhoneNumber(e164));
        assertThat(lines.read(invite).callerNumber()).hasValue(e164);
    }

    @Test
    void numbersThatACallCameByAreReadLikeTheCallers() {
        TrunkLines lines = lines(TrunkNumbers.defaults(), CallerSettings.defaults());
        Diverted said = new Diverted(Optional.of("030 123456"), Optional.of("alice"), Diverted.Why.AWAY);
        InboundInvite invite = new InboundInvite(
                "t",
                "1000",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(said),
                Optional.empty());
        assertThat(lines.read(invite).diverted())
                .hasValue(new Diverted(Optional.of("+4930123456"), Optional.of("alice"), Diverted.Why.AWAY));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, '', '', 030123456, +4930123456",
        "AUTO, '', '', +442079460000, +442079460000",
        "DIGITS, '', '', 442079460000, +442079460000",
        "AUTO, '', 9, 9030123456, +4930123456", // behind the prefix that its numbers have
        "AUTO, 0, 9, 930123456, +4930123456",
        "AUTO, '', 9, 1000, 1000",
        "AUTO, '', 9, 90900123456, +49900123456", // and no call to 90900...
        "AUTO, '', '', 112, ''",
        "AUTO, '', 9, 9112, ''",
        "AUTO, '', '', alice, ''",
    })
    void whereATrunkRedirectsToIsReadAsItIsWrittenToIt(
            InFormat in, String strip, String prefix, String said, String number) {
        TrunkLines lines = lines(numbers(OutFormat.NATIONAL, in, strip, prefix), CallerSettings.defaults());
        assertThat(lines.redirected("t", said).map(PhoneNumber::digits).orElse(""))
                .isEqualTo(number);
    }

    @Test
    void callerWhoIsNoNumberIsToldAsTheTrunkSaysIt() {
        TrunkLines lines = lines(TrunkNumbers.defaults(), CallerSettings.defaults());
        InboundInvite invite = new InboundInvite("t", "x", Optional.of("alice"), Optional.empty(), Optional.empty());
        assertThat(lines.read(invite).callerNumber()).hasValue("alice");
        assertThat(lines.called(invite)).isEmpty();
    }

    @Test
    void countryOfTheTrunkCountsBeforeOurs() {
        TrunkNumbers american = new TrunkNumbers(
                Optional.of(new Country("US")), OutFormat.NATIONAL, InFormat.AUTO, "", "", Optional.empty(), false);
        OutboundInvite invite =
                invite(american, CallerSettings.defaults(), new PhoneNumber("+12025550100"), caller(OURS, false));
        assertThat(invite.calledNumber()).isEqualTo("2025550100");
        assertThat(invite.callerNumber()).hasValue("011493012345");
    }

    @Test
    void callerIsToldWhereTheTrunkWantsItAndWithheldWhereTheyWishIt() {
        CallerSettings told = new CallerSettings(true, true, Optional.empty(), Optional.empty());
        assertThat(identity(told, caller(OURS, false)))
                .isEqualTo(new CallerIdentity(false, true, true, Optional.empty(), Optional.empty()));
        assertThat(identity(told, caller(OURS, true)))
                .isEqualTo(new CallerIdentity(true, true, true, Optional.empty(), Optional.empty()));
        assertThat(identity(CallerSettings.defaults(), caller(OURS, true)))
                .isEqualTo(new CallerIdentity(true, false, false, Optional.empty(), Optional.empty()));
    }

    @Test
    void diversionStandsOnlyBesideAnotherNumber() {
        CallerSettings diverting =
                new CallerSettings(false, false, Optional.of(OURS), Optional.of(new PhoneNumber("03012346")));
        assertThat(identity(diverting, caller(ABROAD, false)).diversion()).hasValue("+493012345");
        assertThat(identity(diverting, caller(ABROAD, false)).historyInfo()).hasValue("+493012346");
        assertThat(identity(diverting, caller(new PhoneNumber("+493012346"), false))
                        .historyInfo())
                .isEmpty();
        assertThat(identity(diverting, caller(new PhoneNumber("03012345"), false))
                        .diversion())
                .isEmpty();
        assertThat(identity(diverting, Caller.UNSAID).diversion()).isEmpty();
    }

    @Test
    void callForHelpGoesAsItIsWithPlaceAndNumberAndNobodyIsWithheld() {
        TrunkNumbers odd = numbers(OutFormat.ZEROS, InFormat.AUTO, "", "9");
        CallerSettings diverting = new CallerSettings(true, true, Optional.of(ABROAD), Optional.of(ABROAD));
        OutboundInvite invite = lines(odd, diverting)
                .invite("t", new TrunkLines.Leaving(new PhoneNumber("112"), caller(ABROAD, true), true), "sdp");
        assertThat(invite.calledNumber()).isEqualTo("112");
        assertThat(invite.callerNumber()).as("who can be called back").hasValue("00493012345");
        assertThat(invite.form().caller())
                .isEqualTo(new CallerIdentity(false, true, true, Optional.empty(), Optional.empty()));
        assertThat(invite.form().emergency())
                .hasValue(new EmergencyCall(true, Optional.of("https://lis.example/hq"), Optional.of("<presence/>")));
    }

    @Test
    void mistakesAreToldWithTheirKeys() {
        assertThatThrownBy(() -> numbers(OutFormat.PLUS, InFormat.AUTO, "x", ""))
                .hasMessageContaining("strip: x");
        assertThatThrownBy(() -> numbers(OutFormat.PLUS, InFormat.AUTO, "", "1;2"))
                .hasMessageContaining("prefix: 1;2");
        for (String context : List.of("+49>", "a\r\nb", "", "a b", "-x")) {
            assertThatThrownBy(() -> new TrunkNumbers(
                            Optional.empty(), OutFormat.PLUS, InFormat.AUTO, "", "", Optional.of(context), false))
                    .hasMessageContaining("phone-context: ");
        }
        for (String location : List.of("ftp://x", "x", "mailto:a@b")) {
            assertThatThrownBy(() -> new EmergencySettings(
                            List.of(),
                            List.of(),
                            Optional.of(URI.create(location)),
                            Optional.empty(),
                            Optional.empty(),
                            false))
                    .hasMessageContaining("location: ");
        }
        assertThatThrownBy(() -> new EmergencySettings(
                        List.of(),
                        List.of(new PhoneNumber("+112")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .hasMessageContaining("numbers: +112");
    }

    private static TrunkNumbers numbers(OutFormat out, InFormat in, String strip, String prefix) {
        return new TrunkNumbers(Optional.empty(), out, in, strip, prefix, Optional.empty(), false);
    }

    private static Caller caller(PhoneNumber number, boolean anonymous) {
        return new Caller(Optional.of(number), Optional.of("Ada"), anonymous, Map.of());
    }

    private static TrunkLines lines(TrunkNumbers numbers, CallerSettings caller) {
        return new TrunkLines(
                Map.of("t", new TrunkLines.Line(numbers, caller)),
                GERMANY,
                HELP,
                Optional.of(new LocationDocument("<presence/>")));
    }

    private static OutboundInvite invite(TrunkNumbers numbers, CallerSettings settings, PhoneNumber to, Caller from) {
        return lines(numbers, settings).invite("t", new TrunkLines.Leaving(to, from, false), "sdp");
    }

    private static CallerIdentity identity(CallerSettings settings, Caller from) {
        return invite(TrunkNumbers.defaults(), settings, ABROAD, from).form().caller();
    }
}
