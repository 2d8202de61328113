// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Artefact: a content-addressed file (weights, drafter, router, index, adversarial workload) and where it came from. Maker: who makes one
// from which inputs with which build knobs. Compression and training register makers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "core/knob.h"
#include "core/setting.h"

namespace tradewind {

struct Artefact {
  std::string kind;    // "weights", "drafter", ...
  std::string path;    // where it lies now
  std::string sha256;  // lower-case hex of its bytes; empty for one that was made: maker, setting and inputs are its identity
  uint64_t size_bytes = 0;
  std::string maker;                // empty for what was pulled
  Setting setting;                  // the maker's build knobs
  std::vector<std::string> inputs;  // SHA-256 of each input
  std::string licence;
};

class Maker {
 public:
  virtual ~Maker() = default;
  virtual std::string_view name() const = 0;
  virtual std::span<const Knob> knobs() const = 0;
  virtual std::string_view suffix() const = 0;  // of its files' names: ".gguf"
  // The same bytes whenever it is asked. Makes the artefact at `path`: whole or absent, whatever fails.
  virtual Result<Artefact> Make(std::span<const Artefact> inputs, const Setting& setting, const std::string& path) = 0;
};

}  // namespace tradewind
