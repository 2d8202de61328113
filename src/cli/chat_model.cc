// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_model.h"

#include <algorithm>

#include "base/cpu.h"
#include "cli/answer_json.h"
#include "cli/model_arguments.h"
#include "policy/best_within_budget.h"

namespace tradewind {
namespace {

// `auto` opens what is best for a question of this many bytes, before there is one.
constexpr int64_t kOpeningBytes = 400;
constexpr int64_t kDefaultTokens = 256;
// A chat template adds some marks to each message.
constexpr int64_t kMessageBytes = 20;

int64_t BytesOf(const ChatQuestion& question) {
  int64_t bytes = question.system ? static_cast<int64_t>(question.system->size()) : 0;
  for (const Message& m : question.messages) bytes += static_cast<int64_t>(m.content.size()) + kMessageBytes;
  return bytes;
}

// Of a model without a template: one text that both go on with.
std::string Transcript(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& m : messages) {
    if (m.role == "user" && !text.empty()) text += '\n';
    text += m.content;
  }
  return text;
}

bool SameRun(Setting a, Setting b) {
  a.Erase("max_tokens");
  b.Erase("max_tokens");
  return a == b;
}

Duration Spent(const Budget& budget) {
  return RealClock().Now() - budget.accepted_at;
}

}  // namespace

ChatModel::ChatModel(Setting pinned, std::string workload, ChatSignals& signals)
    : pinned_(std::move(pinned)), workload_(std::move(workload)), signals_(signals), tunable_(FindWeightsAndTell) {}

Setting ChatModel::LoadPart(const Setting& setting) const {
  return setting.OfStages(tunable_.knobs(), Stage::kBuild, Stage::kLoad);
}
Setting ChatModel::RequestPart(const Setting& setting) const {
  return setting.OfStages(tunable_.knobs(), Stage::kRequest, Stage::kStep);
}

std::vector<Knob> ChatModel::knobs() const {
  if (instance_ == nullptr) return {tunable_.knobs().begin(), tunable_.knobs().end()};
  return {instance_->knobs().begin(), instance_->knobs().end()};
}

Setting ChatModel::setting() const {
  return instance_ != nullptr ? instance_->setting().With(RequestPart(pinned_)) : pinned_;
}

Result<void> ChatModel::ReadStore() {
  TW_ASSIGN(guide_, Guide::Open(tunable_, workload_, automatic()));
  return {};
}

bool ChatModel::IsOpen(const Setting& target) const {
  if (instance_ == nullptr) return false;
  const Setting load = LoadPart(target);
  const Setting own = LoadPart(instance_->setting());
  return load == asked_load_ || load.Canonical(instance_->knobs()) == own.Canonical(instance_->knobs());
}

// Closes the open model first: two need not fit into memory together. True if it opened one.
Result<bool> ChatModel::Ensure(const Setting& target, const Budget& budget) {
  if (IsOpen(target)) return false;
  TW_ASSIGN(const std::string path, FindWeightsAndTell(target));
  session_.reset();
  instance_.reset();
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(instance_, LanguageModelInstance::Open(path, target, budget, RealClock()));
  load_ = RealClock().Now() - start;
  asked_load_ = LoadPart(target);
  return true;
}

Result<void> ChatModel::Open(const Budget& budget) {
  TW_RETURN_IF_ERROR(ReadStore());
  Setting target = pinned_;
  if (automatic()) {
    const ChatQuestion opening{.messages = {{"user", std::string(kOpeningBytes, ' ')}}, .budget = budget};
    TW_ASSIGN(const Plan plan, Decide(opening, nullptr));
    if (!plan.chosen) return Fail(StatusCode::kBudgetMissed, plan.reason);
    target = plan.target;
  }
  TW_ASSIGN(const bool opened, Ensure(target, budget));
  (void)opened;
  return CheckRequestKnobs(target);
}

