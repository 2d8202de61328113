// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any GGUF file as a model's numbers and vocabulary. What is taken must be what the forward pass relies on: sizes above 0 and within
// bounds, heads that divide, an even rotation, and a tokenizer whose ids lie in its vocabulary.
#include <cmath>
#include <cstdlib>

#include "formats/gguf.h"
#include "llm/model_spec.h"
#include "text/tokenizer_vocabulary.h"

namespace tradewind {
namespace {

constexpr int64_t kMost = 1 << 24;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckBlock(const BlockSpec& block) {
  const FeedForwardSpec& f = block.feed_forward;
  Require(f.width > 0 && f.width <= kMost && f.experts >= 0 && f.used_experts <= f.experts && (f.experts == 0 || f.used_experts > 0));
  if (block.mixer == Mixer::kShortConvolution) return Require(block.convolution.taps > 1 && block.convolution.taps <= 16);
  const AttentionSpec& a = block.attention;
  Require(a.heads > 0 && a.heads <= kMost && a.kv_heads > 0 && a.heads % a.kv_heads == 0 && a.head_dim > 0 && a.head_dim <= 1024);
  Require(std::isfinite(a.scale) && a.scale > 0 && a.window >= 0);
  Require(a.rope.dimensions >= 0 && a.rope.dimensions <= a.head_dim && a.rope.dimensions % 2 == 0);
  Require(std::isfinite(a.rope.base) && std::isfinite(a.rope.position_scale));
}

void CheckTokenizer(const GgufMetadata& metadata) {
  const auto tokenizer = MakeTokenizer(metadata);
  if (!tokenizer) return Require(!tokenizer.error().message().empty() && !tokenizer.error().where().empty());
  for (const SpecialTokens special : {SpecialTokens::kAsText, SpecialTokens::kParse}) {
    const auto ids = (*tokenizer)->Encode("<s>Ab  \xC3\xA9\xFF 12", special);
    Require(ids.has_value());
    for (const int32_t id : *ids) Require(id >= 0 && id < (*tokenizer)->vocab_size());
    (*tokenizer)->DecodeAll(*ids, true);
  }
}

void RunOne(const uint8_t* data, size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  const Result<Gguf> file = Gguf::FromBytes({begin, begin + size}, "fuzz.gguf");
  if (!file) return;
  const Result<ModelSpec> spec = BuildModelSpec(file->metadata(), Architectures());
  if (spec) {
    Require(!spec->blocks.empty() && spec->width > 0 && spec->width <= kMost && spec->context > 0 && spec->context <= kMost);
    Require(std::isfinite(spec->logit_scale) && std::isfinite(spec->embedding.scale) && std::isfinite(spec->norm_eps));
    for (const BlockSpec& block : spec->blocks) CheckBlock(block);
  } else {
    Require(!spec.error().message().empty() && !spec.error().where().empty());
  }
  CheckTokenizer(file->metadata());
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
