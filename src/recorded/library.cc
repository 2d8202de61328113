// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/library.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <span>

#include "base/file.h"

namespace tradewind {

std::span<const std::pair<std::string_view, std::string_view>> EmbeddedTables();

namespace {

constexpr uint64_t kMaxSpec_bytes = 1 << 20;
constexpr std::string_view kEnding = ".yaml";

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The XDG rules: a relative path in the variable is to be ignored.
std::string DataHome() {
  const std::string value = Variable("XDG_DATA_HOME");
  return (value.starts_with('/') ? value : Variable("HOME") + "/.local/share") + "/tradewind";
}

bool IsPath(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(kEnding);
}

bool IsFile(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

Result<TableSpec> ReadSpec(const std::string& path) {
  TW_ASSIGN(const std::string text, ReadFile(path, kMaxSpec_bytes));
  return ParseTableSpec(text, path);
}

std::string ParentOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

std::vector<std::string> RecordedDataFolders(const std::string& name) {
  std::vector<std::string> folders;
  if (const std::string data = Variable("TRADEWIND_DATA"); !data.empty()) folders.push_back(data);
  folders.push_back(DataHome() + "/data/" + name);
  return folders;
}

std::string RecordedFile(const std::string& name, const std::string& file, const std::string& data_folder) {
  if (!data_folder.empty()) return data_folder + "/" + file;
  const std::vector<std::string> folders = RecordedDataFolders(name);
  const auto found = std::find_if(folders.begin(), folders.end(), [&](const std::string& folder) { return IsFile(folder + "/" + file); });
  return (found == folders.end() ? folders[0] : *found) + "/" + file;
}

std::vector<std::string> RecordedNames() {
  std::set<std::string> names;
  for (const auto& [name, text] : EmbeddedTables()) names.emplace(name);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(DataHome() + "/tables", ignored)) {
    if (entry.path().extension() == kEnding) names.insert(entry.path().stem().string());
  }
  return {names.begin(), names.end()};
}

bool IsRecorded(const std::string& name_or_path) {
  if (IsPath(name_or_path)) return name_or_path.ends_with(kEnding);
  const std::vector<std::string> names = RecordedNames();
  return std::binary_search(names.begin(), names.end(), name_or_path);
}

Result<TableSpec> FindTableSpec(const std::string& name_or_path) {
  if (IsPath(name_or_path)) return ReadSpec(name_or_path);
  const std::string own = DataHome() + "/tables/" + name_or_path + std::string(kEnding);
  if (IsFile(own)) return ReadSpec(own);
  for (const auto& [name, text] : EmbeddedTables()) {
    if (name == name_or_path) return ParseTableSpec(text, "data/tables/" + name_or_path + std::string(kEnding));
  }
  std::string names;
  for (const std::string& name : RecordedNames()) names += (names.empty() ? "" : ", ") + name;
  return Fail(StatusCode::kNotFound,
              "there is no recorded table \"" + name_or_path + "\"; there are " + names + ", or give the path of a .yaml file");
}

Result<std::shared_ptr<const RecordedTable>> LoadRecorded(const std::string& name_or_path, const std::string& data_folder) {
  TW_ASSIGN(TableSpec spec, FindTableSpec(name_or_path));
  const std::string name = spec.name;
  std::vector<std::string> folders;
  if (!data_folder.empty()) {
    folders.push_back(data_folder);
  } else {
    folders = RecordedDataFolders(name);
    if (IsFile(spec.origin)) folders.push_back(ParentOf(spec.origin));
  }
  const auto find = [&](const DataFile& file) -> Result<std::string> {
    for (const std::string& folder : folders) {
      const std::string path = folder + "/" + file.path;
      if (IsFile(path)) return path;
    }
    std::string where;
    for (const std::string& folder : folders) where += (where.empty() ? "" : ", ") + folder;
    const std::string remedy = file.urls.empty() ? "put it there, or set TRADEWIND_DATA to the folder that holds it"
                                                 : "run `tradewind pull " + name + "`, or set TRADEWIND_DATA to the folder that holds it";
    return Fail(
        Status(StatusCode::kNotFound, "the data of " + name + " is not here: no " + file.path + " in " + where + "; " + remedy).At(name));
  };
  return RecordedTable::Load(std::move(spec), find);
}

Result<std::unique_ptr<RecordedTunable>> OpenRecorded(const std::string& name_or_path, const std::string& device,
                                                      const std::string& data_folder) {
  TW_ASSIGN(auto table, LoadRecorded(name_or_path, data_folder));
  return RecordedTunable::On(std::move(table), device);
}

}  // namespace tradewind
