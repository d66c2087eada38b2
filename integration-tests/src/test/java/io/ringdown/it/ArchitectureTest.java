package io.ringdown.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The directions between the rooms, where library types stop, and the parts of the house style that bytecode shows. */
final class ArchitectureTest {

    private static final String CONF = "io.ringdown.conf..";
    private static final String DTMF = "io.ringdown.dtmf..";
    private static final String SIP = "io.ringdown.sip..";
    private static final String MEDIA = "io.ringdown.media..";
    private static final String GATEWAY = "io.ringdown.gateway..";
    private static final String PRACTICE = "io.ringdown.practice..";
    private static final String BENCH = "io.ringdown.bench..";
    private static final String EVIDENCE = "io.ringdown.evidence.."; // for tests: no room uses it
    private static final String[] ROOMS = {CONF, DTMF, SIP, MEDIA, GATEWAY, PRACTICE, BENCH, EVIDENCE};

    private static JavaClasses ringdown;

    @BeforeAll
    static void importClasses() {
        ringdown = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.ringdown");
    }

    @Test
    void everyRoomIsSeenByTheseRules() {
        for (String room : ROOMS) {
            String root = room.substring(0, room.length() - 2);
            assertThat(ringdown.stream().map(JavaClass::getPackageName))
                    .as("classes of " + root)
                    .anyMatch(name -> name.equals(root) || name.startsWith(root + "."));
        }
    }

    @Test
    void roomsKnowOnlyTheRoomsBelowThem() {
        room(CONF).mayUse();
        room(DTMF).mayUse();
        room(SIP).mayUse();
        room(MEDIA).mayUse(DTMF);
        room(GATEWAY).mayUse(SIP, MEDIA, DTMF, CONF);
        room(PRACTICE).mayUse(SIP, MEDIA, DTMF);
        room(BENCH).mayUse(GATEWAY, SIP, MEDIA, DTMF, CONF);
        room(EVIDENCE).mayUse();
    }

    @Test
    void theRoomsFormNoCycle() {
        slices().matching("io.ringdown.(*)..").should().beFreeOfCycles().check(ringdown);
    }

    @Test
    void callStateKnowsNeitherSocketsNorThreads() {
        noClasses()
                .that()
                .resideInAPackage("io.ringdown.gateway.call..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "java.nio.channels..", "org.eclipse.jetty..", "javax.sip..")
                .because("a call is pure: an event in, actions out")
                .check(ringdown);
    }

    @Test
    void libraryTypesStopAtTheirEdge() {
        library("javax.sip..", "gov.nist..").staysIn("io.ringdown.sip.jain..");
        library("org.xbill..").staysIn("io.ringdown.sip.locate.dns..");
        library("org.ice4j..").staysIn("io.ringdown.media.ice..", "io.ringdown.media.discovery..");
        library("org.bouncycastle..")
                .staysIn("io.ringdown.media.dtls..", "io.ringdown.sip.tls..", "io.ringdown.gateway.tls..", BENCH);
        library("org.jitsi..").staysIn("io.ringdown.media.srtp..", BENCH);
        library("org.apache.commons..", "org.yaml..").staysIn(CONF);
        library("org.eclipse.jetty..").staysIn("io.ringdown.gateway.signaling..", "io.ringdown.gateway.app..");
        library("com.fasterxml..")
                .staysIn(
                        "io.ringdown.gateway.signaling..",
                        "io.ringdown.gateway.json..",
                        "io.ringdown.gateway.app..",
                        "io.ringdown.gateway.journal..",
                        "io.ringdown.gateway.hooks..",
                        "io.ringdown.gateway.api..",
                        "io.ringdown.bench..");
        library("org.concentus..", "io.github.jaredmdobson..").staysIn("io.ringdown.media.codec..");
        library("com.google.i18n..").staysIn("io.ringdown.gateway.routing..");
        library("com.nimbusds..").staysIn("io.ringdown.gateway.tokens..");
        library("ch.qos.logback..").staysIn("io.ringdown.gateway.app..", PRACTICE);
    }

    @Test
    void onlyTheCommandLinesPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ringdown.gateway.app..", PRACTICE, BENCH, EVIDENCE)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ringdown);
    }

    @Test
    void logsGoThroughSlf4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ringdown.gateway.app..", PRACTICE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.log4j..", "org.apache.logging..")
                .check(ringdown);
    }

    @Test
    void pureRoomsDoNotReadTheClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        DTMF,
                        "io.ringdown.sip.locate",
                        "io.ringdown.sip.health..",
                        "io.ringdown.sip.register..",
                        "io.ringdown.media.rtp..",
                        "io.ringdown.media.sdp..",
                        "io.ringdown.media.bridge..",
                        "io.ringdown.media.quality..",
                        "io.ringdown.media.hearing..",
                        "io.ringdown.gateway.call..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .allowEmptyShould(true)
                .because("pure cores take `now`")
                .check(ringdown);
    }

    @Test
    void classesThatCanBeFinalAre() {
        classes()
                .that(new DescribedPredicate<>("are classes that nothing extends") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !type.isInterface()
                                && !type.isEnum()
                                && !type.isRecord()
                                && !type.isAnonymousClass()
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                                && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                                && !type.getSimpleName().equals("package-info")
                                && type.getSubclasses().isEmpty();
                    }
                })
                .should()
                .haveModifier(JavaModifier.FINAL)
                .allowEmptyShould(true)
                .check(ringdown);
    }

    @Test
    void everyPackageDeclaresItsNulls() {
        List<String> unmarked = new ArrayList<>();
        TreeSet<String> packages = new TreeSet<>();
        for (JavaClass type : ringdown) {
            packages.add(type.getPackageName());
        }
        for (String name : packages) {
            if (!ringdown.getPackage(name).isAnnotatedWith(NullMarked.class)) {
                unmarked.add(name);
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(ringdown);
    }

    private static Room room(String pattern) {
        return new Room(pattern);
    }

    private static Library library(String... packages) {
        return new Library(List.of(packages));
    }

    /** One room, to be held to the rooms it may use. */
    private record Room(String pattern) {
        void mayUse(String... others) {
            List<String> forbidden = new ArrayList<>(List.of(ROOMS));
            forbidden.remove(pattern);
            forbidden.removeAll(List.of(others));
            ArchRule rule = noClasses()
                    .that()
                    .resideInAPackage(pattern)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .allowEmptyShould(true);
            rule.check(ringdown);
        }
    }

    /** The packages of one library, to be held to the packages of ours that may name it. */
    private record Library(List<String> packages) {
        void staysIn(String... ours) {
            ArchRuleDefinition.noClasses()
                    .that()
                    .resideOutsideOfPackages(ours)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages.toArray(String[]::new))
                    .check(ringdown);
        }
    }
}
