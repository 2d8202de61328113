# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# count_tests FOLDER prints "N passed, M failed[, K skipped]" over FOLDER/*/: ctest.xml names what ctest ran, and X_test.xml holds gtest's
# cases of the program X, X_pytest.xml those of pytest. A program without gtest (a fuzzer on its corpus) counts as one; one that ends badly without saying which case
# failed (a crash, a leak at exit) as one more failure. Fails if any failed or none passed.

count_tests() {
  local folder name status cases passed=0 failed=0 skipped=0
  for folder in "$1"/*/; do
    [ -f "$folder/ctest.xml" ] || { failed=$((failed + 1)); continue; }
    while read -r name status; do
      cases=()
      if [ -f "$folder/${name}_test.xml" ]; then read -r -a cases < <(gtest_cases "$folder/${name}_test.xml"); fi
      if [ -f "$folder/${name}_pytest.xml" ]; then read -r -a cases < <(pytest_cases "$folder/${name}_pytest.xml"); fi
      if [ ${#cases[@]} -gt 0 ]; then
        if [ "$status" != run ] && [ "${cases[1]}" -eq 0 ]; then cases[1]=1; fi
        passed=$((passed + cases[0])) failed=$((failed + cases[1])) skipped=$((skipped + cases[2]))
      elif [ "$status" = run ]; then
        passed=$((passed + 1))
      else
        failed=$((failed + 1))
      fi
    done < <(sed -n 's/^[[:space:]]*<testcase name="\([^"]*\)".* status="\([a-z]*\)".*/\1 \2/p' "$folder/ctest.xml")
  done
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# "PASSED FAILED SKIPPED" of one gtest report. Disabled cases count as skipped.
gtest_cases() {
  awk '
    function number(name,   at) {
      return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    /^  <testsuite name=/ {
      bad = number("failures") + number("errors"); out = number("disabled") + number("skipped")
      failed += bad; skipped += out; passed += number("tests") - bad - out
    }
    END {print passed + 0, failed + 0, skipped + 0}' "$1"
}

# The same of one report of pytest, whose first element of a suite bears the totals.
pytest_cases() {
  awk '
    function number(name,   at) {
      return match(suite, " " name "=\"[0-9]+\"") ? substr(suite, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    match($0, /<testsuite [^>]*>/) && suite == "" {suite = substr($0, RSTART, RLENGTH)}
    END {bad = number("failures") + number("errors"); print number("tests") - bad - number("skipped"), bad, number("skipped")}' "$1"
}
