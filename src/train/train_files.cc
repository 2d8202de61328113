// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/train_files.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace tradewind {

Result<std::string> FindTrainFile(const std::string& name, const std::string& data_folder) {
  std::vector<std::filesystem::path> places{name};
  if (!data_folder.empty()) places.push_back(std::filesystem::path(data_folder) / name);
  if (const char* data = std::getenv("TRADEWIND_DATA"); data != nullptr && *data != '\0')
    places.push_back(std::filesystem::path(data) / name);
  std::string tried;
  for (const std::filesystem::path& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place.string();
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  return Fail(StatusCode::kNotFound, "'" + name + "' is not there (looked at " + tried +
                                         "); say by --data or TRADEWIND_DATA in which folder it lies, or name another by --set");
}

Result<std::string> FindTrainPictures(const std::string& name, const std::string& data_folder) {
  const size_t comma = name.rfind(',');
  TW_ASSIGN(const std::string found, FindTrainFile(name.substr(0, comma), data_folder));
  return "pictures:" + found + (comma == std::string::npos ? "" : name.substr(comma));
}

}  // namespace tradewind
