// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// POST /v1/completions: texts to go on with.
#include "serve/api/completion_request.h"
#include "serve/serve_app.h"
#include "serve/submit_answers.h"

namespace tradewind {
namespace {

Prompt ToPrompt(TextInput input, bool echo) {
  Prompt prompt;
  if (auto* text = std::get_if<std::string>(&input)) {
    prompt.raw = std::move(*text);
  } else {
    prompt.ids = std::get<std::vector<int32_t>>(std::move(input));
  }
  prompt.echo = echo;
  return prompt;
}

void Complete(std::shared_ptr<RouteCall> call) {
  auto request = ParseCompletionRequest(call->request.body);
  if (!request) return call->SendError(request.error());
  auto choice = ChooseFor(*call, request->model, request->options, request->terms);
  if (!choice) return call->SendError(choice.error());
  AnswersWanted wanted{.prompts = {}, .options = std::move(request->options), .terms = std::move(request->terms)};
  for (TextInput& input : request->prompts) wanted.prompts.push_back(ToPrompt(std::move(input), request->echo));
  SubmitAnswers(*call, std::move(*choice), std::move(wanted), MakeCompletionWriter, "cmpl-");
}

}  // namespace

void RegisterCompletionsRoute(Registry<Route>& registry) {
  registry.Add("POST /v1/completions", {.run = Complete, .where = Route::Where::kWork, .answers = true});
}

}  // namespace tradewind
