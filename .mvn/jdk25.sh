# Sourced by mvnw and the scripts: sets JAVA_HOME to a JDK 25, or prints what to install and exits.
verbatim_is_jdk25() {
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25[.\"]' "$1/release"
}

verbatim_find_jdk25() {
  for candidate in "${JAVA_HOME:-}" "${JDK_25:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* "${HOME:-/}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && verbatim_is_jdk25 "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "No JDK 25 was found. Install Eclipse Temurin 25 (https://adoptium.net/temurin/releases/?version=25) or set JAVA_HOME to a JDK 25." >&2
  return 1
}

verbatim_find_jdk25 || exit 1
# The formatter uses sun.misc.Unsafe; without the first option JDK 25 prints a warning in every build.
MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
export MAVEN_OPTS
