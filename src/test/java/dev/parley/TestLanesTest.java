package dev.parley;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Tests that every test class is in one of the lanes of CONTRIBUTING.md. A class {@code *IT}
 * without a tag, or a test class with another name, would never run.
 */
class TestLanesTest {

    private static final JavaClasses TESTS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.OnlyIncludeTests())
                    .importPackages("dev.parley");

    @Test
    void integrationTests_haveATag() {
        classes()
                .that()
                .haveSimpleNameEndingWith("IT")
                .should()
                .beAnnotatedWith(Tag.class)
                .orShould()
                .beAnnotatedWith(Tags.class)
                .check(TESTS);
    }

    @Test
    void otherTests_haveNone() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Test")
                .should()
                .notBeAnnotatedWith(Tag.class)
                .andShould()
                .notBeAnnotatedWith(Tags.class)
                .check(TESTS);
    }

    @Test
    void testMethods_areInClassesThatMavenFinds() {
        methods()
                .that()
                .areAnnotatedWith(Test.class)
                .or()
                .areAnnotatedWith(ParameterizedTest.class)
                .should()
                .beDeclaredInClassesThat()
                .haveNameMatching(".*(Test|IT)")
                .check(TESTS);
    }

    /**
     * Quarkus tests share one application in the JVM, so that only one of them can run at a time.
     */
    @Test
    void testsThatRunTwoAtATime_useNoQuarkus() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("IT")
                .and()
                .resideInAnyPackage("dev.parley.dynamodb..", "dev.parley.packaged..")
                .should()
                .beAnnotatedWith(QuarkusTest.class)
                .check(TESTS);
    }
}
