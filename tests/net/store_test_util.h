// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Entries and stores for the tests of pulling.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "net/model_store.h"
#include "net_test_util.h"

namespace tradewind {

// SHA-256 of "abc" and "abcdef", as FIPS 180-4 and Python's hashlib give them.
inline constexpr const char* kHashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
inline constexpr const char* kHashOfAbcdef = "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

// An entry with the sources given, each a list of parts.
inline CatalogueEntry MakeEntry(const std::string& name, uint64_t size_bytes, const std::string& sha256,
                                const std::vector<std::vector<std::string>>& sources) {
  CatalogueEntry entry;
  entry.name = name;
  entry.description = "a model for tests";
  entry.modality = "text";
  entry.file = "Original.gguf";
  entry.size_bytes = size_bytes;
  entry.sha256 = sha256;
  entry.licence = "MIT";
  entry.licence_url = "https://example.org/licence";
  for (const auto& texts : sources) {
    SourceParts parts;
    for (const std::string& text : texts) parts.push_back(ParseSource(text).value());
    entry.sources.push_back(std::move(parts));
  }
  return entry;
}

// One entry of a catalogue as YAML text, ten lines long.
inline std::string EntryYaml(const std::string& name, const std::string& more = "") {
  return "  - name: " + name + "\n    description: d\n    modality: text\n    file: f.gguf\n    size_bytes: 7\n    sha256: " + kHashOfAbc +
         "\n    licence: MIT\n    licence_url: https://example.org/licence\n    sources: [/a/b, [/c/1, /c/2]]\n" + more;
}

inline ModelStore MakeStore(const std::string& folder, std::vector<CatalogueEntry> entries) {
  Catalogue catalogue;
  catalogue.entries = std::move(entries);
  return ModelStore(folder, std::move(catalogue));
}

// The names of all files in a folder, sorted, the folder of locks left out.
inline std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().filename() != ".locks") names.push_back(file.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tradewind
