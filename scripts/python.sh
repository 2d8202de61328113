# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The virtual environment in which the Python package is built and tested; sourced after common.sh. It lies in build/python-venv and stays.

# Sets python_options to what CMake needs to build the module in it, or says what is missing and has the module left out, and with it the
# tests of Python. Ray is optional on top of that.
python_options=()
make_python_venv() {
  python_options=(-DTRADEWIND_PYTHON=OFF)
  local venv=build/python-venv base=/usr/bin/python3 log=build/python-venv.log
  [ -x "$base" ] || base=python3
  if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    step "$base" -m venv "$venv" >"$log" 2>&1 || { say "python: no virtual environment could be made ($log); its tests are left out"; return 0; }
  fi
  local pip=("$venv/bin/pip" --disable-pip-version-check -q install --retries 2)
  have_modules "$venv" nanobind scikit_build_core pytest || {
    say "installing what the tests of the Python package need into $venv"
    step "${pip[@]}" "scikit-build-core>=0.10" "nanobind>=2.4" "pytest>=8" </dev/null >>"$log" 2>&1 ||
      { say "python: pip could not fetch nanobind, scikit-build-core and pytest ($log); its tests are left out"; return 0; }
  }
  have_modules "$venv" ray || {
    say "installing Ray into $venv (290 MB of disk)"
    step "${pip[@]}" "ray>=2.40" </dev/null >>"$log" 2>&1 || say "python: pip could not fetch ray ($log); the tests of Ray will be skipped"
  }
  python_options=(-DTRADEWIND_PYTHON=ON "-DPython_EXECUTABLE=$(pwd -P)/$venv/bin/python")
}

have_modules() {  # VENV NAME...
  "$1/bin/python" -c 'import importlib.util, sys; sys.exit(any(importlib.util.find_spec(n) is None for n in sys.argv[1:]))' "${@:2}"
}
