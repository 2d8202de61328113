// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/text_input.h"

#include <limits>
#include <utility>

namespace tradewind {
namespace {

constexpr int64_t kGreatestId = std::numeric_limits<int32_t>::max();
constexpr char kShapes[] = "must be a text, a list of texts, a list of token ids or a list of lists of ids";

Result<TextInput> TextInputAt(JsonNode node, const std::string& where) {
  if (node.kind() == JsonKind::kText) return TextInput(std::string(node.text()));
  if (node.kind() != JsonKind::kArray) return Fail(BadField(where, "must be a text or a list of token ids, as the one before it"));
  TW_ASSIGN(std::vector<int32_t> ids, TokenIdsAt(node, where));
  if (ids.empty()) return Fail(BadField(where, "must not be an empty list"));
  return TextInput(std::move(ids));
}

}  // namespace

Result<std::vector<int32_t>> TokenIdsAt(JsonNode node, const std::string& where) {
  if (node.kind() != JsonKind::kArray) return Fail(BadField(where, "must be a list of token ids"));
  std::vector<int32_t> ids;
  ids.reserve(node.size());
  for (const JsonNode item : node.children()) {
    const bool id = item.kind() == JsonKind::kInteger && item.integer() >= 0 && item.integer() <= kGreatestId;
    if (!id) return Fail(BadField(ItemPlace(where, ids.size()), "must be a token id: a whole number from 0 on"));
    ids.push_back(static_cast<int32_t>(item.integer()));
  }
  return ids;
}

Result<std::vector<TextInput>> TextInputsAt(JsonNode node, const std::string& where, const ApiLimits& limits) {
  std::vector<TextInput> inputs;
  if (node.kind() == JsonKind::kText) {
    inputs.emplace_back(std::string(node.text()));
    return inputs;
  }
  if (node.kind() != JsonKind::kArray) return Fail(BadField(where, kShapes));
  if (node.size() == 0) return Fail(BadField(where, "must not be an empty list"));
  const JsonKind first = (*node.children().begin()).kind();
  if (first == JsonKind::kInteger) {
    TW_ASSIGN(std::vector<int32_t> ids, TokenIdsAt(node, where));
    inputs.emplace_back(std::move(ids));
    return inputs;
  }
  if (first != JsonKind::kText && first != JsonKind::kArray) return Fail(BadField(ItemPlace(where, 0), kShapes));
  TW_RETURN_IF_ERROR(ListAt(node, where, limits.inputs));
  for (const JsonNode item : node.children()) {
    const std::string place = ItemPlace(where, inputs.size());
    if (item.kind() != first) return Fail(BadField(place, "must be of the same shape as the one before it"));
    TW_ASSIGN(TextInput input, TextInputAt(item, place));
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace tradewind
