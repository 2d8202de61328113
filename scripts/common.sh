# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What ./quickstart and ./test share; sourced by them in the repository's root.
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

say() { printf '%s: %s\n' "$program" "$*" >&2; }
die() {
  say "$@"
  exit 1
}

# One at a time in one checkout: both build in the same folder. The lock goes with the process, however it ends.
take_lock() {
  mkdir -p build
  exec 9>build/.lock
  flock -n 9 && return
  say "another ./quickstart or ./test runs in this checkout; waiting for it"
  flock 9
}

# Runs a command that does not inherit the lock, so that nothing it leaves behind holds it.
step() { "$@" 9>&-; }

need_disk() {  # GIB FOLDER
  local free_kib
  free_kib=$(df -Pk "$2" | awk 'NR == 2 {print $4}')
  [ "$free_kib" -ge $(($1 * 1024 * 1024)) ] ||
    die "the disk of $2 has $((free_kib / 1024)) MiB free and this needs $1 GiB: free some space and run $program again"
}

missing_packages() {  # NAME...
  local name
  for name; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf '%s\n' "$name"
  done
}

# Installs those of the named packages that are missing. With none missing it touches neither apt nor the network.
need_packages() {  # NAME...
  [ -z "${TRADEWIND_NO_APT:-}" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
    die "this is not Debian: install what matches $* (scripts/packages.sh), then run TRADEWIND_NO_APT=1 $program"
  local missing root=()
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  grep -q '^VERSION_CODENAME=bookworm' /etc/os-release 2>/dev/null ||
    say "this is not Debian 12, for which the package list was made; a package that apt does not know must be installed otherwise"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "packages are missing and there is no sudo; as root run: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    root=(sudo)
  fi
  need_disk 1 /
  say "installing ${#missing[@]} packages by apt-get: ${missing[*]}"
  local log=build/apt.log apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
  # A stale list is no reason to stop; that a package cannot be had is.
  step "${root[@]}" "${apt[@]}" update </dev/null >"$log" 2>&1 || say "apt-get update failed (build/apt.log); trying with the lists that are there"
  if ! step "${root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
    grep -E '^(E|W|Err|dpkg)' "$log" | tail -n 4 >&2 || true
    if grep -q 'No space left\|enough free space' "$log"; then
      die "the disk is full: free some space (apt-get clean, df -h) and run $program again"
    fi
    die "apt-get could not install them (build/apt.log): check the network and /etc/apt/sources.list, then run $program again"
  fi
}

# How many compilers to run: one for each CPU, as far as memory goes (1 GiB each).
jobs() {
  local cpus memory
  cpus=$(nproc)
  memory=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  [ "$memory" -ge "$cpus" ] || cpus=$((memory > 0 ? memory : 1))
  echo "$cpus"
}

configure() {  # PRESET [OPTION OF CMAKE...]
  local fresh=() cached
  cached=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "build/$1/CMakeCache.txt" 2>/dev/null || true)
  [ -z "$cached" ] || [ "$cached" = "$(pwd -P)" ] || fresh=(--fresh)  # the checkout was moved
  step cmake --preset "$1" "${fresh[@]}" "${@:2}" >"build/configure-$1.log" 2>&1 || {
    tail -n 12 "build/configure-$1.log" >&2
    die "cmake could not configure build/$1 (build/configure-$1.log); if a library is named above, scripts/packages.sh names its package"
  }
}

build() {  # PRESET TARGET...
  local preset=$1 quiet=(--quiet)
  shift
  [ ! -t 2 ] || quiet=()
  step nice ninja -C "build/$preset" -j "$(jobs)" "${quiet[@]}" "$@" >&2 || {
    need_disk 1 .
    die "the build failed; the first error above says where. After mending it run $program again: what is built stays"
  }
}
