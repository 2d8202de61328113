// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/rerank, as Cohere, Jina and vLLM have it: documents in the order of how well they answer a query. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api/request_terms.h"

namespace tradewind {

struct RerankRequest {
  std::string model;  // empty: the server's choice
  std::string query;
  std::vector<std::string> documents;
  int64_t top_n = 0;  // at most this many are reported; at most all of them
  bool return_documents = false;
  RequestTerms terms;
};

// kInvalidInput or kUnsupported at the field ("documents[3].text").
Result<RerankRequest> ParseRerankRequest(std::string_view body, const ApiLimits& limits = {});

}  // namespace tradewind