Result<void> ChatModel::CheckRequestKnobs(const Setting& target) const {
  TW_ASSIGN(const ResolvedOptions resolved, instance_->Resolve(RequestPart(target)));
  (void)resolved;
  return {};
}

Result<bool> ChatModel::Pin(const Setting& pinned, const Budget& budget) {
  const Setting old = std::exchange(pinned_, pinned);
  const bool was_automatic = old.TextOr("model", "") == "auto";
  Result<bool> opened = false;
  if (automatic()) {
    if (!was_automatic) {
      if (const Result<void> read = ReadStore(); !read) opened = Fail(read.error());
    }
  } else {
    opened = Ensure(pinned_, budget);
    if (opened) {
      if (const Result<void> checked = CheckRequestKnobs(pinned_); !checked) opened = Fail(checked.error());
    }
  }
  if (opened) return opened;
  pinned_ = old;
  // What was open may have been closed for what could not be opened.
  if (!was_automatic) {
    if (const Result<bool> back = Ensure(old, budget); !back) return Fail(back.error());
  }
  return opened;
}

SteerRequest ChatModel::RequestFor(const KnownPoint& point, const ChatQuestion& question, const std::vector<int32_t>* ids) const {
  SteerRequest request{.prompt_bytes = BytesOf(question), .prompt_tokens = {}, .budget = question.budget, .spent = Spent(question.budget)};
  request.max_tokens = pinned_.IntegerOr("max_tokens", kDefaultTokens);
  const Setting& setting = point.point.setting;
  request.count_load = !IsOpen(setting);
  const bool same_model = instance_ != nullptr && setting.TextOr("model", "") == instance_->setting().TextOr("model", "");
  if (same_model && ids != nullptr) request.prompt_tokens = static_cast<int64_t>(ids->size());
  if (session_ == nullptr || ids == nullptr || request.count_load) return request;
  // What the session holds counts for the setting that it ran with, and for no other.
  const Result<ResolvedOptions> resolved = instance_->Resolve(RequestPart(setting.With(pinned_)));
  if (resolved && SameRun(resolved->setting, session_->outcome().setting)) request.held_tokens = session_->HeldTokens(*ids);
  return request;
}

Result<ChatModel::Plan> ChatModel::Decide(const ChatQuestion& question, const std::vector<int32_t>* ids) const {
  Plan plan{.target = pinned_};
  if (!guide_.has_known()) return plan;
  Setting by_hand = pinned_;
  if (automatic()) by_hand.Erase("model");
  // Points that have what is set by hand, where there are any; else all, and the setting by hand is laid over the one that is taken.
  Setting wanted = by_hand;
  wanted.Erase("max_tokens");
  const auto considered = [&](const KnownPoint& point, bool as_set) {
    const Setting& measured = point.point.setting;
    if (!automatic()) return measured.TextOr("model", "") == by_hand.TextOr("model", "");
    return !as_set || measured.With(wanted).Canonical(tunable_.knobs()) == measured.Canonical(tunable_.knobs());
  };
  std::vector<const KnownPoint*> points;
  for (const bool as_set : {true, false}) {
    for (const KnownPoint& point : guide_.known().points) {
      if (considered(point, as_set)) points.push_back(&point);
    }
    if (!points.empty()) break;
  }
  for (const KnownPoint* point : points) plan.candidates.push_back(Predict(*point, RequestFor(*point, question, ids)));
  if (!automatic()) return plan;
  BestWithinBudget policy;
  const Decision decision = policy.Choose(plan.candidates, question.budget, guide_.known().primary);
  plan.reason = decision.reason;
  if (!wanted.values().empty()) plan.reason += "; set by hand: " + wanted.Text();
  plan.chosen = decision.chosen;
  plan.nearest = decision.nearest;
  if (plan.chosen) plan.target = plan.candidates[*plan.chosen].point.setting.With(by_hand);
  return plan;
}

