// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A model's file, whatever its format: a GGUF file as it lies, or a folder's safetensors with the config.json and the vocabulary beside
// them, brought under the names of GGUF in memory. What is read further on sees one format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "formats/gguf.h"

namespace tradewind {

// How an architecture's safetensors and config.json map to the names of GGUF. In names of tensors % stands for a block's number.
struct HuggingFaceTable {
  struct Name {
    std::string_view theirs, ours;
  };
  struct Value {
    std::string_view key, value;
  };
  std::vector<std::string_view> prefixes;  // of tensors, that some files have and others lack
  std::vector<Name> tensors;
  std::vector<std::string_view> unread;  // beginnings of tensors that are no part of the computation
  std::vector<Name> integers, numbers;   // of config.json; ours after the architecture's name
  std::vector<Value> required;           // texts of config.json that must be so where they stand there
  std::string_view vocabulary;           // the kind of vocab.txt, one token a line
};

// Opens a .gguf file, a .safetensors file, or a folder that holds model.safetensors.
Result<Gguf> OpenModelFile(const std::string& path);

}  // namespace tradewind
