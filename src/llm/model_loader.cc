// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model_loader.h"

#include <algorithm>

namespace tradewind {
Result<void> ModelLoader::LoadAll() {
  ModelSpec& spec = model_.spec_;
  TW_RETURN_IF_ERROR(LoadEmbedding());
  TW_ASSIGN(PageArena arena, PageArena::Map(options_.widen_to_f32 ? 0 : PackedWeightBytes(model_.file_, spec)));
  model_.packing_ = std::make_unique<Packing>(model_.file_, std::move(arena));
  if (!spec.output_norm.empty()) {
    TW_ASSIGN(model_.output_norm_, LoadVector(spec.output_norm, spec.width));
  }
  if (model_.file_.FindTensor("rope_freqs.weight") != nullptr) TW_RETURN_IF_ERROR(LoadRopeFactors());
  model_.blocks_.resize(spec.blocks.size());
  for (size_t i = 0; i < spec.blocks.size(); ++i) {
    const std::string prefix = "blk." + std::to_string(i) + ".";
    const BlockSpec& block = spec.blocks[i];
    TW_RETURN_IF_ERROR(LoadNorms(prefix, block, model_.blocks_[i]));
    TW_RETURN_IF_ERROR(block.mixer == Mixer::kAttention ? LoadAttention(prefix, block, model_.blocks_[i])
                                                        : LoadConvolution(prefix, block, model_.blocks_[i]));
    TW_RETURN_IF_ERROR(LoadFeedForward(prefix, block, model_.blocks_[i]));
  }
  if (spec.generates) {
    // Tied weights: without an output matrix the embedding serves as one.
    const char* output = model_.file_.FindTensor("output.weight") != nullptr ? "output.weight" : "token_embd.weight";
    TW_RETURN_IF_ERROR(LoadMatrix(output, spec.width, spec.vocab, model_.output_));
  }
  return RefuseUnread();
}

Result<const GgufTensor*> ModelLoader::Find(const std::string& name) {
  const GgufTensor* tensor = model_.file_.FindTensor(name);
  if (tensor == nullptr) {
    return Fail(Status(StatusCode::kInvalidInput, model_.file_.source() + " lacks the tensor " + name + ", which the architecture " +
                                                      model_.spec_.architecture + " needs; the file is incomplete or of another kind")
                    .At(name));
  }
  read_.insert(name);
  return tensor;
}

Result<void> ModelLoader::CheckShape(const GgufTensor& tensor, int64_t cols, int64_t rows) const {
  if (static_cast<int64_t>(tensor.row_length()) == cols && static_cast<int64_t>(tensor.rows()) == rows) return {};
  return Fail(Status(StatusCode::kInvalidInput, "the tensor " + std::string(tensor.name) + " is " + std::to_string(tensor.row_length()) +
                                                    " x " + std::to_string(tensor.rows()) + "; the model's numbers ask for " +
                                                    std::to_string(cols) + " x " + std::to_string(rows))
                  .At(std::string(tensor.name), tensor.offset));
}

Result<Vector> ModelLoader::LoadVector(const std::string& name, int64_t size) {
  TW_ASSIGN(const GgufTensor* tensor, Find(name));
  TW_RETURN_IF_ERROR(CheckShape(*tensor, size, 1));
  Vector values(static_cast<size_t>((size + kRowGroup - 1) / kRowGroup * kRowGroup));
  DequantizeRow(tensor->type, tensor->data.data(), {values.data(), static_cast<size_t>(size)});
  model_.memory_bytes_ += values.size() * sizeof(float);
  return values;
}

Result<void> ModelLoader::LoadMatrix(const std::string& name, int64_t cols, int64_t rows, PackedMatrix& out) {
  TW_ASSIGN(const GgufTensor* tensor, Find(name));
  TW_RETURN_IF_ERROR(CheckShape(*tensor, cols, rows));
  TW_RETURN_IF_ERROR(Add(*tensor, tensor->data, cols, rows, out));
  model_.matrices_[name] = {&out};
  return {};
}

Result<void> ModelLoader::Add(const GgufTensor& tensor, std::span<const std::byte> data, int64_t cols, int64_t rows, PackedMatrix& out) {
  if (options_.widen_to_f32) {
    std::vector<float> widened(static_cast<size_t>(rows * cols));
    const uint64_t row_bytes = *RowBytes(tensor.type, static_cast<uint64_t>(cols));
    pool_.ParallelFor(rows, [&](int64_t r, int) {
      DequantizeRow(tensor.type, data.data() + static_cast<uint64_t>(r) * row_bytes,
                    {widened.data() + r * cols, static_cast<size_t>(cols)});
    });
    TW_ASSIGN(out, PackedMatrix::Allocate(TensorType::kF32, rows, cols));
    pool_.ParallelFor(out.groups(), [&](int64_t g, int) { out.PackGroup(g, reinterpret_cast<const std::byte*>(widened.data())); });
    model_.file_.Release(tensor, data);
  } else {
    out = PackedMatrix::Unpacked(tensor.type, rows, cols, data.data());
    model_.packing_->Add(&out, &tensor, data);
  }
  model_.memory_bytes_ += out.size_bytes();
  return {};
}

Result<void> ModelLoader::LoadEmbedding() {
  ModelSpec& spec = model_.spec_;
  TW_ASSIGN(model_.embedding_, Find("token_embd.weight"));
  TW_RETURN_IF_ERROR(CheckShape(*model_.embedding_, spec.width, static_cast<int64_t>(model_.embedding_->rows())));
  spec.vocab = static_cast<int64_t>(model_.embedding_->rows());
  if (spec.embedding.positions) {
    TW_ASSIGN(model_.positions_, Find("position_embd.weight"));
    TW_RETURN_IF_ERROR(CheckShape(*model_.positions_, spec.width, spec.context));
  }
  if (spec.embedding.token_types) {
    TW_ASSIGN(const GgufTensor* types, Find("token_types.weight"));
    TW_RETURN_IF_ERROR(CheckShape(*types, spec.width, static_cast<int64_t>(types->rows())));
    model_.token_type_.resize(static_cast<size_t>(spec.width));
    DequantizeRow(types->type, types->data.data(), model_.token_type_);
  }
  if (!spec.embedding.norm) return {};
  TW_ASSIGN(model_.embedding_norm_, LoadVector("token_embd_norm.weight", spec.width));
  TW_ASSIGN(model_.embedding_bias_, LoadVector("token_embd_norm.bias", spec.width));
  return {};
}

Result<void> ModelLoader::LoadRopeFactors() {
  int64_t pairs = 0;
  for (const BlockSpec& block : model_.spec_.blocks) pairs = std::max(pairs, block.attention.rope.dimensions / 2);
  TW_ASSIGN(model_.rope_factors_, LoadVector("rope_freqs.weight", pairs));
  for (int64_t i = 0; i < pairs; ++i) {
    if (model_.rope_factors_[static_cast<size_t>(i)] > 0) continue;
    return Fail(Status(StatusCode::kInvalidInput, "a factor of the rotary frequencies must be positive").At("rope_freqs.weight"));
  }
  return {};
}

Result<void> ModelLoader::LoadNorms(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
  const int64_t width = model_.spec_.width;
  if (!spec.norm_after) {
    TW_ASSIGN(w.attention_norm, LoadVector(prefix + "attn_norm.weight", width));
    TW_ASSIGN(w.feed_forward_norm, LoadVector(prefix + "ffn_norm.weight", width));
  } else {
    TW_ASSIGN(w.attention_post_norm, LoadVector(prefix + "attn_output_norm.weight", width));
    TW_ASSIGN(w.attention_post_bias, LoadVector(prefix + "attn_output_norm.bias", width));
    TW_ASSIGN(w.feed_forward_post_norm, LoadVector(prefix + "layer_output_norm.weight", width));
    TW_ASSIGN(w.feed_forward_post_bias, LoadVector(prefix + "layer_output_norm.bias", width));
  }
  if (!spec.post_norms) return {};
  TW_ASSIGN(w.attention_post_norm, LoadVector(prefix + "post_attention_norm.weight", width));
  TW_ASSIGN(w.feed_forward_post_norm, LoadVector(prefix + "post_ffw_norm.weight", width));
  return {};
}

Result<void> ModelLoader::LoadAttention(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
  const AttentionSpec& a = spec.attention;
  const int64_t width = model_.spec_.width;
  const int64_t q = a.heads * a.head_dim;
  const int64_t kv = a.kv_heads * a.head_dim;
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_q.weight", width, q, w.query));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_k.weight", width, kv, w.key));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_v.weight", width, kv, w.value));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "attn_output.weight", q, width, w.attention_out));
  if (a.bias) {
    TW_ASSIGN(w.query_bias, LoadVector(prefix + "attn_q.bias", q));
    TW_ASSIGN(w.key_bias, LoadVector(prefix + "attn_k.bias", kv));
    TW_ASSIGN(w.value_bias, LoadVector(prefix + "attn_v.bias", kv));
  }
  if (a.output_bias) {
    TW_ASSIGN(w.attention_out_bias, LoadVector(prefix + "attn_output.bias", width));
  }
  if (a.head_norm || a.joint_norm) {
    TW_ASSIGN(w.query_norm, LoadVector(prefix + "attn_q_norm.weight", a.joint_norm ? q : a.head_dim));
    TW_ASSIGN(w.key_norm, LoadVector(prefix + "attn_k_norm.weight", a.joint_norm ? kv : a.head_dim));
  }
  return {};
}

