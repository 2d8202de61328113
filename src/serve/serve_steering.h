// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ServeSteering: from a request's model name and budget to a loaded model and a setting of its request knobs, by the measured frontier and
// the present load. `auto` takes the best point within the budget, `auto-fast` the quickest, `auto-best` the best; a model by its name
// stays that model, and with a budget gets the knobs that fit it. Only points whose knobs of loading are those of a loaded model are looked
// at. Immutable; thread-safe.
//
//   TW_ASSIGN(const SteeredChoice choice, steering.Choose({.model = "auto", .terms = terms, .prompt_bytes = 420}, rack));
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/steer.h"
#include "serve/api/answer.h"
#include "serve/api/request_terms.h"
#include "serve/model_rack.h"

namespace tradewind {

struct SteeringAsked {
  std::string model;
  RequestTerms terms;
  int64_t prompt_bytes = 0;
  std::optional<int64_t> max_tokens{};
};

struct SteeredChoice {
  std::shared_ptr<LoadedModel> model;
  Setting setting;  // request knobs
  AnswerSteering told;
};

// A measured point as /frontier shows it.
struct FrontierPoint {
  const KnownPoint* known = nullptr;
  std::string model;  // of the rack
  bool on_frontier = false;
};

class ServeSteering {
 public:
  // Nothing is known: names alone are followed.
  ServeSteering() = default;
  // What the store has of the workload (empty: the default one); without a store, nothing.
  static ServeSteering FromStore(const std::string& workload);
  explicit ServeSteering(Known known) : known_(std::move(known)) {}

  // kNotFound: the name; kInvalidInput at "budget": no point fits it even without load; kUnavailable: none does at the present load.
  Result<SteeredChoice> Choose(const SteeringAsked& asked, const ModelRack& rack) const;

  const std::optional<Known>& known() const { return known_; }
  std::vector<FrontierPoint> Points(const ModelRack& rack) const;

 private:
  struct Option {
    const KnownPoint* known;
    std::shared_ptr<LoadedModel> model;
    Candidate candidate;
  };
  std::vector<Option> Options(const SteeringAsked& asked, const ModelRack& rack, bool loaded) const;
  Result<SteeredChoice> Take(const Option& option, const SteeringAsked& asked, std::string reason) const;
  std::optional<Known> known_;
};

inline bool IsAutoName(const std::string& model) {
  return model == "auto" || model == "auto-fast" || model == "auto-best";
}

}  // namespace tradewind
