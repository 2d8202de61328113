// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/install_record.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/file.h"

namespace tradewind {
namespace {

constexpr uint64_t kMaxRecord_bytes = 1 << 16;
constexpr int kVersion = 1;

std::string TextOf(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

template <typename T>
T NumberOf(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<T>() : T{0};
}

}  // namespace

std::string RecordPath(const std::string& model_path) {
  constexpr std::string_view kSuffix = ".gguf";
  const bool has = model_path.ends_with(kSuffix);
  return model_path.substr(0, model_path.size() - (has ? kSuffix.size() : 0)) + ".json";
}

std::optional<InstallRecord> LoadRecord(const std::string& model_path) {
  const auto text = ReadFile(RecordPath(model_path), kMaxRecord_bytes);
  if (!text) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || NumberOf<int>(json, "version") != kVersion) return std::nullopt;
  InstallRecord record;
  record.sha256 = TextOf(json, "sha256");
  record.size_bytes = NumberOf<uint64_t>(json, "size_bytes");
  record.mtime_ns = NumberOf<int64_t>(json, "mtime_ns");
  record.description = TextOf(json, "description");
  record.modality = TextOf(json, "modality");
  record.licence = TextOf(json, "licence");
  record.licence_url = TextOf(json, "licence_url");
  record.source = TextOf(json, "source");
  return record;
}

Result<void> SaveRecord(const std::string& model_path, InstallRecord record) {
  const auto facts = LookAt(model_path);
  if (!facts) return Fail(StatusCode::kIo, "cannot look at " + model_path);
  const nlohmann::json json = {{"version", kVersion},         {"sha256", record.sha256},           {"size_bytes", facts->size_bytes},
                               {"mtime_ns", facts->mtime_ns}, {"description", record.description}, {"modality", record.modality},
                               {"licence", record.licence},   {"licence_url", record.licence_url}, {"source", record.source}};
  return WriteFileAtomically(RecordPath(model_path), json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::optional<FileFacts> LookAt(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return FileFacts{static_cast<uint64_t>(info.st_size), int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

}  // namespace tradewind
