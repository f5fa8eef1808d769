package io.verbatim.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Checks the allowed dependencies between the packages of all modules.
@AnalyzeClasses(
    packages = "io.verbatim",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  private static final String[] SERVICES = {
    "io.verbatim.ingest..", "io.verbatim.asr..", "io.verbatim.gateway.."
  };

  @ArchTest
  static final ArchRule ingestDependsOnNoOtherService =
      dependsOnNoOtherService("io.verbatim.ingest..");

  @ArchTest
  static final ArchRule workerDependsOnNoOtherService =
      dependsOnNoOtherService("io.verbatim.asr..");

  @ArchTest
  static final ArchRule gatewayDependsOnNoOtherService =
      dependsOnNoOtherService("io.verbatim.gateway..");

  @ArchTest
  static final ArchRule sharedModulesDependOnNoService =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.verbatim.pubsub..",
              "io.verbatim.security..",
              "io.verbatim.service..",
              "io.verbatim.record..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(SERVICES).or(resideInAPackage("io.verbatim.local..")));

  @ArchTest
  static final ArchRule batchTranscriptionIsAPlainLibrary =
      noClasses()
          .that()
          .resideInAPackage("io.verbatim.batch..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.verbatim..")
                  .and(not(resideInAPackage("io.verbatim.batch..")))
                  .or(resideInAnyPackage("org.springframework..", "reactor..", "io.netty..")));

  @ArchTest
  static final ArchRule onlyTheRedisAdapterUsesLettuce =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.verbatim.pubsub.redis..", "io.verbatim.testkit..", "io.verbatim.tools.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule onlyTheRecordUsesDatabases =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.verbatim.record..", "io.verbatim.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");

  @ArchTest
  static final ArchRule onlyTokenPackagesUseNimbus =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.verbatim.security..", "io.verbatim.testkit..", "io.verbatim.local.auth..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.nimbusds..");

  @ArchTest
  static final ArchRule onlyTheDeepgramPackageUsesHttpClients =
      noClasses()
          .that(
              resideInAnyPackage(SERVICES)
                  .or(resideInAPackage("io.verbatim.service.."))
                  .and(not(resideInAPackage("io.verbatim.asr.deepgram.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("reactor.netty.http.client..", "java.net.http..", "com.deepgram..");

  @ArchTest
  static final ArchRule valuesUseNoFramework =
      noClasses()
          .that(arePureValues())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "reactor..", "org.slf4j..", "io.netty..");

  @ArchTest
  static final ArchRule valuesUseNoClock =
      noClasses()
          .that(arePureValues())
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class);

  @ArchTest
  static final ArchRule onlyEdgesUseSpring =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.verbatim.pubsub..",
                  "io.verbatim.security..",
                  "io.verbatim.record..",
                  SERVICES[0],
                  SERVICES[1],
                  SERVICES[2]))
          .and(not(areSpringEdges()))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule onlyLoadAndFaultsSleep =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.verbatim.numbers..", "io.verbatim.chaos..", "io.verbatim.bench..")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .orShould()
          .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class);

  @ArchTest
  static final ArchRule servicesNeverBlock =
      noClasses()
          .that(resideInAnyPackage(SERVICES).or(resideInAPackage("io.verbatim.service..")))
          .should()
          .callMethodWhere(
              new DescribedPredicate<>("blocks on a publisher") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaMethodCall call) {
                  JavaClass owner = call.getTargetOwner();
                  return (owner.isAssignableTo(Mono.class) || owner.isAssignableTo(Flux.class))
                      && call.getName().startsWith("block");
                }
              });

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.verbatim.(**)").should().beFreeOfCycles();

  private static ArchRule dependsOnNoOtherService(String service) {
    return noClasses()
        .that()
        .resideInAPackage(service)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(SERVICES)
                .or(resideInAPackage("io.verbatim.local.."))
                .and(not(resideInAPackage(service))));
  }

  private static DescribedPredicate<JavaClass> arePureValues() {
    Pattern names = Pattern.compile(".*(Message|Messages|Decoder|Encoder|Assembler)");
    return new DescribedPredicate<>("are messages, decoders, encoders or the assembler") {
      @Override
      public boolean test(JavaClass type) {
        return type.getPackageName().startsWith("io.verbatim.pubsub.message")
            || names.matcher(outermost(type).getSimpleName()).matches();
      }
    };
  }

  private static DescribedPredicate<JavaClass> areSpringEdges() {
    Pattern names =
        Pattern.compile(
            ".*(Application|Configuration|Properties|Filter|Handler)|JsonResponse|ProblemWriter");
    return new DescribedPredicate<>(
        "are applications, configurations, properties, filters, handlers or response writers") {
      @Override
      public boolean test(JavaClass type) {
        return names.matcher(outermost(type).getSimpleName()).matches();
      }
    };
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  /// Excludes the test jars of other modules.
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("-tests.jar");
    }
  }
}
