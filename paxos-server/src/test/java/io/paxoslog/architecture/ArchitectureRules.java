package io.paxoslog.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchRule;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Seat;
import io.paxoslog.core.Version;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Which package may know what: the rules R1 to R4 as code. */
final class ArchitectureRules {

    private static final String CORE = "io.paxoslog.core..";
    private static final String SERVICE = "io.paxoslog.service..";

    /** R1: the core knows the language, how bytes are laid out, and Agrona's collections. */
    static final ArchRule CORE_KNOWS_NOTHING_OUTSIDE =
            classes()
                    .that()
                    .resideInAPackage(CORE)
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            CORE,
                                            "java.lang..",
                                            "java.util",
                                            "java.util.function",
                                            "java.util.stream",
                                            "java.nio.charset",
                                            "org.agrona.collections")
                                    .or(agronaBuffers())
                                    .or(equivalentTo(ByteOrder.class)))
                    .as("R1: core knows only the language, Agrona buffers and collections");

    /** R2: what must be the same on every node, and in every replay, asks the world nothing. */
    static final List<ArchRule> CORE_AND_SERVICE_ARE_DETERMINISTIC =
            List.of(
                    noClasses()
                            .that()
                            .resideInAnyPackage(CORE, SERVICE)
                            .should()
                            .dependOnClassesThat(theWorld())
                            .as("R2: no clock, random, thread, logger, file or socket"),
                    noClasses()
                            .that()
                            .resideInAnyPackage(CORE, SERVICE)
                            .should()
                            .callMethodWhere(
                                    target(
                                            nameMatching(
                                                    "currentTimeMillis|nanoTime|randomUUID"
                                                            + "|identityHashCode|getenv")))
                            .orShould()
                            .callMethod(Math.class, "random")
                            .orShould()
                            .callConstructorWhere(unseededRandom())
                            .as("R2: time is a tick, randomness a seed"));

    /** R3: the core tells its ports, it never asks them. */
    static final List<ArchRule> PORTS_ANSWER_NOTHING =
            List.of(
                    methods()
                            .that(arePortMethods())
                            .should()
                            .haveRawReturnType(void.class)
                            .allowEmptyShould(true)
                            .as("R3: port methods return void"),
                    methods()
                            .that()
                            .areDeclaredInClassesThat()
                            .haveFullyQualifiedName("io.paxoslog.core.Peers")
                            .should()
                            .haveRawReturnType(voidOrListener())
                            .allowEmptyShould(true)
                            .as("R3: peers only choose the listener"),
                    methods()
                            .that(areInputsOfReplica())
                            .should()
                            .haveRawReturnType(voidOrTaken())
                            .allowEmptyShould(true)
                            .as("R3: inputs of the replica return at most taken or not taken"));

    /** R4: each library has the packages that may know it. */
    static final List<ArchRule> LIBRARIES_KEEP_THEIR_PLACE =
            List.of(
                    onlyIn("io.aeron..", "transport", "gateway", "client", "media", "server"),
                    onlyIn("net.openhft..", "log"),
                    onlyIn(
                            "io.paxoslog.codecs..",
                            "log",
                            "transport",
                            "service",
                            "apply",
                            "gateway",
                            "client"),
                    onlyIn("picocli..", "cli"));

    /** R4: a program that uses a cluster has nothing of a node in it. */
    static final ArchRule CLIENTS_KNOW_NO_NODE =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.paxoslog.client..", "io.paxoslog.media..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.paxoslog..")
                                    .and(
                                            DescribedPredicate.not(
                                                    resideInAnyPackage(
                                                                    "io.paxoslog.client..",
                                                                    "io.paxoslog.media..",
                                                                    "io.paxoslog.codecs..")
                                                            .or(valuesOfCore()))))
                    .as("R4: client and media know of a node only values of the core");

    private ArchitectureRules() {}

    /** What calls of operators speak of. */
    private static DescribedPredicate<JavaClass> valuesOfCore() {
        return equivalentTo(Ballot.class)
                .or(equivalentTo(Change.class))
                .or(equivalentTo(Change.Member.class))
                .or(equivalentTo(Decision.Limits.class))
                .or(equivalentTo(KnownVersions.class))
                .or(equivalentTo(MemberId.class))
                .or(equivalentTo(Seat.class))
                .or(equivalentTo(Version.class));
    }

    private static ArchRule onlyIn(String library, String... packages) {
        String[] allowed = new String[packages.length + 1];
        allowed[0] = "io.paxoslog.codecs..";
        for (int i = 0; i < packages.length; i++) {
            allowed[i + 1] = "io.paxoslog." + packages[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage("io.paxoslog..")
                .and()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .as("R4: " + library + " only in " + String.join(", ", packages));
    }

    private static DescribedPredicate<JavaClass> agronaBuffers() {
        return resideInAPackage("org.agrona")
                .and(describe("buffer", type -> type.getSimpleName().endsWith("Buffer")))
                .or(equivalentTo(UnsafeBuffer.class))
                .or(equivalentTo(BitUtil.class));
    }

    private static DescribedPredicate<JavaClass> theWorld() {
        return resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.security..",
                        "java.time..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.agrona.concurrent..",
                        "org.slf4j..")
                .and(DescribedPredicate.not(equivalentTo(Serializable.class)))
                .and(DescribedPredicate.not(equivalentTo(UnsafeBuffer.class)))
                // Whoever calls says what is behind a stream.
                .and(DescribedPredicate.not(equivalentTo(InputStream.class)))
                .and(DescribedPredicate.not(equivalentTo(OutputStream.class)))
                .and(DescribedPredicate.not(equivalentTo(DataInputStream.class)))
                .and(DescribedPredicate.not(equivalentTo(DataOutputStream.class)))
                .and(DescribedPredicate.not(equivalentTo(IOException.class)))
                .or(equivalentTo(Thread.class));
    }

    private static DescribedPredicate<JavaConstructorCall> unseededRandom() {
        return describe(
                "new Random() without a seed",
                call ->
                        call.getTargetOwner().isEquivalentTo(Random.class)
                                && call.getTarget().getRawParameterTypes().isEmpty());
    }

    private static DescribedPredicate<JavaMethod> arePortMethods() {
        return describe(
                "methods of the public interfaces of core",
                method ->
                        method.getOwner().isInterface()
                                && isPublicInCore(method.getOwner())
                                && !method.getOwner().getSimpleName().equals("Peers"));
    }

    private static DescribedPredicate<JavaMethod> areInputsOfReplica() {
        return describe(
                "inputs of Replica",
                method ->
                        method.getOwner().getSimpleName().equals("Replica")
                                && isPublicInCore(method.getOwner())
                                && method.getModifiers().contains(PUBLIC)
                                && !method.getModifiers().contains(STATIC)
                                && !method.getRawParameterTypes().isEmpty());
    }

    private static boolean isPublicInCore(JavaClass type) {
        return type.getPackageName().startsWith("io.paxoslog.core")
                && type.getModifiers().contains(PUBLIC);
    }

    private static DescribedPredicate<JavaClass> voidOrListener() {
        return equivalentTo(void.class).or(equivalentTo(PeerMessages.class));
    }

    private static DescribedPredicate<JavaClass> voidOrTaken() {
        return equivalentTo(void.class).or(equivalentTo(boolean.class));
    }
}
