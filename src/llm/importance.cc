// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/importance.h"

#include <algorithm>

#include "core/token_windows.h"

namespace tradewind {
namespace {

constexpr int64_t kChunkTokens = 512;

}  // namespace

Result<std::unique_ptr<ImportanceCollector>> ImportanceCollector::Make(LanguageModelInstance& instance) {
  if (!instance.model().spec().generates) {
    return Fail(
        Status(StatusCode::kUnsupported, "this model is an encoder; importance is measured of models that generate text").At("model"));
  }
  TW_ASSIGN(std::vector<AdapterUse> adapters, instance.Adapters(instance.options().lora_scales));
  return std::unique_ptr<ImportanceCollector>(new ImportanceCollector(instance, std::move(adapters)));
}

ImportanceCollector::ImportanceCollector(LanguageModelInstance& instance, std::vector<AdapterUse> adapters)
    : instance_(instance),
      pass_(instance.model(), instance.kernels(), std::min(instance.options().ubatch, instance.options().context)),
      adapters_(std::move(adapters)),
      cache_(instance.model().spec(), instance.options().key_type, instance.options().value_type, instance.options().context) {
  pass_.SetBlocks(BlocksToRun(static_cast<int64_t>(instance.model().spec().blocks.size()), instance.options().layers));
  pass_.SetWindow(instance.options().attention_window);
  pass_.SetProductTap(this);
  for (const auto& [tensor, matrices] : instance.model().matrices()) {
    if (!tensor.starts_with("blk.")) continue;
    const auto columns = static_cast<size_t>(matrices.front()->cols());
    ImportanceSums::OfTensor& sums = sums_.tensors[tensor];
    sums.squares.resize(columns * matrices.size());
    sums.counts.resize(matrices.size());
    for (size_t i = 0; i < matrices.size(); ++i) share_of_[matrices[i]] = {sums.squares.data() + i * columns, &sums.counts[i]};
  }
}

void ImportanceCollector::Read(const PackedMatrix& weights, const float* input, int64_t rows) {
  const auto found = share_of_.find(&weights);
  if (found == share_of_.end()) return;
  const Share& share = found->second;
  const int64_t cols = weights.cols();
  for (int64_t row = 0; row < rows; ++row) {
    const float* x = input + row * cols;
    for (int64_t c = 0; c < cols; ++c) share.squares[c] += static_cast<double>(x[c]) * static_cast<double>(x[c]);
  }
  *share.count += rows;
}

Result<void> ImportanceCollector::Add(std::span<const int32_t> ids) {
  const auto count = static_cast<int64_t>(ids.size());
  if (ids.empty()) return Fail(Status(StatusCode::kInvalidInput, "the text has no tokens; give some").At("text"));
  if (count > cache_.context()) {
    return Fail(Status(StatusCode::kInvalidInput, "the text has " + std::to_string(count) + " tokens and the context holds " +
                                                      std::to_string(cache_.context()) + "; shorten it or raise -c")
                    .At("text"));
  }
  TW_RETURN_IF_ERROR(cache_.Reserve(count));
  for (int64_t start = 0; start < count; start += pass_.max_chunk()) {
    const std::lock_guard<std::mutex> turn(instance_.turn());
    const auto part = ids.subspan(static_cast<size_t>(start), static_cast<size_t>(std::min(pass_.max_chunk(), count - start)));
    // Without logits.
    pass_.Run({.tokens = part, .start = start, .cache = &cache_, .adapters = adapters_, .logits_begin = static_cast<int64_t>(part.size())},
              instance_.batch_pool(), {});
  }
  ++sums_.chunk_count;
  sums_.chunk_size = std::max(sums_.chunk_size, static_cast<uint32_t>(count));
  return {};
}

Result<ImportanceSums> SumImportance(LanguageModelInstance& instance, const std::string& text, const ImportanceOptions& options) {
  TW_ASSIGN(const auto collector, ImportanceCollector::Make(instance));
  TW_ASSIGN(std::vector<std::vector<int32_t>> chunks, TokenWindows(instance, text, std::min(kChunkTokens, instance.options().context)));
  if (chunks.empty()) {
    Prompt prompt;
    prompt.raw = text;
    TW_ASSIGN(chunks.emplace_back(), instance.Tokenize(prompt));
  }
  chunks.resize(static_cast<size_t>(std::clamp<int64_t>(options.chunks, 0, static_cast<int64_t>(chunks.size()))));
  if (chunks.empty()) return Fail(Status(StatusCode::kInvalidInput, "no chunk is to be read; allow one at least").At("chunks"));
  const auto all = static_cast<int64_t>(chunks.size());
  for (int64_t i = 0; i < all; ++i) {
    TW_RETURN_IF_ERROR(collector->Add(chunks[static_cast<size_t>(i)]));
    if (options.progress && !options.progress(i + 1, all)) return Fail(StatusCode::kCancelled, "measuring was cancelled");
  }
  return std::move(*collector).Take();
}

}  // namespace tradewind
