// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ArtefactCache: what makers made, each file under a name that says from what and how, so that nothing is made twice. Files appear whole
// or not at all; two processes that make the same one at once do so twice, and the later file stays. Thread-compatible.
//
//   ArtefactCache cache(CacheDir() + "/artefacts");
//   TW_ASSIGN(const Artefact weights, cache.Get(quantizer, {&model, 1}, setting));
#pragma once

#include <span>
#include <string>

#include "core/artefact.h"

namespace tradewind {

class ArtefactCache {
 public:
  explicit ArtefactCache(std::string folder) : folder_(std::move(folder)) {}

  // Where this maker's artefact of these inputs (whose SHA-256 must be there) lies, or would lie.
  std::string PathOf(const Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const;
  bool Has(const Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const;
  // The one that lies there, or one made now. Errors are the maker's, and kIo for a folder that cannot be made.
  Result<Artefact> Get(Maker& maker, std::span<const Artefact> inputs, const Setting& setting) const;

 private:
  std::string folder_;
};

}  // namespace tradewind
