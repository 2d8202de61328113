// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tradewind's C++ API: load a model, ask it within a budget, and choose among the settings that were measured on this machine. All of it is
// inline over tradewind/c.h, which says more of each call: ownership is by value here, and threads are as there.
//
//   tradewind::Model model;
//   tradewind::Session session;
//   tradewind::Status status = tradewind::Model::Open("smollm2-135m", {.setting = "threads=2"}, &model);
//   if (status.ok()) status = model.Start({.setting = "max_tokens=64", .budget = {.deadline_ms = 5000}}, &session);
//   if (status.ok()) status = session.Push("Once upon a time", {.temperature = 0});
//   for (tradewind::Event event; status.ok() && (status = session.Next(&event)).ok() && !event.end;) std::cout << event.text;
#ifndef TRADEWIND_TRADEWIND_H_
#define TRADEWIND_TRADEWIND_H_

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tradewind/c.h"

namespace tradewind {
inline namespace v1 {

namespace detail {
// What is absent appends nothing.
template <typename Number>
void Append(std::string& text, const char* form, const std::optional<Number>& value) {
  char part[64];
  if (value) text.append(part, static_cast<size_t>(std::snprintf(part, sizeof part, form, *value)));
}
inline void AppendText(std::string& text, const char* name, const std::string& value) {
  if (!value.empty()) text += name;
  for (const char c : value) Append(text, "%%%02X", std::optional(static_cast<unsigned>(static_cast<unsigned char>(c))));
}
}  // namespace detail

// What went wrong, or that nothing did.
class [[nodiscard]] Status {
 public:
  Status() = default;
  explicit Status(tw_error* error) : error_(error, tw_error_free) {}
  bool ok() const { return error_ == nullptr; }
  tw_code code() const { return tw_error_code(error_.get()); }            // 0 if ok
  std::string message() const { return tw_error_message(error_.get()); }  // "" if ok

 private:
  std::shared_ptr<tw_error> error_;
};

// What the caller can afford; absent means unlimited.
struct Budget {
  std::optional<double> deadline_ms{}, ttft_ms{}, tpot_ms{};
  std::optional<unsigned long long> memory_bytes{};
  std::optional<double> quality{};  // share of the best point's, above 0 and at most 1

  std::string Text() const {
    std::string text;
    detail::Append(text, " deadline=%.6fms", deadline_ms);
    detail::Append(text, " ttft=%.6fms", ttft_ms);
    detail::Append(text, " tpot=%.6fms", tpot_ms);
    detail::Append(text, " memory=%lluB", memory_bytes);
    detail::Append(text, " quality=%.9g", quality);
    return text;
  }
};

// How tokens are drawn; absent means the default of `tradewind run`.
struct Sampling {
  std::optional<double> temperature{};  // 0: the likeliest token
  std::optional<long long> top_k{};
  std::optional<double> top_p{}, min_p{};
  std::optional<unsigned long long> seed{};
  std::string stop{};         // end before this text
  std::string json_schema{};  // the answer keeps it
  std::string others{};       // more, as c.h has them: "typical=0.9 dry_multiplier=0.8"

  std::string Text() const {
    std::string text;
    detail::Append(text, " temperature=%.9g", temperature);
    detail::Append(text, " top_k=%lld", top_k);
    detail::Append(text, " top_p=%.9g", top_p);
    detail::Append(text, " min_p=%.9g", min_p);
    detail::Append(text, " seed=%llu", seed);
    detail::AppendText(text, " stop=", stop);
    detail::AppendText(text, " json_schema=", json_schema);
    return text + " " + others;
  }
};

struct Message {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

struct Event {
  bool end = false;
  double time_ms = 0;  // since the push
  std::string text;    // of a token: the bytes that it adds, perhaps part of a character
  int32_t token = 0;
  float logprob = 0;
  tw_finish finish{};  // of an end
};

class Session {
 public:
  Status Push(std::string_view text, const Sampling& sampling = {}) {
    return Status(tw_push_text(session_.get(), text.data(), text.size(), sampling.Text().c_str()));
  }
  Status Push(const std::vector<Message>& conversation, const Sampling& sampling = {}) {
    std::vector<tw_message> messages;
    for (const Message& m : conversation) messages.push_back({m.role.c_str(), m.content.c_str()});
    return Status(tw_push(session_.get(), messages.data(), messages.size(), sampling.Text().c_str()));
  }
  Status Next(Event* event) {
    tw_event next;
    Status status(tw_next(session_.get(), &next));
    if (status.ok()) *event = {next.kind == TW_END, next.time_ms, {next.text, next.text_length}, next.token, next.logprob, next.finish};
    return status;
  }
  void Cancel() { tw_cancel(session_.get()); }
  tw_outcome outcome() const {
    tw_outcome outcome;
    tw_session_outcome(session_.get(), &outcome);
    return outcome;
  }

 private:
  friend class Model;
  std::shared_ptr<tw_session> session_;
};

// Knobs and a budget; what is left out has its default.
struct Options {
  std::string setting{};
  Budget budget{};
};

class Model {
 public:
  // By name or path; empty: the one that the setting names.
  static Status Open(const std::string& name, const Options& options, Model* out) {
    tw_model* model = nullptr;
    Status status(tw_open(name.empty() ? nullptr : name.c_str(), options.setting.c_str(), options.budget.Text().c_str(), &model));
    if (status.ok()) out->model_.reset(model, tw_close);
    return status;
  }
  Status Start(const Options& options, Session* out) const {
    tw_session* session = nullptr;
    Status status(tw_start(model_.get(), options.setting.c_str(), options.budget.Text().c_str(), &session));
    if (status.ok()) out->session_.reset(session, tw_session_free);
    return status;
  }
  Status Tokenize(std::string_view text, std::vector<int32_t>* out) const {
    int32_t* ids = nullptr;
    size_t count = 0;
    Status status(tw_tokenize(model_.get(), text.data(), text.size(), &ids, &count));
    if (status.ok()) out->assign(ids, ids + count);
    tw_ids_free(ids);
    return status;
  }
  std::string setting() const { return tw_model_setting(model_.get()); }
  uint64_t memory_bytes() const { return tw_model_memory_bytes(model_.get()); }

 private:
  std::shared_ptr<tw_model> model_;
};

class Frontier {
 public:
  // Of a workload by name; empty: the default one.
  static Status Open(const std::string& workload, Frontier* out) {
    tw_frontier* frontier = nullptr;
    Status status(tw_frontier_open(workload.c_str(), &frontier));
    if (status.ok()) out->frontier_.reset(frontier, tw_frontier_free);
    return status;
  }
  size_t size() const { return tw_frontier_size(frontier_.get()); }
  std::string setting(size_t point) const { return tw_frontier_setting(frontier_.get(), point); }
  std::optional<tw_measurement> Measured(size_t point, const char* metric) const {
    tw_measurement m;
    return tw_frontier_measured(frontier_.get(), point, metric, &m) ? std::optional(m) : std::nullopt;
  }
  // `out->reason` lives until this thread's next choice.
  Status Choose(const Budget& budget, int64_t prompt_tokens, int64_t max_tokens, tw_choice* out) const {
    return Status(tw_frontier_choose(frontier_.get(), budget.Text().c_str(), prompt_tokens, max_tokens, out));
  }

 private:
  std::shared_ptr<tw_frontier> frontier_;
};

}  // namespace v1
}  // namespace tradewind

#endif  // TRADEWIND_TRADEWIND_H_
