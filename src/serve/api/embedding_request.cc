// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/embedding_request.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kMostDimensions = 1 << 20;

// Nothing has no direction.
bool HoldsNothing(const TextInput& input) {
  return std::visit([](const auto& value) { return value.empty(); }, input);
}

void ReadInputs(ApiFields& fields, const ApiLimits& limits, std::vector<TextInput>* inputs) {
  fields.Require("input");
  const auto node = fields.Any("input");
  if (!node) return;
  auto read = TextInputsAt(*node, fields.Where("input"), limits);
  if (!read) return void(fields.Check(read.error()));
  *inputs = *std::move(read);
  const auto empty = std::find_if(inputs->begin(), inputs->end(), HoldsNothing);
  if (empty == inputs->end()) return;
  const size_t index = static_cast<size_t>(empty - inputs->begin());
  const std::string where = fields.Where("input");
  fields.Check(BadField(node->kind() == JsonKind::kText ? where : ItemPlace(where, index), "must not be empty"));
}

}  // namespace

Result<EmbeddingRequest> ParseEmbeddingRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  EmbeddingRequest request;
  fields.Name("model", &request.model, limits.name_bytes);
  ReadInputs(fields, limits, &request.inputs);
  request.base64 = fields.Word("encoding_format", {"float", "base64"}) == "base64";
  int64_t dimensions = 0;
  if (fields.Integer("dimensions", &dimensions, 1, kMostDimensions)) request.dimensions = dimensions;
  ReadTerms(fields, limits, &request.terms);
  fields.Ignore({"user"});
  fields.Refuse({"input_type", "truncate", "truncate_prompt_tokens", "embedding_types", "task", "late_chunking"}, "leave it out");
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

}  // namespace tradewind
