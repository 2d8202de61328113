// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// POST /v1/chat/completions and, in Anthropic's words, /v1/messages.
#include "serve/api/anthropic_request.h"
#include "serve/api/chat_request.h"
#include "serve/api/tool_grammar.h"
#include "serve/serve_app.h"
#include "serve/submit_answers.h"

namespace tradewind {
namespace {

// The conversation as the model's template takes it.
Result<AnswersWanted> ToWanted(ChatRequest request, const LoadedModel& model) {
  AnswersWanted wanted{.prompts = {}, .options = std::move(request.options), .terms = std::move(request.terms)};
  Prompt prompt;
  if (request.tool_use.Offered()) {
    TW_ASSIGN(const std::string grammar, ToolGrammar(request.tool_use, model.notation));
    if (!grammar.empty() && !wanted.options.grammar.empty()) {
      return Fail(Status(StatusCode::kUnsupported, "a shape of the answer and a required tool exclude each other; ask for one of them")
                      .At("tool_choice"));
    }
    if (!grammar.empty()) wanted.options.grammar = grammar;
    wanted.tool_notation = model.notation;
    for (const ToolFunction& tool : request.tool_use.tools) wanted.tool_names.push_back(tool.name);
    if (!model.shows_tools) {
      const std::string preamble = ToolPreamble(request.tool_use.tools);
      const bool has_system = request.messages.front().role == "system";
      if (!has_system) request.messages.insert(request.messages.begin(), ApiMessage{.role = "system", .content = {}});
      std::string& content = request.messages.front().content;
      content = content.empty() ? preamble : content + "\n\n" + preamble;
    }
  }
  if (request.continues) {
    prompt.beginning = request.messages.back().content;
    request.messages.pop_back();
  }
  prompt.variables = TemplateVariables(request);
  wanted.prompts.push_back(std::move(prompt));
  return wanted;
}

void Answer(RouteCall& call, Result<ChatRequest> request, WriterMaker writer, const char* id_prefix) {
  if (!request) return call.SendError(request.error());
  auto choice = ChooseFor(call, request->model, request->options, request->terms);
  if (!choice) return call.SendError(choice.error());
  auto wanted = ToWanted(std::move(*request), *choice->model);
  if (!wanted) return call.SendError(wanted.error());
  SubmitAnswers(call, std::move(*choice), std::move(*wanted), writer, id_prefix);
}

void Chat(std::shared_ptr<RouteCall> call) {
  Answer(*call, ParseChatRequest(call->request.body), MakeChatWriter, "chatcmpl-");
}

void Messages(std::shared_ptr<RouteCall> call) {
  Answer(*call, ParseAnthropicRequest(call->request.body), MakeAnthropicWriter, "msg_");
}

}  // namespace

void RegisterChatCompletionsRoute(Registry<Route>& registry) {
  registry.Add("POST /v1/chat/completions", {.run = Chat, .where = Route::Where::kWork, .answers = true});
  registry.Add("POST /v1/messages", {.run = Messages, .where = Route::Where::kWork, .answers = true});
}

}  // namespace tradewind
