package dev.parley;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.session.SessionReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which packages may depend on which others: {@code ingest → session ← api}, {@code dynamodb
 * → session}.
 */
class ArchitectureTest {

    private static final JavaClasses PARLEY =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.parley");

    @Test
    void packages_ofParley_dependOnAllowedPackagesOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("ingest")
                .definedBy("dev.parley.ingest..")
                .layer("api")
                .definedBy("dev.parley.api..")
                .layer("dynamodb")
                .definedBy("dev.parley.dynamodb..")
                .layer("security")
                .definedBy("dev.parley.security..")
                .layer("json")
                .definedBy("dev.parley.json..")
                .layer("session")
                .definedBy("dev.parley.session..")
                .layer("ui")
                .definedBy("dev.parley.ui..")
                .whereLayer("ingest")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("dynamodb")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("ui")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("security")
                .mayOnlyBeAccessedByLayers("api", "ui")
                .whereLayer("json")
                .mayOnlyBeAccessedByLayers("ingest", "api", "dynamodb")
                .check(PARLEY);
    }

    /**
     * Inside {@code dynamodb}, the layout and the plan make no requests, and dependencies have one
     * direction.
     */
    @Test
    void packages_inDynamodb_areLayered() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("layout")
                .definedBy("dev.parley.dynamodb.layout")
                .layer("plan")
                .definedBy("dev.parley.dynamodb.plan")
                .layer("client")
                .definedBy("dev.parley.dynamodb.client")
                .layer("pages")
                .definedBy("dev.parley.dynamodb.pages")
                .layer("write")
                .definedBy("dev.parley.dynamodb.write")
                .layer("read")
                .definedBy("dev.parley.dynamodb.read")
                .layer("follow")
                .definedBy("dev.parley.dynamodb.follow")
                .layer("table")
                .definedBy("dev.parley.dynamodb.table")
                .layer("ports")
                .definedBy("dev.parley.dynamodb")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("write", "ports")
                .whereLayer("client")
                .mayOnlyBeAccessedByLayers("pages", "write", "read", "follow", "table", "ports")
                .whereLayer("pages")
                .mayOnlyBeAccessedByLayers("write", "read", "follow", "ports")
                .whereLayer("write")
                .mayOnlyBeAccessedByLayers("ports")
                .whereLayer("read")
                .mayOnlyBeAccessedByLayers("follow", "ports")
                .whereLayer("follow")
                .mayOnlyBeAccessedByLayers("ports")
                .whereLayer("table")
                .mayOnlyBeAccessedByLayers("ports")
                .whereLayer("ports")
                .mayNotBeAccessedByAnyLayer()
                .check(PARLEY);
    }

    @Test
    void packages_ofParley_haveNoCycles() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(PARLEY);
    }

    /**
     * These packages use no client and nothing asynchronous, so that they are tested without a
     * database.
     */
    @ParameterizedTest
    @ValueSource(strings = {"layout", "plan"})
    void layoutAndPlan_inDynamodb_arePure(String name) {
        classes()
                .that()
                .resideInAPackage("dev.parley.dynamodb." + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.parley.session..",
                        "dev.parley.json..",
                        "dev.parley.dynamodb.layout",
                        "dev.parley.dynamodb.plan",
                        "java..",
                        "org.jspecify..",
                        "io.smallrye.config",
                        "com.fasterxml.jackson..",
                        "software.amazon.awssdk.core",
                        "software.amazon.awssdk.services.dynamodb.model")
                .check(PARLEY);
    }

    @Test
    void domain_ofParley_dependsOnJdkAndMutinyOnly() {
        classes()
                .that()
                .resideInAPackage("dev.parley.session..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.parley.session..", "java..", "io.smallrye.mutiny..", "org.jspecify..")
                .check(PARLEY);
    }

    /**
     * A {@code SessionReader} that is injected is unrestricted. Only {@code HourlyTotals} may take
     * it, because it counts all sessions; {@code StatsResource} calls it only for callers that may
     * see all sessions.
     */
    @Test
    void api_exceptHourlyTotals_readsAsCaller() {
        DescribedPredicate<JavaClass> restricted =
                resideInAPackage("dev.parley.api..").and(not(simpleName("HourlyTotals")));
        noCodeUnits()
                .that()
                .areDeclaredInClassesThat(restricted)
                .should()
                .haveRawParameterTypes(
                        describe(
                                "that include SessionReader",
                                types -> types.stream().anyMatch(type(SessionReader.class))))
                .check(PARLEY);
    }

    @ParameterizedTest
    @CsvSource({
        "dynamodb, software.amazon..",
        "ingest, org.apache.kafka..",
        "ingest, io.smallrye.reactive.messaging..",
        "ingest, org.eclipse.microprofile.reactive.messaging..",
        "api, jakarta.ws.rs..",
    })
    void library_outsideItsOwner_isNotUsed(String owner, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parley." + owner + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(PARLEY);
    }
}
