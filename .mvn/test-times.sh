# Prints how long the tests of each module took, the slowest test classes, and the tests that failed once and passed when they were
# run again. Reads the reports of the last run.
modules=$(sed -n 's/^ *<module>\(.*\)<\/module>/\1/p' pom.xml)

# module, phase, seconds, tests, class; one line for each test class
classes() {
  for module in $modules; do
    for phase in surefire failsafe; do
      for report in "$module/target/$phase-reports"/TEST-*.xml; do
        [ -f "$report" ] && sed -n "s/^<testsuite .*name=\"\([^\"]*\)\" time=\"\([0-9.]*\)\" tests=\"\([0-9]*\)\".*/$module $phase \2 \3 \1/p" "$report"
      done
    done
  done
}

classes | awk -v modules="$modules" '
  { seconds[$1, $2] += $3; tests[$1, $2] += $4; slow[NR] = $3; name[NR] = $5 }
  END {
    printf "\n%-20s %14s %22s\n", "Tests, seconds", "unit", "integration"
    count = split(modules, all, /[ \n]+/)
    for (i = 1; i <= count; i++) row(all[i], tests[all[i], "surefire"], seconds[all[i], "surefire"], tests[all[i], "failsafe"], seconds[all[i], "failsafe"])
    row("all", sum[1], sum[2], sum[3], sum[4])
    print "\nSlowest classes"
    for (i = 1; i <= 10; i++) {
      top = 0
      for (n = 1; n <= NR; n++) if (slow[n] + 0 > slow[top] + 0) top = n
      if (top == 0) break
      printf "%8.1f s  %s\n", slow[top], name[top]
      slow[top] = -1
    }
  }
  function row(label, unit, unitSeconds, it, itSeconds) {
    printf "%-20s %5d %8.1f s %11d %8.1f s\n", label, unit, unitSeconds, it, itSeconds
    if (label != "all") { sum[1] += unit; sum[2] += unitSeconds; sum[3] += it; sum[4] += itSeconds }
  }'

# class.test; one line for each test that failed once
flaky() {
  for module in $modules; do
    for report in "$module"/target/*-reports/TEST-*.xml; do
      [ -f "$report" ] && awk '
        /<testcase / { match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8); match($0, /classname="[^"]*"/); class = substr($0, RSTART + 11, RLENGTH - 12) }
        /<flaky(Failure|Error)/ { print class "." name }' "$report"
    done
  done | sort -u
}

unstable=$(flaky)
[ -z "$unstable" ] || printf '\nFailed once, passed when run again\n%s\n' "$unstable"
