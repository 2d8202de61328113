# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Libraries, all from the distribution (docs/decisions/ names each choice).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
if(NOT TRADEWIND_PYTHON_ALONE)
  pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
  pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
  find_package(prometheus-cpp CONFIG REQUIRED)
endif()
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(YAMLCPP REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
# As built for C++: its errors are exceptions, which destroy what they pass (docs/decisions/014-net-descriptions.md).
pkg_check_modules(LUA REQUIRED IMPORTED_TARGET lua5.4-c++)

# Integer programs (src/search/integer_program.h); without it, the strategy that needs them says so.
option(TRADEWIND_CBC "Solve integer programs by CBC" ON)
if(TRADEWIND_CBC)
  pkg_check_modules(CBC IMPORTED_TARGET cbc)
else()
  unset(CBC_FOUND CACHE)
endif()

# Editing keys and history of `tradewind chat` (src/cli/line_editor.h); without it, chat reads plain lines and says so.
option(TRADEWIND_LIBEDIT "Edit the lines of a conversation by libedit" ON)
if(TRADEWIND_LIBEDIT AND NOT TRADEWIND_PYTHON_ALONE)
  pkg_check_modules(LIBEDIT IMPORTED_TARGET libedit)
  if(NOT LIBEDIT_FOUND)
    message(WARNING "libedit is not installed: `tradewind chat` will have no editing keys and no history (apt-get install libedit-dev)")
  endif()
else()
  unset(LIBEDIT_FOUND CACHE)
endif()