Result<void> ModelLoader::LoadConvolution(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
  const int64_t width = model_.spec_.width;
  const int64_t taps = spec.convolution.taps;
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "shortconv.in_proj.weight", width, 3 * width, w.convolution_in));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "shortconv.out_proj.weight", width, width, w.convolution_out));
  const std::string name = prefix + "shortconv.conv.weight";
  TW_ASSIGN(const GgufTensor* tensor, Find(name));
  TW_RETURN_IF_ERROR(CheckShape(*tensor, taps, width));
  if (tensor->type > TensorType::kBF16)
    return Fail(Status(StatusCode::kUnsupported, "the tensor " + name + " is quantised; it must be F32, F16 or BF16").At(name));
  // The file has a channel's taps side by side; a tap's channels are wanted so.
  Vector values(static_cast<size_t>(taps * width));
  DequantizeRow(tensor->type, tensor->data.data(), values);
  w.convolution_taps.resize(values.size());
  for (int64_t c = 0; c < width; ++c) {
    for (int64_t t = 0; t < taps; ++t) w.convolution_taps[static_cast<size_t>(t * width + c)] = values[static_cast<size_t>(c * taps + t)];
  }
  model_.memory_bytes_ += values.size() * sizeof(float);
  return {};
}

Result<void> ModelLoader::LoadFeedForward(const std::string& prefix, const BlockSpec& spec, BlockWeights& w) {
  const FeedForwardSpec& f = spec.feed_forward;
  const int64_t width = model_.spec_.width;
  if (f.experts > 0) return LoadExperts(prefix, f, w);
  if (f.gated) TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_gate.weight", width, f.width, w.gate));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_up.weight", width, f.width, w.up));
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_down.weight", f.width, width, w.down));
  if (!f.bias) return {};
  TW_ASSIGN(w.up_bias, LoadVector(prefix + "ffn_up.bias", f.width));
  TW_ASSIGN(w.down_bias, LoadVector(prefix + "ffn_down.bias", width));
  return {};
}

