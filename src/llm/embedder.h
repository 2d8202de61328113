// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Embedder: texts to vectors by a loaded model, encoder or decoder. Owns its cache and scratch, which grow to the longest text; borrows the
// instance. One thread at a time.
//
//   Embedder embedder(instance, {.pooling = Pooling::kMean});
//   TW_ASSIGN(const Embedding e, embedder.Embed("a text"));
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "llm/forward.h"
#include "llm/kv_cache.h"
#include "llm/language_model.h"
#include "llm/pooling.h"

namespace tradewind {

struct EmbeddingOptions {
  std::optional<Pooling> pooling{};  // the model's own unless given; where it names none, the mean
  int64_t normalise = 2;             // see Normalise
};

struct Embedding {
  std::vector<std::vector<float>> vectors;  // one; with Pooling::kNone one a token
  int64_t tokens = 0;
};

class Embedder {
 public:
  Embedder(LanguageModelInstance& instance, const EmbeddingOptions& options);

  Pooling pooling() const { return pooling_; }
  // kInvalidInput if the text has no tokens or more than the context holds.
  Result<Embedding> Embed(const std::string& text);
  Result<Embedding> EmbedIds(const std::vector<int32_t>& ids);

 private:
  LanguageModelInstance& instance_;
  Pooling pooling_;
  int64_t normalise_;
  std::unique_ptr<ForwardPass> pass_;
};

}  // namespace tradewind
