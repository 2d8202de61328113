#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# installed.sh BUILD_FOLDER: installs into a folder of its own, finds the library there by pkg-config and by CMake, builds the examples
# with it and runs them.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/usr
cmake --install "$1" --component tradewind --prefix "$prefix" >/dev/null

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name tradewind.pc)")
export PKG_CONFIG_PATH
LD_LIBRARY_PATH=$(pkg-config --variable=libdir tradewind)
export LD_LIBRARY_PATH
read -ra flags < <(pkg-config --cflags --libs tradewind)
cc -std=c99 -Wall -Wextra -pedantic-errors "$source/examples/answer.c" "${flags[@]}" -o "$scratch/answer_c"
c++ -std=c++20 -Wall -Wextra -pedantic-errors "$source/examples/answer.cc" "${flags[@]}" -o "$scratch/answer_cc"

cat >"$scratch/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES CXX)
find_package(tradewind CONFIG REQUIRED)
get_target_property(include tradewind::tradewind INTERFACE_INCLUDE_DIRECTORIES)
if(NOT EXISTS ${include}/tradewind/tradewind.h)
  message(FATAL_ERROR "no header in ${include}")
endif()
END
cmake -G Ninja -S "$scratch" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null

# An error has its message and its exit code; a model, where one is at hand, gives both examples the same text as the command.
export XDG_DATA_HOME=$scratch XDG_CONFIG_HOME=$scratch
"$scratch/answer_c" "$scratch/absent.gguf" "Hello" 2>"$scratch/error" && exit 1
grep -q "absent.gguf" "$scratch/error"
model=${TRADEWIND_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/tradewind/models}/smollm2-135m.gguf
if [ ! -f "$model" ]; then
  echo "absent: smollm2-135m; the examples were built and not asked"
  exit 0
fi
said=$("$prefix/bin/tradewind" run "$model" --raw -p "Once upon a time" -n 32 --temp 0 -t 2 2>/dev/null)
[ "$("$scratch/answer_c" "$model" "Once upon a time")" = "$said" ]
[ "$("$scratch/answer_cc" "Once upon a time" "$model")" = "$said" ]
