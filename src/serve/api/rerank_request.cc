// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/rerank_request.h"

#include <algorithm>

namespace tradewind {
namespace {

// A text, or {"text": ...}.
Result<std::string> RankedDocumentAt(JsonNode node, const std::string& where) {
  if (node.kind() == JsonKind::kText) return std::string(node.text());
  if (node.kind() != JsonKind::kObject) return Fail(BadField(where, "must be a text or an object with a `text`"));
  ApiFields fields(node, where);
  std::string text;
  fields.Require("text");
  fields.Text("text", &text);
  TW_RETURN_IF_ERROR(fields.Finish());
  return text;
}

void ReadDocuments(ApiFields& fields, const ApiLimits& limits, std::vector<std::string>* documents) {
  fields.Require("documents");
  const auto list = fields.List("documents", limits.documents);
  if (!list) return;
  if (list->size() == 0) return void(fields.Check(BadField(fields.Where("documents"), "must not be an empty list")));
  for (const JsonNode item : list->children()) {
    auto text = RankedDocumentAt(item, ItemPlace(fields.Where("documents"), documents->size()));
    if (!text) return void(fields.Check(text.error()));
    documents->push_back(*std::move(text));
  }
}

}  // namespace

Result<RerankRequest> ParseRerankRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  RerankRequest request;
  fields.Name("model", &request.model, limits.name_bytes);
  fields.Require("query");
  if (fields.Text("query", &request.query) && request.query.empty()) fields.Check(BadField(fields.Where("query"), "must not be empty"));
  ReadDocuments(fields, limits, &request.documents);
  const auto all = static_cast<int64_t>(request.documents.size());
  request.top_n = all;
  if (fields.Integer("top_n", &request.top_n, 1, INT32_MAX)) request.top_n = std::min(request.top_n, all);
  fields.Bool("return_documents", &request.return_documents);
  ReadTerms(fields, limits, &request.terms);
  fields.Ignore({"user"});
  fields.Refuse({"rank_fields", "max_chunks_per_doc", "max_tokens_per_doc", "truncation", "truncate_prompt_tokens"}, "leave it out");
  TW_RETURN_IF_ERROR(fields.Finish());
  return request;
}

}  // namespace tradewind
