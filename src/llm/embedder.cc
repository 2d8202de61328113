// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/embedder.h"

#include <algorithm>

namespace tradewind {
namespace {

bool SeesTheWholeText(const ModelSpec& spec) {
  return std::any_of(spec.blocks.begin(), spec.blocks.end(),
                     [](const BlockSpec& b) { return b.mixer == Mixer::kAttention && !b.attention.causal; });
}

}  // namespace

Embedder::Embedder(LanguageModelInstance& instance, const EmbeddingOptions& options)
    : instance_(instance),
      pooling_(options.pooling                                     ? *options.pooling
               : instance.model().spec().pooling != Pooling::kNone ? instance.model().spec().pooling
                                                                   : Pooling::kMean),
      normalise_(options.normalise) {}

Result<Embedding> Embedder::Embed(const std::string& text) {
  Prompt prompt;
  prompt.raw = text;
  TW_ASSIGN(const std::vector<int32_t> ids, instance_.Tokenize(prompt));
  return EmbedIds(ids);
}

Result<Embedding> Embedder::EmbedIds(const std::vector<int32_t>& ids) {
  const auto count = static_cast<int64_t>(ids.size());
  const LlmOptions& options = instance_.options();
  const ModelSpec& spec = instance_.model().spec();
  if (ids.empty()) return Fail(Status(StatusCode::kInvalidInput, "the text is empty; give some").At("text"));
  if (count > options.context) {
    return Fail(Status(StatusCode::kInvalidInput, "the text has " + std::to_string(count) + " tokens and the context holds " +
                                                      std::to_string(options.context) + "; shorten it or raise -c")
                    .At("text"));
  }
  // Where each position sees the whole text, the text is one chunk.
  const int64_t chunk = SeesTheWholeText(spec) ? count : std::min(options.ubatch, options.context);
  TW_ASSIGN(const std::vector<AdapterUse> adapters, instance_.Adapters(options.lora_scales));
  if (!pass_ || pass_->max_chunk() < chunk) pass_ = std::make_unique<ForwardPass>(instance_.model(), instance_.kernels(), chunk);
  KvCache cache(spec, options.key_type, options.value_type, options.context);
  TW_RETURN_IF_ERROR(cache.Reserve(count));
  Pooler pooler(pooling_, spec.width);
  for (int64_t start = 0; start < count; start += chunk) {
    const std::lock_guard<std::mutex> turn(instance_.turn());
    const auto part = std::span(ids).subspan(static_cast<size_t>(start), static_cast<size_t>(std::min(chunk, count - start)));
    pooler.Add(pass_->Encode({.tokens = part, .start = start, .cache = &cache, .adapters = adapters}, instance_.batch_pool()));
  }
  TW_RETURN_IF_ERROR(instance_.model().CheckWhole());
  Embedding embedding{.vectors = pooler.Finish(), .tokens = count};
  for (std::vector<float>& vector : embedding.vectors) Normalise(normalise_, vector);
  return embedding;
}

}  // namespace tradewind
