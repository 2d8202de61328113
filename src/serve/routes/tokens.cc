// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// POST /tokenize and /detokenize.
#include "serve/api/list_answers.h"
#include "serve/api/token_requests.h"
#include "serve/serve_app.h"

namespace tradewind {
namespace {

void Tokenize(std::shared_ptr<RouteCall> call) {
  const auto request = ParseTokenizeRequest(call->request.body);
  if (!request) return call->SendError(request.error());
  const auto model = call->app.rack().Find(request->model);
  if (!model) return call->SendError(model.error());
  const Tokenizer& tokenizer = (*model)->instance->tokenizer();
  auto ids = tokenizer.Encode(request->text, request->parse_special ? SpecialTokens::kParse : SpecialTokens::kAsText);
  if (!ids) return call->SendError(ids.error());
  if (request->add_special && tokenizer.add_bos() && tokenizer.bos()) ids->insert(ids->begin(), *tokenizer.bos());
  std::vector<std::string> pieces;
  if (request->with_pieces) {
    for (const int32_t id : *ids) pieces.push_back(tokenizer.Decode(id, true));
  }
  call->SendJson(TokenListJson(*ids, request->with_pieces ? &pieces : nullptr, (*model)->instance->options().context));
}

void Detokenize(std::shared_ptr<RouteCall> call) {
  const auto request = ParseDetokenizeRequest(call->request.body);
  if (!request) return call->SendError(request.error());
  const auto model = call->app.rack().Find(request->model);
  if (!model) return call->SendError(model.error());
  const Tokenizer& tokenizer = (*model)->instance->tokenizer();
  std::string text;
  for (const int32_t id : request->tokens) {
    if (id >= tokenizer.vocab_size()) {
      return call->SendError(Status(StatusCode::kInvalidInput, "the token id " + std::to_string(id) + " is outside the vocabulary of " +
                                                                   std::to_string(tokenizer.vocab_size()))
                                 .At("tokens"));
    }
    text += tokenizer.Decode(id, true);
  }
  call->SendJson(DetokenizedJson(text));
}

}  // namespace

void RegisterTokensRoute(Registry<Route>& registry) {
  registry.Add("POST /tokenize", {.run = Tokenize, .where = Route::Where::kWork});
  registry.Add("POST /detokenize", {.run = Detokenize, .where = Route::Where::kWork});
}

}  // namespace tradewind
