// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model.h"

#include "kernels/kernels_ref.h"
#include "kernels/plain_rows.h"
#include "llm/model_loader.h"

namespace tradewind {

Result<std::unique_ptr<const Model>> Model::Load(Gguf file, const ModelOptions& options, ThreadPool& pool) {
  std::unique_ptr<Model> model(new Model(std::move(file)));
  const Registry<Architecture>& architectures = options.architectures ? *options.architectures : Architectures();
  TW_ASSIGN(model->spec_, IfWhole(model->file_, BuildModelSpec(model->file_.metadata(), architectures)));
  TW_RETURN_IF_ERROR(IfWhole(model->file_, ModelLoader(*model, options, pool).LoadAll()));
  return std::unique_ptr<const Model>(std::move(model));
}

Result<void> Model::CheckWhole() const {
  return file_.CheckWhole();
}

void Model::Embed(int32_t token, int64_t position, float* out) const {
  const auto width = static_cast<uint64_t>(spec_.width);
  const EmbeddingSpec& e = spec_.embedding;
  const auto row = [&](const GgufTensor& tensor, int64_t index, float* to) {
    const uint64_t row_bytes = *RowBytes(tensor.type, width);
    DequantizeRow(tensor.type, tensor.data.data() + static_cast<uint64_t>(index) * row_bytes, {to, width});
  };
  row(*embedding_, token, out);
  if (e.scale != 1) MultiplyScalarRef(out, e.scale, spec_.width, out);
  if (e.token_types) AddRef(out, token_type_.data(), spec_.width, out);
  if (e.positions) {
    Vector learned(width);
    row(*positions_, position, learned.data());
    AddRef(out, learned.data(), spec_.width, out);
  }
  if (e.norm) LayerNorm(out, embedding_norm_.data(), embedding_bias_.data(), spec_.norm_eps, spec_.width, out);
}

void Model::ReleaseEmbedding() const {
  if (spec_.generates && !output_.packed()) return;
  file_.Release(*embedding_, embedding_->data);
}

const PackedMatrix* Model::FindMatrix(std::string_view tensor) const {
  const auto found = matrices_.find(tensor);
  return found == matrices_.end() || found->second.size() != 1 ? nullptr : found->second.front();
}

uint64_t PackedWeightBytes(const Gguf& file, const ModelSpec& spec) {
  uint64_t bytes = 0;
  const bool tied = spec.generates && file.FindTensor("output.weight") == nullptr;
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.rows() == 1 || (tensor.name == "token_embd.weight" && !tied)) continue;
    if (tensor.name == "position_embd.weight" || tensor.name == "token_types.weight") continue;
    bytes += PackedMatrix::SizeBytes(tensor.type, static_cast<int64_t>(tensor.rows()), static_cast<int64_t>(tensor.row_length()));
  }
  return bytes;
}

}  // namespace tradewind
