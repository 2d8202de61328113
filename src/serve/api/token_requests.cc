// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/token_requests.h"

#include "serve/api/text_input.h"

namespace tradewind {

Result<TokenizeRequest> ParseTokenizeRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  TokenizeRequest request;
  fields.Name("model", &request.model, limits.name_bytes);
  const bool content = fields.Text("content", &request.text);
  const bool prompt = fields.Text("prompt", &request.text);
  if (content && prompt) fields.Check(BadField(fields.Where("prompt"), "and `content` are two texts; send one"));
  if (!fields.Has("content") && !fields.Has("prompt")) fields.Require("content");
  request.add_special = prompt;
  fields.Bool("add_special_tokens", &request.add_special);
  fields.Bool("add_special", &request.add_special);
  fields.Bool("parse_special", &request.parse_special);
  fields.Bool("return_token_strs", &request.with_pieces);
  fields.Bool("with_pieces", &request.with_pieces);
  fields.Refuse({"messages", "tools", "add_generation_prompt"}, "send the text itself as `content`");
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

Result<DetokenizeRequest> ParseDetokenizeRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  DetokenizeRequest request;
  fields.Name("model", &request.model, limits.name_bytes);
  fields.Require("tokens");
  if (const auto list = fields.Any("tokens")) {
    auto ids = TokenIdsAt(*list, fields.Where("tokens"));
    if (!ids) return Fail(ids.error());
    request.tokens = *std::move(ids);
  }
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

}  // namespace tradewind
