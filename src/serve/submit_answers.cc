// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/submit_answers.h"

#include <algorithm>
#include <limits>

#include "policy/recent_answers.h"
#include "serve/serve_app.h"

namespace tradewind {
namespace {

constexpr int64_t kOutputExpected = 256;  // tokens of an answer, where a request says nothing

uint64_t FreshSeed() {
  static std::atomic<uint64_t> count{0};
  Random random(static_cast<uint64_t>(RealClock().Now().ns) + 0x9E3779B97F4A7C15ull * ++count);
  return random.Next();
}

// Tokens that would end the answer are never drawn.
void ForbidEnds(const Tokenizer& tokenizer, Sampling* sampling) {
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.IsEndOfGeneration(id)) sampling->logit_bias.push_back({id, -std::numeric_limits<double>::infinity()});
  }
}

int64_t BytesOf(const Prompt& prompt) {
  size_t bytes = prompt.beginning.size() + (prompt.raw ? prompt.raw->size() : 0) + (prompt.ids ? prompt.ids->size() * 3 : 0);
  for (const auto& [name, json] : prompt.variables) bytes += json.size();
  return static_cast<int64_t>(bytes);
}

// The door of the model, before anything is tokenised.
ModelAdmission::Answer Admit(const RouteCall& call, const LoadedModel& model, const AnswersWanted& wanted) {
  const Budget& budget = wanted.terms.budget;
  AdmissionRequest request{.tenant = call.tenant, .priority = static_cast<int>(wanted.terms.priority), .deadline = budget.DeadlineAt()};
  for (const Prompt& prompt : wanted.prompts) request.bytes += BytesOf(prompt);
  const int64_t answers = static_cast<int64_t>(wanted.prompts.size()) * wanted.options.answers;
  request.max_output = std::min(wanted.options.max_tokens.value_or(kOutputExpected), model.engine->context()) * answers;
  if (budget.ttft) request.first_token = budget.accepted_at + *budget.ttft;
  return model.door->Admit(request, model.engine->load().scheduler, model.engine->cost());
}

Result<std::vector<BatchRequest>> PrepareAll(const RouteCall& call, const SteeredChoice& choice, const AnswersWanted& wanted) {
  const LoadedModel& model = *choice.model;
  const BatchEngine& engine = *model.engine;
  Setting setting = choice.setting;
  setting.Set("max_tokens", wanted.options.max_tokens.value_or(engine.context()));
  const uint64_t seed = wanted.options.seeded ? wanted.options.sampling.seed : FreshSeed();
  std::vector<BatchRequest> requests;
  for (const Prompt& asked : wanted.prompts) {
    for (int64_t i = 0; i < wanted.options.answers; ++i) {
      Prompt prompt = asked;
      prompt.sampling = wanted.options.sampling;
      prompt.sampling.seed = seed + static_cast<uint64_t>(i);
      if (wanted.options.ignore_end) ForbidEnds(model.instance->tokenizer(), &prompt.sampling);
      prompt.stop = wanted.options.stop;
      prompt.grammar = wanted.options.grammar;
      prompt.top_logprobs = wanted.options.logprobs ? wanted.options.top_logprobs : 0;
      TW_ASSIGN(BatchRequest request, engine.Prepare(std::move(prompt), setting));
      request.budget = wanted.terms.budget;
      request.tenant = call.tenant;
      request.share_prefix = wanted.options.cache_prompt;
      request.priority = static_cast<int>(wanted.terms.priority);
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

}  // namespace

Result<SteeredChoice> ChooseFor(RouteCall& call, const std::string& model, const AnswerOptions& options, RequestTerms& terms) {
  const auto find = [&](std::string_view name) -> std::optional<std::string_view> {
    const std::string* value = call.request.Find(name);
    return value != nullptr ? std::optional<std::string_view>(*value) : std::nullopt;
  };
  TW_RETURN_IF_ERROR(AddBudgetHeaders(find, {}, &terms));
  terms.budget.accepted_at = call.request.accepted_at;
  if (!IsAutoName(model)) {
    TW_ASSIGN(const std::shared_ptr<LoadedModel> named, call.app.rack().Find(model));
    if (!named->engine) {
      return Fail(
          Status(StatusCode::kUnsupported, named->name + " is an encoder and generates no text; ask it for embeddings").At("model"));
    }
  }
  return call.app.steering().Choose(
      {.model = model, .terms = terms, .prompt_bytes = static_cast<int64_t>(call.request.body.size()), .max_tokens = options.max_tokens},
      call.app.rack());
}

void SubmitAnswers(RouteCall& call, SteeredChoice choice, AnswersWanted wanted, WriterMaker writer, const std::string& id_prefix) {
  const ModelAdmission::Answer door = Admit(call, *choice.model, wanted);
  if (!door.admitted) return call.SendRefusal(RefusalError(door.told), RetryAfterSeconds(door.told));
  auto requests = PrepareAll(call, choice, wanted);
  if (!requests) return call.SendError(requests.error());
  int64_t tokens = 0;
  for (const BatchRequest& request : *requests) tokens += static_cast<int64_t>(request.answer.tokens().size());
  door.admitted->Tokenised(tokens);
  const AnswerOptions& o = wanted.options;
  const std::string& name = choice.model->name;
  choice.told.setting = requests->front().resolved.setting;
  WriterOptions writer_options{.head = {.id = id_prefix + call.id, .created_unix_s = static_cast<int64_t>(UnixSeconds()), .model = name},
                               .logprobs = o.logprobs,
                               .include_usage = o.include_usage};
  JobOptions job_options{.model = name,
                         .request_id = call.id,
                         .accepted_at = call.request.accepted_at,
                         .stream = o.stream,
                         .logprobs = o.logprobs,
                         .timings_per_token = o.timings_per_token,
                         .admitted = door.admitted,
                         .answers_per_prompt = static_cast<size_t>(o.answers),
                         .tool_notation = wanted.tool_notation,
                         .tool_names = wanted.tool_names,
                         .steering = std::move(choice.told)};
  auto job = std::make_shared<AnswerJob>(call.exchange, writer(std::move(writer_options)), std::move(job_options), call.app.Hooks());
  job->Start(choice.model, std::move(*requests));
}

}  // namespace tradewind
