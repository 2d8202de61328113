// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where tests find what lies outside the repository. A test whose data is absent skips and names the file.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace tradewind {

// TRADEWIND_SHARED/relative (default: ../shared beside the source folder), if it exists.
inline std::optional<std::string> SharedPath(const std::string& relative) {
  const char* root = std::getenv("TRADEWIND_SHARED");
  const std::string base = root ? root : std::string(TRADEWIND_SOURCE_DIR) + "/../shared";
  const std::string path = base + "/" + relative;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

// A model file by name ("smollm2-135m") among the downloads of the test run (TRADEWIND_MODELS, default: the user's model cache), if it is
// there.
inline std::optional<std::string> ModelPath(const std::string& name, const std::string& suffix = ".gguf") {
  std::string base;
  if (const char* root = std::getenv("TRADEWIND_MODELS")) {
    base = root;
  } else if (const char* cache = std::getenv("XDG_CACHE_HOME")) {
    base = std::string(cache) + "/tradewind/models";
  } else if (const char* home = std::getenv("HOME")) {
    base = std::string(home) + "/.cache/tradewind/models";
  }
  const std::string path = base + "/" + name + suffix;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

// A file of this repository.
inline std::string SourcePath(const std::string& relative) {
  return std::string(TRADEWIND_SOURCE_DIR) + "/" + relative;
}

}  // namespace tradewind

// Skips the running test, naming what is missing.
#define TW_REQUIRE_DATA(variable, expression)                    \
  const auto variable##_found = (expression);                    \
  if (!variable##_found) GTEST_SKIP() << "absent: " #expression; \
  const std::string variable = *variable##_found
