// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The list of models that can be pulled by name: what each is, how large, its hash, its licence, and where it comes from.
// The format stands in data/README.md. A catalogue is a plain value; reading one touches no network.
//
//   TW_ASSIGN(Catalogue catalogue, LoadCatalogue());
//   if (const CatalogueEntry* entry = catalogue.Find("smollm2-135m")) ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "net/source.h"

namespace tradewind {

// One way to get a file: its parts, joined in this order. One part is the usual case.
using SourceParts = std::vector<Source>;

struct CatalogueEntry {
  std::string name;         // letters, digits and . _ -; the model lies in NAME.gguf
  std::string description;  // one line
  std::string modality;     // "text"
  std::string file;         // the name its maker gave it
  uint64_t size_bytes = 0;  // 0 = unknown, in entries made by EntryForSource only
  std::string sha256;       // empty = unknown, likewise
  std::string licence;      // an SPDX identifier, or words where there is none
  std::string licence_url;
  bool is_default = false;
  std::vector<SourceParts> sources;  // tried in this order
};

struct Catalogue {
  std::vector<CatalogueEntry> entries;

  const CatalogueEntry* Find(std::string_view name) const;
  // The entry marked so (of several, the last); null if none is.
  const CatalogueEntry* Default() const;
  // Takes over each entry of `other`, in place of one with the same name.
  void Merge(Catalogue other);
};

// Parses the YAML text of a catalogue; `origin` is its name in messages (a path). Errors are kInvalidInput and name the line.
Result<Catalogue> ParseCatalogue(std::string_view yaml, const std::string& origin);

// The catalogue that is built in, and over it the user's own: the file TRADEWIND_CATALOGUE names, else
// $XDG_CONFIG_HOME/tradewind/catalogue.yaml (~/.config by default) if there is one.
Result<Catalogue> LoadCatalogue();

// An entry for a source that stands in no catalogue. `name` may be empty: then the file's own, in lower case and without ".gguf".
Result<CatalogueEntry> EntryForSource(std::string_view source, std::string_view name, std::string_view sha256);

// Whether a text may name a model: 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit.
bool IsModelName(std::string_view name);

}  // namespace tradewind
