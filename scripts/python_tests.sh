#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# python_tests.sh PYTHON MODULE WORK: installs the package around the module that is built already into the environment of PYTHON, and
# runs its tests. Called by ctest; what it writes lies in the folder WORK, its report where GTEST_OUTPUT asks for those of gtest.
set -euo pipefail
python=$1 module=$2 work=$3
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

"$python" -m pip install --disable-pip-version-check -q --no-build-isolation --no-deps --no-index --force-reinstall ./python \
  --config-settings "cmake.define.TRADEWIND_PYTHON_MODULE=$module" --config-settings "build-dir=$work"

report=()
[ -z "${GTEST_OUTPUT:-}" ] || report=("--junitxml=${GTEST_OUTPUT#xml:}python_pytest.xml")
exec "$python" -m pytest -q -ra -p no:cacheprovider --durations=5 "${report[@]}" python/tests
