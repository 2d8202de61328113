// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kSliceBytes = 8 << 20;

}  // namespace

// Finds each tensor that the spec asks for, checks its shape and packs it.
class ModelLoader {
 public:
  ModelLoader(Model& model, const ModelOptions& options, ThreadPool& pool) : model_(model), options_(options), pool_(pool) {}

  Result<void> LoadAll() {
    ModelSpec& spec = model_.spec_;
    TW_ASSIGN(model_.embedding_, Find("token_embd.weight"));
    TW_RETURN_IF_ERROR(CheckShape(*model_.embedding_, spec.width, static_cast<int64_t>(model_.embedding_->rows())));
    spec.vocab = static_cast<int64_t>(model_.embedding_->rows());
    TW_ASSIGN(model_.output_norm_, LoadVector("output_norm.weight", spec.width));
    if (model_.file_.FindTensor("rope_freqs.weight") != nullptr) TW_RETURN_IF_ERROR(LoadRopeFactors());
    model_.blocks_.resize(spec.blocks.size());
    for (size_t i = 0; i < spec.blocks.size(); ++i) {
      TW_RETURN_IF_ERROR(LoadAttention("blk." + std::to_string(i) + ".", spec.blocks[i], model_.blocks_[i]));
      TW_RETURN_IF_ERROR(LoadFeedForward("blk." + std::to_string(i) + ".", spec.blocks[i], model_.blocks_[i]));
    }
    // Tied weights: without an output matrix the embedding serves as one.
    const char* output = model_.file_.FindTensor("output.weight") != nullptr ? "output.weight" : "token_embd.weight";
    return LoadMatrix(output, spec.width, spec.vocab, model_.output_);
  }

 private:
  Result<const GgufTensor*> Find(const std::string& name) {
    const GgufTensor* tensor = model_.file_.FindTensor(name);
    if (tensor == nullptr) {
      return Fail(Status(StatusCode::kInvalidInput, model_.file_.file().path() + " lacks the tensor " + name + ", which the architecture " +
                                                        model_.spec_.architecture + " needs; the file is incomplete or of another kind")
                      .At(name));
    }
    return tensor;
  }

  Result<void> CheckShape(const GgufTensor& tensor, int64_t cols, int64_t rows) {
    if (static_cast<int64_t>(tensor.row_length()) == cols && static_cast<int64_t>(tensor.rows()) == rows) return {};
    return Fail(Status(StatusCode::kInvalidInput, "the tensor " + std::string(tensor.name) + " is " + std::to_string(tensor.row_length()) +
                                                      " x " + std::to_string(tensor.rows()) + "; the model's numbers ask for " +
                                                      std::to_string(cols) + " x " + std::to_string(rows))
                    .At(std::string(tensor.name), tensor.offset));
  }

  Result<Vector> LoadVector(const std::string& name, int64_t size) {
    TW_ASSIGN(const GgufTensor* tensor, Find(name));
    TW_RETURN_IF_ERROR(CheckShape(*tensor, size, 1));
    Vector values(static_cast<size_t>((size + kRowGroup - 1) / kRowGroup * kRowGroup));
    DequantizeRow(tensor->type, tensor->data.data(), {values.data(), static_cast<size_t>(size)});
    return values;
  }

  Result<void> LoadRopeFactors() {
    const int64_t pairs = model_.spec_.blocks[0].attention.rope.dimensions / 2;
    TW_ASSIGN(model_.rope_factors_, LoadVector("rope_freqs.weight", pairs));
    for (int64_t i = 0; i < pairs; ++i) {
      if (model_.rope_factors_[static_cast<size_t>(i)] > 0) continue;
      return Fail(Status(StatusCode::kInvalidInput, "a factor of the rotary frequencies must be positive").At("rope_freqs.weight"));
    }
    return {};
  }

  Result<void> LoadMatrix(const std::string& name, int64_t cols, int64_t rows, PackedMatrix& out) {
    TW_ASSIGN(const GgufTensor* tensor, Find(name));
    TW_RETURN_IF_ERROR(CheckShape(*tensor, cols, rows));
    std::vector<float> widened;
    const std::byte* data = tensor->data.data();
    TensorType type = tensor->type;
    if (options_.widen_to_f32) {
      widened.resize(static_cast<size_t>(rows * cols));
      const uint64_t row_bytes = *RowBytes(type, static_cast<uint64_t>(cols));
      pool_.ParallelFor(rows, [&](int64_t r, int) {
        DequantizeRow(tensor->type, data + static_cast<uint64_t>(r) * row_bytes, {widened.data() + r * cols, static_cast<size_t>(cols)});
      });
      type = TensorType::kF32;
    }
    TW_ASSIGN(out, PackedMatrix::Allocate(type, rows, cols));
    const std::byte* source = options_.widen_to_f32 ? reinterpret_cast<const std::byte*>(widened.data()) : data;
    // Slice by slice, so that never much of a tensor is resident twice.
    const int64_t slice =
        std::max<int64_t>(1, kSliceBytes / static_cast<int64_t>(out.size_bytes() / static_cast<uint64_t>(out.groups()) + 1));
    const size_t row_bytes = tensor->data.size() / static_cast<size_t>(rows);
    for (int64_t begin = 0; begin < out.groups(); begin += slice) {
      const int64_t end = std::min(begin + slice, out.groups());
      pool_.ParallelFor(end - begin, [&](int64_t i, int) { out.PackGroup(begin + i, source); });
      const size_t first = static_cast<size_t>(begin * kRowGroup) * row_bytes;
      const size_t last = static_cast<size_t>(std::min(end * kRowGroup, rows)) * row_bytes;
      model_.file_.Release(*tensor, tensor->data.subspan(first, last - first));
    }
    model_.file_.Release(*tensor, tensor->data);
    return {};
  }