Result<void> ModelLoader::LoadExperts(const std::string& prefix, const FeedForwardSpec& spec, BlockWeights& w) {
  const int64_t width = model_.spec_.width;
  TW_RETURN_IF_ERROR(LoadMatrix(prefix + "ffn_gate_inp.weight", width, spec.experts, w.router));
  w.experts.resize(static_cast<size_t>(spec.experts));
  TW_RETURN_IF_ERROR(LoadExpertMatrices(prefix + "ffn_gate_exps.weight", width, spec.width, &ExpertWeights::gate, w));
  TW_RETURN_IF_ERROR(LoadExpertMatrices(prefix + "ffn_up_exps.weight", width, spec.width, &ExpertWeights::up, w));
  return LoadExpertMatrices(prefix + "ffn_down_exps.weight", spec.width, width, &ExpertWeights::down, w);
}

// The experts' matrices lie one after the other in one tensor.
Result<void> ModelLoader::LoadExpertMatrices(const std::string& name, int64_t cols, int64_t rows, PackedMatrix ExpertWeights::* matrix,
                                             BlockWeights& w) {
  TW_ASSIGN(const GgufTensor* tensor, Find(name));
  const auto experts = static_cast<int64_t>(w.experts.size());
  TW_RETURN_IF_ERROR(CheckShape(*tensor, cols, rows * experts));
  if (static_cast<int64_t>(tensor->shape[1]) != rows) {
    return Fail(Status(StatusCode::kInvalidInput, "the tensor " + name + " has " + std::to_string(tensor->shape[1]) +
                                                      " rows an expert; the model's numbers ask for " + std::to_string(rows))
                    .At(name, tensor->offset));
  }
  const size_t bytes = tensor->data.size() / w.experts.size();
  for (size_t e = 0; e < w.experts.size(); ++e) {
    TW_RETURN_IF_ERROR(Add(*tensor, tensor->data.subspan(e * bytes, bytes), cols, rows, w.experts[e].*matrix));
    model_.matrices_[name].push_back(&(w.experts[e].*matrix));
  }
  return {};
}

// A tensor of a block that nobody read is part of a computation that this architecture does not make: better no answer than a wrong one.
Result<void> ModelLoader::RefuseUnread() const {
  for (const GgufTensor& tensor : model_.file_.tensors()) {
    const std::string_view name = tensor.name;
    if (name.substr(0, 4) != "blk." || read_.count(name) != 0) continue;
    if (name.find(".attn_rot_embd.") != std::string_view::npos || name.find(".rope_freqs.") != std::string_view::npos) continue;
    return Fail(Status(StatusCode::kUnsupported, "the tensor " + std::string(name) + " has no place in the architecture " +
                                                     model_.spec_.architecture + " as it is supported here")
                    .At(std::string(name), tensor.offset));
  }
  return {};
}

}  // namespace tradewind
