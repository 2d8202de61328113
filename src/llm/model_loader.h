// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ModelLoader: finds each tensor that a spec asks for, checks its shape and puts it into a Model. Used once, by Model::Load.
#pragma once

#include <set>
#include <string>

#include "llm/model.h"

namespace tradewind {

class ModelLoader {
 public:
  ModelLoader(Model& model, const ModelOptions& options, ThreadPool& pool) : model_(model), options_(options), pool_(pool) {}

  // kInvalidInput names a tensor that is missing or of the wrong shape, kUnsupported one of a block that nothing reads.
  Result<void> LoadAll();

 private:
  Result<const GgufTensor*> Find(const std::string& name);
  Result<void> CheckShape(const GgufTensor& tensor, int64_t cols, int64_t rows) const;
  Result<Vector> LoadVector(const std::string& name, int64_t size);
  Result<void> LoadMatrix(const std::string& name, int64_t cols, int64_t rows, PackedMatrix& out);
  Result<void> Add(const GgufTensor& tensor, std::span<const std::byte> data, int64_t cols, int64_t rows, PackedMatrix& out);
  Result<void> LoadEmbedding();
  Result<void> LoadRopeFactors();
  Result<void> LoadAttention(const std::string& prefix, const BlockSpec& spec, BlockWeights& w);
  Result<void> LoadConvolution(const std::string& prefix, const BlockSpec& spec, BlockWeights& w);
  Result<void> LoadNorms(const std::string& prefix, const BlockSpec& spec, BlockWeights& w);
  Result<void> LoadFeedForward(const std::string& prefix, const BlockSpec& spec, BlockWeights& w);
  Result<void> LoadExperts(const std::string& prefix, const FeedForwardSpec& spec, BlockWeights& w);
  Result<void> LoadExpertMatrices(const std::string& name, int64_t cols, int64_t rows, PackedMatrix ExpertWeights::* matrix,
                                  BlockWeights& w);
  Result<void> RefuseUnread() const;

  Model& model_;
  const ModelOptions& options_;
  ThreadPool& pool_;
  std::set<std::string, std::less<>> read_;  // tensors
};

}  // namespace tradewind