  Result<void> LoadAttention(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
    const AttentionSpec& a = spec.attention;
    const int64_t width = model_.spec_.width;
    const int64_t q = a.heads * a.head_dim;
    const int64_t kv = a.kv_heads * a.head_dim;
    TW_ASSIGN(w.attention_norm, LoadVector(prefix + "attn_norm.weight", width));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_q.weight", width, q, w.query));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_k.weight", width, kv, w.key));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_v.weight", width, kv, w.value));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_output.weight", q, width, w.attention_out));
    if (a.bias) {
      TW_ASSIGN(w.query_bias, LoadVector(prefix + "attn_q.bias", q));
      TW_ASSIGN(w.key_bias, LoadVector(prefix + "attn_k.bias", kv));
      TW_ASSIGN(w.value_bias, LoadVector(prefix + "attn_v.bias", kv));
    }
    if (a.head_norm) {
      TW_ASSIGN(w.query_norm, LoadVector(prefix + "attn_q_norm.weight", a.head_dim));
      TW_ASSIGN(w.key_norm, LoadVector(prefix + "attn_k_norm.weight", a.head_dim));
    }
    if (spec.post_norms) {
      TW_ASSIGN(w.attention_post_norm, LoadVector(prefix + "post_attention_norm.weight", width));
    }
    return {};
  }

  Result<void> LoadFeedForward(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
    const int64_t width = model_.spec_.width;
    const int64_t inner = spec.feed_forward.width;
    TW_ASSIGN(w.feed_forward_norm, LoadVector(prefix + "ffn_norm.weight", width));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_gate.weight", width, inner, w.gate));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_up.weight", width, inner, w.up));
    TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_down.weight", inner, width, w.down));
    if (spec.post_norms) {
      TW_ASSIGN(w.feed_forward_post_norm, LoadVector(prefix + "post_ffw_norm.weight", width));
    }
    return {};
  }

  Model& model_;
  const ModelOptions& options_;
  ThreadPool& pool_;
};

Result<std::unique_ptr<const Model>> Model::Load(Gguf file, const ModelOptions& options, ThreadPool& pool) {
  std::unique_ptr<Model> model(new Model(std::move(file)));
  TW_ASSIGN(model->spec_, BuildModelSpec(model->file_.metadata(), options.architectures ? *options.architectures : Architectures()));
  TW_RETURN_IF_ERROR(ModelLoader(*model, options, pool).LoadAll());
  return std::unique_ptr<const Model>(std::move(model));
}

void Model::Embed(int32_t token, float* out) const {
  const auto width = static_cast<uint64_t>(spec_.width);
  const uint64_t row_bytes = *RowBytes(embedding_->type, width);
  DequantizeRow(embedding_->type, embedding_->data.data() + static_cast<uint64_t>(token) * row_bytes, {out, width});
  if (spec_.embedding_scale != 1) {
    for (uint64_t i = 0; i < width; ++i) out[i] *= spec_.embedding_scale;
  }
}

uint64_t Model::memory_bytes() const {
  uint64_t bytes = output_.size_bytes() + output_norm_.size() * sizeof(float);
  for (const BlockWeights& b : blocks_) {
    for (const PackedMatrix* m : {&b.query, &b.key, &b.value, &b.attention_out, &b.gate, &b.up, &b.down}) bytes += m->size_bytes();
    for (const Vector* v : {&b.attention_norm, &b.query_bias, &b.key_bias, &b.value_bias, &b.query_norm, &b.key_norm,
                            &b.attention_post_norm, &b.feed_forward_norm, &b.feed_forward_post_norm}) {
      bytes += v->size() * sizeof(float);
    }
  }
  return bytes;
}

uint64_t PackedWeightBytes(const Gguf& file) {
  uint64_t bytes = 0;
  const bool tied = file.FindTensor("output.weight") == nullptr;
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.rows() == 1 || (tensor.name == "token_embd.weight" && !tied)) continue;
    bytes += PackedMatrix::SizeBytes(tensor.type, static_cast<int64_t>(tensor.rows()), static_cast<int64_t>(tensor.row_length()));
  }
  return bytes;
}

}  // namespace tradewind
