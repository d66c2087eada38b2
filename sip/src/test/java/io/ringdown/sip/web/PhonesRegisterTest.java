package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PhonesRegisterTest {
    private final Reception room = new Reception();
    private final WebSip sip =
            WebSip.start(WebSipSettings.defaults().withDomain("pbx.example").withAway(Duration.ofSeconds(1)), room);
    private final TextPhone alice = new TextPhone("alice", "a1.invalid").connect(sip);

    @AfterEach
    void stop() {
        sip.close();
    }

    @Test
    void aPhoneIsAskedWhoItIsAndRegistersByDigest() {
        assertThat(alice.isProved()).isFalse();
        String answer = alice.signIn("secret of alice");

        assertThat(answer).startsWith("SIP/2.0 200");
        assertThat(alice.isProved()).isTrue();
        assertThat(TextPhone.header(answer, "Contact"))
                .contains("a1.invalid")
                .contains("+sip.instance=\"<urn:uuid:a1.invalid>\"")
                .contains("reg-id=1")
                .contains("expires=600");
        assertThat(answer).contains("Require: outbound").contains("Flow-Timer: 120");
        room.await("registered alice for 600");
    }

    @Test
    void theLastChallengeIsMd5SinceTheClientsKeepNoOther() {
        alice.raw(alice.register(""));
        String challenge = alice.next("SIP/2.0 401");

        assertThat(TextPhone.headers(challenge, "WWW-Authenticate"))
                .hasSize(3)
                .satisfies(all -> assertThat(all.get(2)).contains("Digest", "algorithm=MD5"))
                .satisfies(all -> assertThat(all.get(1)).contains("Digest", "algorithm=SHA-256"))
                .satisfies(all -> assertThat(all.get(0)).contains("Bearer"));
        assertThat(TextPhone.header(challenge, "Via")).doesNotContain("240.").doesNotContain("rport");
    }

    @Test
    void aRegisterThatRequiresWhatNobodyHereKnowsMeets420AndRegistersNobody() {
        alice.raw(alice.register("Require: outbound, foo\r\nAuthorization: Bearer token.of.alice\r\n"));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 420").contains("Unsupported: foo\r\n");
        assertThat(room.told).isEmpty();
    }

    @Test
    void aRegisterMayRequireOutboundWhetherItSaysToSupportItOrNot() {
        alice.raw(alice.register("Require: outbound\r\nAuthorization: Bearer token.of.alice\r\n")
                .replace("Supported: outbound\r\n", ""));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200").contains("Require: outbound");
        room.await("registered alice for 600");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserMeetTheSame() {
        String wrong = alice.signIn("secret of bob");
        TextPhone mallory = new TextPhone("mallory", "m.invalid").connect(sip);
        String unknown = mallory.signIn("secret of mallory");

        assertThat(wrong).startsWith("SIP/2.0 401");
        assertThat(unknown.lines().findFirst()).isEqualTo(wrong.lines().findFirst());
        assertThat(TextPhone.headers(unknown, "WWW-Authenticate"))
                .hasSameSizeAs(TextPhone.headers(wrong, "WWW-Authenticate"));
    }

    @Test
    void aTokenRegistersToo() {
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
        room.await("registered alice for 600");
    }

    @Test
    void aTokenOfAnotherRegistersNobodyElse() {
        alice.raw(alice.register("Authorization: Bearer token.of.bob\r\n"));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 403");
    }

    @Test
    void whoSignsInByAnExtensionIsItsUserAndWhoHasATokenOfThatNameIsSomebodyElse() {
        TextPhone extension = new TextPhone("101", "e.invalid").connect(sip);
        assertThat(extension.signIn("secret of alice")).startsWith("SIP/2.0 200");
        room.await("registered alice for 600");

        TextPhone stranger = new TextPhone("101", "s.invalid").connect(sip);
        stranger.raw(stranger.register("Authorization: Bearer token.of.101\r\n"));
        assertThat(TextPhone.headers(stranger.next("SIP/2.0 200"), "Contact")).hasSize(1);
        room.await("registered 101 for 600");
    }

    @Test
    void whoRegistersAgainShowsAgainWhoTheyAreAndIsRegisteredNoMoreWithAPasswordThatWasChanged() {
        alice.signIn("secret of alice");
        alice.raw(alice.register(""));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 200");

        room.secrets.put("alice", "another secret");
        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 401");
        room.await("unregistered alice");
        alice.raw(alice.request("INVITE", "123", "c", 1, alice.contact(), TextPhone.SDP));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
        assertThat(alice.signIn("another secret")).startsWith("SIP/2.0 200");
    }

    @Test
    void whoLeavesIsNotAskedAgain() {
        alice.signIn("secret of alice");
        alice.raw(alice.register("").replace("expires=600", "expires=0"));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
        room.await("unregistered alice");
    }

    @Test
    void aRegistrationByATokenLastsNoLongerThanTheTokenAndGoesWithOneThatIsSpent() {
        room.tokensLast = Optional.of(Duration.ofSeconds(90));
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));
        assertThat(TextPhone.header(alice.next("SIP/2.0 200"), "Contact")).containsPattern("expires=(90|89)$");

        room.spent.add("token.of.alice");
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
        room.await("unregistered alice");
        alice.raw(alice.request("INVITE", "123", "c", 1, alice.contact(), TextPhone.SDP));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
    }

    @Test
    void whoseTokenHasRunOutMayTryToCallAsFarAsTheRoomLetsThem() {
        room.tokensLast = Optional.of(Duration.ZERO);
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));
        alice.next("SIP/2.0 ");
        alice.raw(alice.request("INVITE", "123", "c", 1, alice.contact(), TextPhone.SDP));
        assertThat(room.invite().phone().user()).isEqualTo("alice");
    }

    @Test
    void whoseTokenHasRunOutDrawsNoPhoneOfAnotherSocketToTheirs() {
        TextPhone thief = new TextPhone("alice", "a1.invalid").connect(sip);
        room.tokensLast = Optional.of(Duration.ZERO);
        thief.raw(thief.register("Authorization: Bearer token.of.alice\r\n"));
        thief.next("SIP/2.0 200");
        room.tokensLast = Optional.empty();
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n").replace("reg-", "again-"));
        alice.next("SIP/2.0 200");
        room.await("registered alice for 600");

        thief.raw(thief.request("INVITE", "112", "c", 1, thief.contact(), TextPhone.SDP));
        PhoneId registered = new PhoneId("alice", "<urn:uuid:a1.invalid>");
        assertThat(room.invite().phone()).isNotEqualTo(registered);
        sip.invite(
                registered,
                new WebSipInvite(
                        Optional.empty(),
                        Optional.empty(),
                        "alice",
                        TextPhone.SDP,
                        Map.of(),
                        Optional.empty(),
                        Optional.empty()),
                _ -> {});
        alice.next("INVITE ");
    }

    @Test
    void aCallForHelpGoesOutThoughThePasswordIsNoGoodAnyMore() {
        alice.signIn("secret of alice");
        room.secrets.put("alice", "another secret");
        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 401");

        alice.raw(alice.request("INVITE", "112", "help", 1, alice.contact(), TextPhone.SDP));
        assertThat(room.invite().phone().user()).isEqualTo("alice");
        TextPhone stranger = new TextPhone("alice", "s.invalid").connect(sip);
        stranger.raw(stranger.request("INVITE", "112", "c", 1, stranger.contact(), TextPhone.SDP));
        assertThat(stranger.next("SIP/2.0 ")).as("who was never let in").startsWith("SIP/2.0 401");
    }

    @Test
    void whatANeighbourGuessesShutsNobodyOutWhoIsIn() {
        alice.signIn("secret of alice");
        TextPhone neighbour = new TextPhone("alice", "n.invalid").connect(sip);
        String last = "";
        for (int i = 0; i <= 10; i++) {
            last = neighbour.signIn("guess " + i);
        }
        assertThat(last).startsWith("SIP/2.0 503");

        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 200");
        assertThat(alice.signIn("wrong")).startsWith("SIP/2.0 401");
        assertThat(alice.signIn("wrong")).as("once wrong, one is as anybody").startsWith("SIP/2.0 503");
    }

    @Test
    void aTokenThatRanOutWhereItWasGoodIsNoGuess() {
        for (int i = 0; i < 12; i++) {
            TextPhone page = new TextPhone("user" + i, "p" + i + ".invalid").connect(sip);
            String token = "token.of.user" + i;
            page.raw(page.register("Authorization: Bearer " + token + "\r\n"));
            page.next("SIP/2.0 200");
            room.spent.add(token);
            page.raw(page.register("Authorization: Bearer " + token + "\r\n"));
            assertThat(page.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
        }
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));
        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 200");
    }

    @Test
    void whileNobodyCanSayWhoIsThereNobodyIsWrongAndNobodyLosesTheirRegistration() {
        alice.signIn("secret of alice");
        room.isSilent = true;
        for (int i = 0; i < 12; i++) {
            assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 503");
        }
        room.isSilent = false;
        assertThat(alice.signIn("secret of alice")).startsWith("SIP/2.0 200");
        assertThat(room.told).doesNotContain("unregistered alice");
    }

    @Test
    void whoWasShutOutTakesNobodysRegistrationAway() {
        TextPhone thief = new TextPhone("alice", "t.invalid").connect(sip);
        thief.signIn("secret of alice");
        room.secrets.put("alice", "another secret");
        assertThat(thief.signIn("secret of alice")).startsWith("SIP/2.0 401");
        alice.signIn("another secret");

        thief.raw(thief.register("").replaceAll("Contact: [^\r]*", "Contact: *\r\nExpires: 0"));
        assertThat(thief.next("SIP/2.0 ")).startsWith("SIP/2.0 401");
    }

    @Test
    void aSocketDoesNotBecomeSomebodyElses() {
        alice.raw(alice.register("Authorization: Bearer token.of.alice\r\n"));
        alice.next("SIP/2.0 200");
        alice.raw(alice.register("Authorization: Bearer token.of.bob\r\n"));

        assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 403");
    }

    @Test
    void theRoomHearsOfTwoChangesAtOnceInTheirOrder() {
        TextPhone other = new TextPhone("alice", "a2.invalid").connect(sip);
        room.beforeRegistered.set(() -> {
            other.raw(other.register("Authorization: Bearer token.of.alice\r\n")
                    .replaceFirst("Contact: .*", "Contact: *")
                    .replace("Expires: 600", "Expires: 0"));
            // Whatever overtakes has done so within this time; who is not overtaken loses nothing by it.
            try {
                String overtaking = room.told.poll(500, TimeUnit.MILLISECONDS);
                if (overtaking != null) {
                    room.told.add(overtaking);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        alice.signIn("secret of alice");

        assertThat(room.next()).isEqualTo("registered alice for 600");
        assertThat(room.next()).isEqualTo("unregistered alice");
    }

    @Test
    void aPingIsAnswered() {
        alice.raw("\r\n".repeat(2));

        assertThat(alice.next("\r")).isBlank();
    }

    @Test
    void whatIsNoSipClosesTheSocket() {
        alice.raw("{\"type\":\"hello\"}");

        alice.next("closed 1007");
    }

    @Test
    void aPhoneThatStaysAwayIsRegisteredNoMore() {
        alice.signIn("secret of alice");
        alice.cut();

        room.await("away alice");
        room.await("unregistered alice");
    }

    @Test
    void aPhoneThatComesBackIsTheSame() {
        alice.signIn("secret of alice");
        alice.cut();
        room.await("away alice");
        TextPhone again = new TextPhone("alice", "a1.invalid").connect(sip);
        again.raw(again.register("Authorization: Bearer token.of.alice\r\n").replace("Call-ID: reg-", "Call-ID: two-"));

        assertThat(TextPhone.headers(again.next("SIP/2.0 200"), "Contact")).hasSize(1);
        room.await("back alice");
    }

    @Test
    void mostRequestsOutsideOfDialogsAreRefusedEachInItsWay() {
        alice.signIn("secret of alice");
        String[][] expected = {
            {"OPTIONS", "200"},
            {"MESSAGE", "405"},
            {"PUBLISH", "405"},
            {"SUBSCRIBE", "489"},
            {"BYE", "481"},
            {"REFER", "603"}
        };
        for (String[] one : expected) {
            alice.raw(alice.request(
                    one[0],
                    "bob",
                    "c-" + one[0],
                    1,
                    "Event: presence\r\nRefer-To: <sip:1@x>\r\n" + alice.contact(),
                    ""));
            assertThat(alice.next("SIP/2.0 ")).startsWith("SIP/2.0 " + one[1]);
        }
    }
}
