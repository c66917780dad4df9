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

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.session.SessionReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .layer("web")
                .definedBy("dev.parley.web..")
                .whereLayer("ingest")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("dynamodb")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("web")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("security")
                .mayOnlyBeAccessedByLayers("api", "web")
                .whereLayer("json")
                .mayOnlyBeAccessedByLayers("ingest", "api", "dynamodb")
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
