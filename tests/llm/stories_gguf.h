// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// stories260K as a GGUF file: the smallest real language model, made from the checkpoint and tokenizer of llama2.c that lie in the shared
// assets. Changes of it serve the tests that want a broken or a different model.
//
//   TW_REQUIRE_DATA(path, StoriesGguf());
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "formats/gguf_writer.h"

namespace tradewind {

struct StoriesChanges {
  std::string architecture = "llama";
  std::map<std::string, GgufWriter::Value> metadata{};    // by key after the architecture's name: replaced
  std::set<std::string> without{};                        // keys (whole) and tensors that are left out
  std::map<std::string, std::vector<uint64_t>> shapes{};  // tensors with another shape, of fewer values
  bool untied = false;                                    // with an output matrix of its own: the embedding doubled
};

// Writes the file; nothing where the assets are absent.
std::optional<std::string> StoriesGguf(const std::string& path, const StoriesChanges& changes);
// The unchanged file, made once and removed when the program ends.
std::optional<std::string> StoriesGguf();
// A path in a folder that is removed when the program ends.
std::string ScratchPath(const std::string& name);

}  // namespace tradewind
