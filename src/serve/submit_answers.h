// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// From a parsed request to its answers under way: what chat, completions and messages do alike. On a work thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "serve/answer_writer.h"
#include "serve/api/answer_options.h"
#include "serve/api/request_terms.h"
#include "serve/model_rack.h"
#include "serve/route.h"
#include "serve/serve_steering.h"

namespace tradewind {

struct AnswersWanted {
  std::vector<Prompt> prompts;  // what is asked, without sampling and limits
  AnswerOptions options;
  RequestTerms terms;
  std::optional<ToolNotation> tool_notation{};
  std::vector<std::string> tool_names{};
};

using WriterMaker = std::unique_ptr<AnswerWriter> (*)(WriterOptions);

// The model and the setting for a request. Its terms get the budget of the headers and the time of its acceptance. kNotFound; kUnsupported
// for a model that generates nothing; else as of ServeSteering.
Result<SteeredChoice> ChooseFor(RouteCall& call, const std::string& model, const AnswerOptions& options, RequestTerms& terms);

// Starts the answers; errors are told to the client.
void SubmitAnswers(RouteCall& call, SteeredChoice choice, AnswersWanted wanted, WriterMaker writer, const std::string& id_prefix);

}  // namespace tradewind
