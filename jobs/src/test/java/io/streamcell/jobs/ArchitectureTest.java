package io.streamcell.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;
import org.junit.jupiter.api.Test;

/** The house: which room may know which. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.streamcell");

    @Test
    void dependenciesPointFromJobsToModels() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("models")
                .definedBy("io.streamcell.models..")
                .layer("kernels")
                .definedBy("io.streamcell.kernels..")
                .layer("state")
                .definedBy("io.streamcell.state..")
                .layer("operators")
                .definedBy("io.streamcell.operators..")
                .layer("jobs")
                .definedBy("io.streamcell.jobs..")
                .whereLayer("jobs")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("operators")
                .mayOnlyBeAccessedByLayers("jobs")
                .whereLayer("kernels")
                .mayOnlyBeAccessedByLayers("operators", "jobs")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers("operators", "jobs")
                .check(CLASSES);
    }

    @Test
    void modelsAndKernelsKnowNoFlink() {
        noClasses()
                .that()
                .resideInAnyPackage("io.streamcell.models..", "io.streamcell.kernels..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(CLASSES);
    }

    @Test
    void onlyJobsKnowKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.streamcell.jobs..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..", "org.apache.flink.connector..", "picocli..")
                .check(CLASSES);
    }

    /** What docs/compatibility.md promises can be used without a class that it does not promise. */
    @Test
    void theStableInterfaceNamesOnlyWhatIsStable() {
        classes()
                .that()
                .areAnnotatedWith(Public.class)
                .should(nameOnlyWhatIsStable())
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> nameOnlyWhatIsStable() {
        return new ArchCondition<>("have public methods that name only stable classes") {
            @Override
            public void check(JavaClass stable, ConditionEvents events) {
                stable.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(method -> !method.isAnnotatedWith(Internal.class))
                        .forEach(
                                method ->
                                        Stream.concat(
                                                        Stream.of(method.getRawReturnType()),
                                                        method.getRawParameterTypes().stream())
                                                .map(JavaClass::getBaseComponentType)
                                                .filter(type -> isOurs(type) && !isStable(type))
                                                .forEach(
                                                        type ->
                                                                events.add(
                                                                        SimpleConditionEvent
                                                                                .violated(
                                                                                        method,
                                                                                        method
                                                                                                        .getFullName()
                                                                                                + " names "
                                                                                                + type
                                                                                                        .getName()))));
            }
        };
    }

    private static boolean isOurs(JavaClass type) {
        return type.getName().startsWith("io.streamcell");
    }

    /** Or stands in a class that is. */
    private static boolean isStable(JavaClass type) {
        return type.isAnnotatedWith(Public.class)
                || type.getEnclosingClass().map(ArchitectureTest::isStable).orElse(false);
    }

    @Test
    void onlyTheVectorKernelsUseTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.streamcell.kernels.vector..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }

    /** Benchmarks and examples too, which stand outside the house. */
    @Test
    void onlyTheKernelsOnNd4jKnowNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.streamcell.kernels.nd4j..",
                        "io.streamcell.benchmarks..",
                        "io.streamcell.examples..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j..")
                .check(CLASSES);
    }

    @Test
    void nobodyButTheCudaKernelsAndThoseOnNd4jKnowsAGpu() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.streamcell.kernels.cuda..",
                        "io.streamcell.kernels.nd4j..",
                        "io.streamcell.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "io.streamcell.kernels.cuda..")
                .check(CLASSES);
    }

    @Test
    void nobodyIsCalledHelperOrManager() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Helper|Manager|Utils?|Base)$")
                .check(CLASSES);
    }

    @Test
    void nobodyUsesReflection() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.streamcell.jobs.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .check(CLASSES);
    }

    /** Neither of what arrives nor of anything else. */
    @Test
    void nobodyReadsJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(CLASSES);
    }

    /**
     * But for the threads that a kernel call may be split over, and the shutdown hook of the
     * command line, which the JVM takes as a thread.
     */
    @Test
    void nobodyStartsThreads() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.streamcell.jobs.demo..")
                .and()
                .doNotHaveFullyQualifiedName("io.streamcell.jobs.cli.StopWithSavepoint")
                .and()
                .doNotHaveFullyQualifiedName("io.streamcell.kernels.SplitKernel")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class)
                .check(CLASSES);
    }

    @Test
    void valuesThatTravelArePublicAndFinal() {
        classes()
                .that()
                .areRecords()
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(CLASSES);
    }
}