Result<Prompt> ChatModel::MakePrompt(const ChatQuestion& question, const PromptArguments& drawing, size_t left_out) const {
  const bool conversation = instance_->has_template() && !drawing.raw;
  PromptArguments arguments = drawing;
  arguments.system = question.system;
  const auto begin = question.messages.begin() + static_cast<std::ptrdiff_t>(left_out);
  const std::vector<Message> messages(begin, question.messages.end());
  TW_ASSIGN(Prompt prompt, arguments.ToPrompt(conversation ? "" : Transcript(messages), conversation));
  if (!conversation) return prompt;
  prompt.messages.pop_back();  // the place of a single question
  prompt.messages.insert(prompt.messages.end(), messages.begin(), messages.end());
  return prompt;
}

// A full context drops its older half where that was allowed, here by whole questions and answers.
Result<ChatModel::Fitted> ChatModel::Fit(const ChatQuestion& question, const PromptArguments& drawing) {
  left_out_ = std::min(left_out_, question.messages.size() - 1);
  Fitted fitted;
  TW_ASSIGN(fitted.prompt, MakePrompt(question, drawing, left_out_));
  TW_ASSIGN(fitted.ids, instance_->Tokenize(fitted.prompt));
  const auto context = static_cast<size_t>(instance_->options().context);
  if (fitted.ids.size() <= context) return fitted;
  while (drawing.shift && fitted.ids.size() > context / 2 && left_out_ + 2 < question.messages.size()) {
    left_out_ += 2;
    TW_ASSIGN(fitted.prompt, MakePrompt(question, drawing, left_out_));
    TW_ASSIGN(fitted.ids, instance_->Tokenize(fitted.prompt));
  }
  if (fitted.ids.size() <= context) return fitted;
  TW_ASSIGN(const Prompt last, MakePrompt(question, drawing, question.messages.size() - 1));
  TW_ASSIGN(const std::vector<int32_t> last_ids, instance_->Tokenize(last));
  const bool alone = last_ids.size() > context;  // nothing that was said before can make room
  std::string advice = alone ? "; say less at once" : "; /clear begins a new one, /undo takes the last turn back";
  const auto most = static_cast<size_t>(instance_->model().spec().context);
  if (context < most) advice += ", /set context=" + std::to_string(std::min(2 * context, most)) + " makes room";
  if (!alone && !drawing.shift) advice += ", or start with --shift to drop the oldest turns";
  return Fail(Status(StatusCode::kInvalidInput, std::string(alone ? "this" : "the conversation") + " has " +
                                                    std::to_string(alone ? last_ids.size() : fitted.ids.size()) +
                                                    " tokens and the context holds " + std::to_string(context) + advice)
                  .At("context"));
}

Result<ChatModel::Plan> ChatModel::Prepare(const ChatQuestion& question, const PromptArguments& drawing, ChatReply* reply) {
  const size_t left_out_before = left_out_;
  std::optional<Fitted> fitted;
  if (instance_ != nullptr) {
    if (Result<Fitted> fits = Fit(question, drawing)) {
      fitted = std::move(*fits);
    } else if (!automatic()) {  // else another model may hold what this one cannot
      return Fail(fits.error());
    }
  }
  TW_ASSIGN(Plan plan, Decide(question, fitted ? &fitted->ids : nullptr));
  if (automatic() && !plan.chosen) {
    const std::string nearest = plan.nearest ? "; nearest: " + plan.candidates[*plan.nearest].point.setting.Text() : "";
    return Fail(StatusCode::kBudgetMissed, plan.reason + nearest);
  }
  TW_ASSIGN(const bool opened, Ensure(plan.target, question.budget));
  if (opened || !fitted) {
    TW_ASSIGN(fitted, Fit(question, drawing));
  }
  plan.prompt = std::move(fitted->prompt);
  plan.prompt.messages.clear();
  plan.prompt.raw.reset();
  plan.prompt.ids = std::move(fitted->ids);
  if (opened) reply->reopened = instance_->setting().Text();
  reply->left_out = left_out_ > left_out_before ? left_out_ : 0;
  return plan;
}

