package org.rnnsweep.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the house: driver to jobs to kernels, and Spark in one package only. */
@AnalyzeClasses(packages = "org.rnnsweep", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

  @ArchTest
  static final ArchRule kernelsKnowNobody =
      noClasses()
          .that()
          .resideInAPackage("org.rnnsweep.kernels..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.rnnsweep.jobs..",
              "org.rnnsweep.driver..",
              "org.apache.spark..",
              "org.apache.hadoop..",
              "java.time..");

  @ArchTest
  static final ArchRule kernelsTouchFilesOnlyToLoadTheLibrary =
      noClasses()
          .that()
          .resideInAPackage("org.rnnsweep.kernels..")
          .and()
          .haveNameNotMatching(".*\\.linalg\\.(BlasLibrary|NativeCache).*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.File")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule jobsKnowKernelsOnly =
      noClasses()
          .that()
          .resideInAPackage("org.rnnsweep.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.rnnsweep.driver..", "org.apache.spark..", "org.apache.hadoop..");

  @ArchTest
  static final ArchRule sparkIsSeenInOnePackage =
      noClasses()
          .that()
          .resideInAPackage("org.rnnsweep..")
          .and()
          .resideOutsideOfPackage("org.rnnsweep.driver.execute..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule onlyTheDoorKnowsTheDoor =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.rnnsweep.driver.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rnnsweep.driver.cli..");

  @ArchTest
  static final ArchRule noCircles =
      slices().matching("org.rnnsweep.kernels.(*)..").should().beFreeOfCycles();
}
