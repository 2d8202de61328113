// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as the body of a request; the first byte picks the endpoint. What is refused must say why and where, in JSON that is valid;
// what is taken must lie within all ranges, and its tools and messages must be JSON for a template.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/sampling_fields.h"
#include "serve/api/anthropic_request.h"
#include "serve/api/api_error.h"
#include "serve/api/completion_request.h"
#include "serve/api/embedding_request.h"
#include "serve/api/rerank_request.h"
#include "serve/api/token_requests.h"
#include "serve/api/tool_grammar.h"
#include "text/grammar.h"

namespace tradewind {
namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

void CheckRefusal(const Status& status) {
  Demand(!status.message().empty() && !status.where().empty());
  const ApiError error = ApiErrorOf(status);
  Demand(error.http_status == 400);
  Demand(nlohmann::json::parse(OpenAiErrorJson(error))["error"]["message"].is_string());
  Demand(nlohmann::json::accept(AnthropicErrorJson(error)));
}

void CheckTerms(const RequestTerms& terms) {
  for (const auto& time : {terms.budget.ttft, terms.budget.tpot, terms.budget.deadline}) Demand(!time || time->ms() > 0);
  Demand(!terms.budget.quality || (*terms.budget.quality > 0 && *terms.budget.quality <= 1));
  Demand(terms.priority >= -1000 && terms.priority <= 1000);
}

void CheckOptions(const AnswerOptions& options) {
  Demand(CheckSampling(options.sampling).has_value());
  Demand(options.sampling.temperature <= 2 && std::abs(options.sampling.presence_penalty) <= 2);
  Demand(options.answers >= 1 && options.answers <= 16 && options.stop.size() <= 16);
  Demand(!options.max_tokens || *options.max_tokens >= 0);
  Demand(options.top_logprobs >= 0 && options.top_logprobs <= 20 && (options.top_logprobs == 0 || options.logprobs));
  for (const std::string& stop : options.stop) Demand(!stop.empty());
  for (const LogitBias& bias : options.sampling.logit_bias) Demand(bias.id >= 0 && std::abs(bias.bias) <= 100);
  Demand(options.grammar.empty() || Grammar::Parse(options.grammar).has_value());
}

void CheckInputs(const std::vector<TextInput>& inputs) {
  Demand(!inputs.empty());
  for (const TextInput& input : inputs) {
    if (const auto* ids = std::get_if<std::vector<int32_t>>(&input)) {
      for (const int32_t id : *ids) Demand(id >= 0);
    }
  }
}

void CheckChat(const ChatRequest& request) {
  CheckTerms(request.terms);
  CheckOptions(request.options);
  Demand(!request.messages.empty());
  for (const auto& [name, json] : TemplateVariables(request)) Demand(!name.empty() && nlohmann::json::accept(json));
  if (!request.tool_use.Offered()) return;
  for (const ToolNotation notation : {ToolNotation::kTags, ToolNotation::kObject, ToolNotation::kList}) {
    const auto gbnf = ToolGrammar(request.tool_use, notation);
    if (!gbnf) CheckRefusal(gbnf.error());
  }
}

template <typename Request, typename Check>
void Judge(const Result<Request>& request, Check check) {
  if (request) {
    check(*request);
  } else {
    CheckRefusal(request.error());
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tradewind;
  if (size == 0 || size > (1 << 16)) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 'm': Judge(ParseChatRequest(body), CheckChat); break;
    case 'a': Judge(ParseAnthropicRequest(body), CheckChat); break;
    case 'c':
      Judge(ParseCompletionRequest(body), [](const CompletionRequest& r) {
        CheckTerms(r.terms);
        CheckOptions(r.options);
        CheckInputs(r.prompts);
      });
      break;
    case 'e':
      Judge(ParseEmbeddingRequest(body), [](const EmbeddingRequest& r) {
        CheckTerms(r.terms);
        CheckInputs(r.inputs);
        Demand(!r.dimensions || *r.dimensions > 0);
      });
      break;
    case 'r':
      Judge(ParseRerankRequest(body), [](const RerankRequest& r) {
        CheckTerms(r.terms);
        Demand(!r.query.empty() && !r.documents.empty() && r.top_n >= 1 && r.top_n <= static_cast<int64_t>(r.documents.size()));
      });
      break;
    case 't': Judge(ParseTokenizeRequest(body), [](const TokenizeRequest&) {}); break;
    default:
      Judge(ParseDetokenizeRequest(body), [](const DetokenizeRequest& r) {
        for (const int32_t id : r.tokens) Demand(id >= 0);
      });
  }
  return 0;
}
