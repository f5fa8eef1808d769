package io.verbatim.local;

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

/// Who may import what, over all modules.
@AnalyzeClasses(
    packages = "io.verbatim",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  private static final String[] SERVICES = {
    "io.verbatim.ingest..", "io.verbatim.asr..", "io.verbatim.gateway.."
  };

  @ArchTest static final ArchRule ingestKnowsNoOtherService = standsAlone("io.verbatim.ingest..");
  @ArchTest static final ArchRule workerKnowsNoOtherService = standsAlone("io.verbatim.asr..");
  @ArchTest static final ArchRule gatewayKnowsNoOtherService = standsAlone("io.verbatim.gateway..");

  @ArchTest
  static final ArchRule sharedModulesKnowNoService =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.verbatim.pubsub..", "io.verbatim.tokens..", "io.verbatim.service..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(SERVICES).or(resideInAPackage("io.verbatim.local..")));

  @ArchTest
  static final ArchRule lettuceStaysInTheRedisAdapter =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.verbatim.pubsub.redis..", "io.verbatim.pubsub.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule nimbusStaysWhereTokensAreRead =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.verbatim.tokens..", "io.verbatim.local.auth..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.nimbusds..");

  @ArchTest
  static final ArchRule servicesOpenNoConnectionButToTheRecogniser =
      noClasses()
          .that(
              resideInAnyPackage(SERVICES)
                  .or(resideInAPackage("io.verbatim.service.."))
                  .and(not(resideInAPackage("io.verbatim.asr.deepgram.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("reactor.netty.http.client..", "java.net.http..", "com.deepgram..");

  @ArchTest
  static final ArchRule valuesKnowNoFramework =
      noClasses()
          .that(arePureValues())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "reactor..", "org.slf4j..", "io.netty..");

  @ArchTest
  static final ArchRule valuesReadNoClock =
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
  static final ArchRule springStaysAtTheEdges =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.verbatim.pubsub..",
                  "io.verbatim.tokens..",
                  SERVICES[0],
                  SERVICES[1],
                  SERVICES[2]))
          .and(not(areEdges()))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

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

  private static ArchRule standsAlone(String service) {
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

  private static DescribedPredicate<JavaClass> areEdges() {
    Pattern names = Pattern.compile(".*(Application|Configuration|Properties|Handler)");
    return new DescribedPredicate<>("are the edges to Spring") {
      @Override
      public boolean test(JavaClass type) {
        return names.matcher(outermost(type).getSimpleName()).matches();
      }
    };
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  /// Leaves out what other modules lend to tests.
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("-tests.jar");
    }
  }
}
