package io.verbatim.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

class TargetTest {

  @Test
  void everyFuzzTest_isATarget() throws Exception {
    List<String> targets =
        Arrays.stream(Target.values()).map(target -> name(target.test(), target.method())).toList();

    assertThat(fuzzTests()).containsExactlyInAnyOrderElementsOf(targets);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void everyTarget_hasCommittedInputs(Target target) {
    assertThat(target.inputs(Path.of(".."))).isNotEmptyDirectory();
  }

  /// The fuzz tests of all modules, from their test jars.
  private static List<String> fuzzTests() throws IOException, ClassNotFoundException {
    List<String> all = new ArrayList<>();
    for (Resource resource :
        new PathMatchingResourcePatternResolver()
            .getResources("classpath*:io/verbatim/**/*FuzzTest.class")) {
      String path = resource.getURL().getPath();
      String name = path.substring(path.lastIndexOf("io/verbatim/"), path.lastIndexOf('.'));
      Class<?> type = Class.forName(ClassUtils.convertResourcePathToClassName(name));
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(FuzzTest.class)) {
          all.add(name(type, method.getName()));
        }
      }
    }
    return all;
  }

  private static String name(Class<?> type, String method) {
    return type.getName() + "." + method;
  }
}
