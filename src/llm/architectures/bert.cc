// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// BERT and the sentence encoders made of it: learned positions, layer norms after each part, attention both ways, GELU without a gate,
// biases everywhere.
#include "formats/gguf.h"
#include "llm/model_file.h"
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildBert(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name, {.epsilon = "attention.layer_norm_epsilon"}));
  TW_ASSIGN(const bool causal, metadata.BoolOr(name + ".attention.causal", false));
  if (causal) {
    return Fail(
        Status(StatusCode::kUnsupported, "an encoder whose positions see only the past is not supported").At(name + ".attention.causal"));
  }
  spec.embedding = {.positions = true, .token_types = true, .norm = true};
  spec.output_norm.clear();
  spec.generates = false;
  for (BlockSpec& block : spec.blocks) {
    block.norm_after = true;
    block.attention.causal = false;
    block.attention.bias = true;
    block.attention.output_bias = true;
    block.attention.rope.dimensions = 0;
    block.feed_forward.gated = false;
    block.feed_forward.bias = true;
    block.feed_forward.activation = Activation::kGeluErf;
  }
  return spec;
}

const HuggingFaceTable& BertTable() {
  static const HuggingFaceTable table = {
      .prefixes = {"bert."},
      .tensors = {{"embeddings.word_embeddings.weight", "token_embd.weight"},
                  {"embeddings.position_embeddings.weight", "position_embd.weight"},
                  {"embeddings.token_type_embeddings.weight", "token_types.weight"},
                  {"embeddings.LayerNorm.weight", "token_embd_norm.weight"},
                  {"embeddings.LayerNorm.bias", "token_embd_norm.bias"},
                  {"encoder.layer.%.attention.self.query.weight", "blk.%.attn_q.weight"},
                  {"encoder.layer.%.attention.self.query.bias", "blk.%.attn_q.bias"},
                  {"encoder.layer.%.attention.self.key.weight", "blk.%.attn_k.weight"},
                  {"encoder.layer.%.attention.self.key.bias", "blk.%.attn_k.bias"},
                  {"encoder.layer.%.attention.self.value.weight", "blk.%.attn_v.weight"},
                  {"encoder.layer.%.attention.self.value.bias", "blk.%.attn_v.bias"},
                  {"encoder.layer.%.attention.output.dense.weight", "blk.%.attn_output.weight"},
                  {"encoder.layer.%.attention.output.dense.bias", "blk.%.attn_output.bias"},
                  {"encoder.layer.%.attention.output.LayerNorm.weight", "blk.%.attn_output_norm.weight"},
                  {"encoder.layer.%.attention.output.LayerNorm.bias", "blk.%.attn_output_norm.bias"},
                  {"encoder.layer.%.intermediate.dense.weight", "blk.%.ffn_up.weight"},
                  {"encoder.layer.%.intermediate.dense.bias", "blk.%.ffn_up.bias"},
                  {"encoder.layer.%.output.dense.weight", "blk.%.ffn_down.weight"},
                  {"encoder.layer.%.output.dense.bias", "blk.%.ffn_down.bias"},
                  {"encoder.layer.%.output.LayerNorm.weight", "blk.%.layer_output_norm.weight"},
                  {"encoder.layer.%.output.LayerNorm.bias", "blk.%.layer_output_norm.bias"}},
      .unread = {"embeddings.position_ids", "pooler.", "cls."},
      .integers = {{"num_hidden_layers", "block_count"},
                   {"hidden_size", "embedding_length"},
                   {"max_position_embeddings", "context_length"},
                   {"intermediate_size", "feed_forward_length"},
                   {"num_attention_heads", "attention.head_count"}},
      .numbers = {{"layer_norm_eps", "attention.layer_norm_epsilon"}},
      .required = {{"hidden_act", "gelu"}, {"position_embedding_type", "absolute"}},
      .vocabulary = "bert",
  };
  return table;
}

}  // namespace

void RegisterBertArchitecture(Registry<Architecture>& registry) {
  registry.Add("bert", {.build = BuildBert, .hugging_face = &BertTable()});
}

}  // namespace tradewind