Result<ChatReply> ChatModel::Answer(const ChatQuestion& question, const PromptArguments& drawing,
                                    const std::function<void(std::string_view)>& show) {
  Result<ChatReply> reply = AnswerOpen(question, drawing, show);
  if (!reply && instance_ != nullptr && !instance_->model().CheckWhole()) {
    session_.reset();
    instance_.reset();
  }
  return reply;
}

Result<ChatReply> ChatModel::AnswerOpen(const ChatQuestion& question, const PromptArguments& drawing,
                                        const std::function<void(std::string_view)>& show) {
  ChatReply reply;
  TW_ASSIGN(Plan plan, Prepare(question, drawing, &reply));
  SessionOptions options{.setting = RequestPart(plan.target), .budget = question.budget};
  const KnownPoint* known = guide_.Find(instance_->setting().With(options.setting));
  std::optional<Candidate> expected;
  const Duration spent = Spent(question.budget);
  if (known != nullptr) {
    SteerRequest request = RequestFor(*known, question, &*plan.prompt.ids);
    request.spent = spent;
    expected = Predict(*known, request);
    const auto to_read = static_cast<double>(static_cast<int64_t>(plan.prompt.ids->size()) - request.held_tokens);
    if (expected->ttft_ms && to_read > 0) {
      options.prompt_token_time = Duration::Millis(std::max(0.001, (expected->ttft_ms->value - spent.ms()) / to_read));
    }
  }
  if (session_ == nullptr) {
    TW_ASSIGN(session_, instance_->Start(options));
  } else {
    TW_RETURN_IF_ERROR(session_->Renew(options));
  }
  if (signals_.interrupted() || signals_.terminated()) return Fail(StatusCode::kCancelled, "stopped before the answer began");
  TW_ASSIGN(reply.answer, RunPrompt(*session_, std::move(plan.prompt), question.budget.accepted_at, [&](std::string_view piece) {
              if (signals_.interrupted() || signals_.terminated()) session_->Cancel();
              if (show) show(piece);
            }));
  Report(question.budget, std::move(plan), known, expected, &reply);
  if (expected) {
    // How long a whole prompt takes says little of its end alone.
    if (reply.answer.outcome.held_tokens > 0) expected->ttft_ms.reset();
    guide_.Learn(*known, *expected, spent, reply.answer.outcome);
    (void)ReadStore();  // the pace of the next turn; without it, that of before
  }
  return reply;
}

void ChatModel::Report(const Budget& budget, Plan plan, const KnownPoint* known, const std::optional<Candidate>& expected,
                       ChatReply* reply) const {
  const Outcome& outcome = reply->answer.outcome;
  AnsweredTurn& turn = reply->turn;
  turn = {.setting = outcome.setting,
          .budget = budget,
          .steered = automatic(),
          .reason = std::move(plan.reason),
          .candidates = std::move(plan.candidates),
          .chosen = {},
          .primary = guide_.has_known() ? guide_.known().primary : Axis{},
          .expected = expected,
          .outcome = outcome,
          .missed = MissedBudget(budget, outcome, RealClock().Now(), PeakResidentBytes()),
          .model = pinned_.TextOr("model", "")};
  for (size_t i = 0; known != nullptr && i < turn.candidates.size(); ++i) {
    if (turn.candidates[i].point.setting == known->point.setting) turn.chosen = i;
  }
  if (std::optional<std::string> quality = guide_.MissedQuality(expected, budget)) turn.missed.push_back(std::move(*quality));
  reply->json = AnswerJson(reply->answer, budget, load_, instance_->tokenizer());
  reply->json["predicted"] = expected ? ExpectedJson(*expected, *known, guide_.known().primary) : Json();
  if (automatic()) reply->json["reason"] = turn.reason;
  reply->json["missed"] = turn.missed;
  reply->json["peak_memory_bytes"] = PeakResidentBytes();
}

}  // namespace tradewind
