// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// POST /v1/embeddings, by an encoder or any model's hidden states; POST /v1/rerank, by the similarity of an encoder's vectors or by a
// language model's odds of "yes".
#include <algorithm>
#include <numeric>

#include "serve/api/embedding_request.h"
#include "serve/api/list_answers.h"
#include "serve/api/rerank_request.h"
#include "serve/relevance.h"
#include "serve/serve_app.h"

namespace tradewind {
namespace {

Result<std::vector<int32_t>> IdsOf(const LoadedModel& model, const TextInput& input) {
  Prompt prompt;
  if (const auto* text = std::get_if<std::string>(&input)) {
    prompt.raw = *text;
  } else {
    prompt.ids = std::get<std::vector<int32_t>>(input);
  }
  return model.instance->Tokenize(prompt);
}

void Embeddings(std::shared_ptr<RouteCall> call) {
  const auto request = ParseEmbeddingRequest(call->request.body);
  if (!request) return call->SendError(request.error());
  const auto model = call->app.rack().Find(request->model);
  if (!model) return call->SendError(model.error());
  const int64_t width = (*model)->instance->model().spec().width;
  if (request->dimensions && *request->dimensions != width) {
    return call->SendError(
        Status(StatusCode::kInvalidInput, "this model's vectors have " + std::to_string(width) + " dimensions").At("dimensions"));
  }
  std::vector<std::vector<float>> vectors;
  int64_t tokens = 0;
  for (size_t i = 0; i < request->inputs.size(); ++i) {
    if (call->exchange->closed()) return;
    const auto ids = IdsOf(**model, request->inputs[i]);
    if (!ids) return call->SendError(ids.error());
    auto embedding = (*model)->Embed(*ids);
    if (!embedding) return call->SendError(Status(embedding.error()).At("input[" + std::to_string(i) + "]"));
    tokens += embedding->tokens;
    vectors.push_back(std::move(embedding->vectors.front()));
  }
  call->SendJson(EmbeddingListJson(vectors, request->base64, (*model)->name, tokens));
}

void Rerank(std::shared_ptr<RouteCall> call) {
  const auto request = ParseRerankRequest(call->request.body);
  if (!request) return call->SendError(request.error());
  const auto model = call->app.rack().Find(request->model);
  if (!model) return call->SendError(model.error());
  auto relevance = JudgeRelevance(**model, request->query, request->documents, [&] { return call->exchange->closed(); });
  if (!relevance) return call->SendError(relevance.error());
  std::vector<size_t> order(request->documents.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return relevance->scores[a] > relevance->scores[b]; });
  order.resize(std::min(order.size(), static_cast<size_t>(request->top_n)));
  std::vector<RankedDocument> ranked;
  for (const size_t i : order) {
    ranked.push_back({.index = static_cast<int64_t>(i), .score = relevance->scores[i], .text = {}});
    if (request->return_documents) ranked.back().text = request->documents[i];
  }
  call->SendJson(RankedListJson("rerank-" + call->id, (*model)->name, ranked, relevance->method, relevance->tokens));
}

}  // namespace

void RegisterVectorsRoute(Registry<Route>& registry) {
  for (const char* path : {"POST /v1/embeddings", "POST /embeddings"}) {
    registry.Add(path, {.run = Embeddings, .where = Route::Where::kBlocking, .answers = true});
  }
  for (const char* path : {"POST /v1/rerank", "POST /rerank"}) {
    registry.Add(path, {.run = Rerank, .where = Route::Where::kBlocking, .answers = true});
  }
}

}  // namespace tradewind
