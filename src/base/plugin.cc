// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/plugin.h"

#include <dlfcn.h>

#include <filesystem>
#include <vector>

namespace tradewind {
namespace {

std::vector<std::filesystem::path> PluginPlaces(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  return {folder / file, folder.parent_path() / "lib" / file};
}

}  // namespace

Result<void*> FindInPlugin(const PluginSymbol& wanted) {
  for (const std::filesystem::path& place : PluginPlaces(wanted.file)) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return Fail(StatusCode::kUnsupported, wanted.part + " cannot be loaded: " + std::string(dlerror()));
    void* symbol = dlsym(library, wanted.symbol.c_str());
    if (symbol == nullptr) return Fail(StatusCode::kUnsupported, place.string() + " is of another version; build Tradewind again");
    return symbol;
  }
  return Fail(StatusCode::kUnsupported, "Tradewind was built without " + wanted.part);
}

}  // namespace tradewind
