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

/** Who may know whom: {@code ingest → session ← api}, {@code dynamodb → session}. */
class ArchitectureTest {

    private static final JavaClasses PARLEY =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.parley");

    @Test
    void packages_knowTheDomainAndNotEachOther() {
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

    /** Inside the store, format and plan know of no requests; arrows go one way. */
    @Test
    void store_isLayered() {
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
    void packages_haveNoCycles() {
        slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(PARLEY);
    }

    /** No client and nothing asynchronous: what to write is tested without a database. */
    @ParameterizedTest
    @ValueSource(strings = {"layout", "plan"})
    void formatAndPlan_arePure(String name) {
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
    void domain_knowsTheJdkAndMutinyOnly() {
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
     * A reader that is bound to nobody sees everything: only what counts over all sessions has one,
     * and asks first who wants to know.
     */
    @Test
    void api_readsAsTheCaller() {
        DescribedPredicate<JavaClass> bound =
                resideInAPackage("dev.parley.api..").and(not(simpleName("HourlyTotals")));
        noCodeUnits()
                .that()
                .areDeclaredInClassesThat(bound)
                .should()
                .haveRawParameterTypes(
                        describe(
                                "with a reader among them",
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
    void library_isKnownToItsOwnerOnly(String owner, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.parley." + owner + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(PARLEY);
    }
}
