// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/catalogue.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "base/file.h"
#include "net/sha256.h"

namespace tradewind {

// data/catalogue.yaml, put in by the build.
std::string_view EmbeddedCatalogue();

namespace {

constexpr uint64_t kMaxCatalogue_bytes = 1 << 20;

// Where the user's own catalogue would lie by default; empty where there is no home.
std::string UserCataloguePath() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
    return std::string(config) + "/tradewind/catalogue.yaml";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.config/tradewind/catalogue.yaml";
  return "";
}

}  // namespace

const CatalogueEntry* Catalogue::Find(std::string_view name) const {
  for (const CatalogueEntry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

const CatalogueEntry* Catalogue::Default() const {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->is_default) return &*entry;
  }
  return nullptr;
}

void Catalogue::Merge(Catalogue other) {
  for (CatalogueEntry& entry : other.entries) {
    const auto same = std::find_if(entries.begin(), entries.end(), [&](const CatalogueEntry& e) { return e.name == entry.name; });
    if (same != entries.end()) {
      *same = std::move(entry);
    } else {
      entries.push_back(std::move(entry));
    }
  }
}

Result<Catalogue> LoadCatalogue() {
  TW_ASSIGN(Catalogue catalogue, ParseCatalogue(EmbeddedCatalogue(), "the built-in catalogue"));
  std::string path = UserCataloguePath();
  const char* named = std::getenv("TRADEWIND_CATALOGUE");
  if (named != nullptr && *named != '\0') {
    path = named;
  } else {
    struct stat info{};
    if (path.empty() || ::stat(path.c_str(), &info) != 0) return catalogue;
  }
  auto text = ReadFile(path, kMaxCatalogue_bytes);
  if (!text) {
    const std::string from = named != nullptr && *named != '\0' ? " (the catalogue that TRADEWIND_CATALOGUE names)" : " (your catalogue)";
    return Fail(text.error().code(), text.error().message() + from);
  }
  TW_ASSIGN(Catalogue own, ParseCatalogue(*text, path));
  catalogue.Merge(std::move(own));
  return catalogue;
}

Result<CatalogueEntry> EntryForSource(std::string_view source, std::string_view name, std::string_view sha256) {
  TW_ASSIGN(Source parsed, ParseSource(source));
  CatalogueEntry entry;
  entry.file = SourceFileName(parsed);
  entry.name = name;
  if (name.empty()) {
    entry.name = entry.file.substr(0, entry.file.rfind(".gguf"));
    for (char& c : entry.name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (!IsAlnum(c) && c != '.' && c != '_') c = '-';
    }
  }
  if (!IsModelName(entry.name)) {
    return Fail(StatusCode::kInvalidInput,
                "\"" + entry.name +
                    "\" cannot name a model (1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit); give one with --name");
  }
  if (!sha256.empty() && !IsSha256(sha256)) return Fail(StatusCode::kInvalidInput, "a SHA-256 has 64 hexadecimal digits in lower case");
  entry.description = "from " + parsed.text;
  entry.modality = "text";
  entry.licence = "unknown";
  entry.sha256 = sha256;
  entry.sources.push_back({std::move(parsed)});
  return entry;
}

bool IsModelName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && IsAlnum(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return IsAlnum(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace tradewind
