# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Writes gen/version.gen.h; the commit is read when configuring.
execute_process(COMMAND git rev-parse --short HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "no commit")
endif()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gen/version.gen.h CONTENT
"#pragma once
namespace tradewind {
inline constexpr const char* kVersion = \"${PROJECT_VERSION}\";
inline constexpr const char* kCommit = \"${commit}\";
inline constexpr const char* kArchitecture = \"${CMAKE_SYSTEM_PROCESSOR}\";
inline constexpr const char* kCompiler = \"${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}\";
}  // namespace tradewind
")
