// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Saturation of test-time compute: predicted on some questions, held against others.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "search/laws/saturation_trial.h"
#include "stats/summary.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

struct NamedTask {
  std::string name;
  SimulatedTask task;
};

tl::unexpected<Status> NotATask(const std::string& word) {
  return Fail(Status(StatusCode::kInvalidInput,
                     "\"" + word + "\" is not of the form same:CEILING:RATE, beta:CEILING:RATE or logit:CEILING:RATE:SPREAD")
                  .At("tasks"));
}

Result<NamedTask> ParseTask(const std::string& word) {
  std::vector<std::string> parts(1);
  for (const char c : word) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  std::vector<double> numbers;
  for (size_t i = 1; i < parts.size(); ++i) {
    double& value = numbers.emplace_back();
    const auto [end, error] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), value);
    if (error != std::errc() || end != parts[i].data() + parts[i].size() || !(value > 0)) return NotATask(word);
  }
  if (numbers.size() < 2 || numbers[0] > 1 || numbers[1] >= 1) return NotATask(word);
  NamedTask named{word, {.ceiling = numbers[0], .rate = numbers[1]}};
  if (parts[0] == "same" && numbers.size() == 2) return named;
  named.task.difficulty = parts[0] == "beta" ? QuestionLaw::kBeta : QuestionLaw::kLogitNormal;
  named.task.spread = parts[0] == "beta" ? numbers[1] : numbers.back();
  if ((parts[0] == "beta" && numbers.size() == 2) || (parts[0] == "logit" && numbers.size() == 3)) return named;
  return NotATask(word);
}

// One task's trials, one a seed.
struct Trials {
  std::vector<double> error, saved, lost, within_saved, within_lost;
};

Result<Trials> TryTask(const NamedTask& named, Paradigm paradigm, int questions, int budget, const SaturationOptions& options, double loss,
                       int64_t seeds) {
  Trials all;
  for (int64_t seed = 1; seed <= seeds; ++seed) {
    const auto s = static_cast<uint64_t>(seed);
    TW_ASSIGN(const StopTrial trial, TryStopping(SimulateOutcomes(named.task, paradigm, questions, budget, 2 * s),
                                                 SimulateOutcomes(named.task, paradigm, questions, budget, 2 * s + 1), options, loss));
    all.error.push_back(std::abs(trial.ratio - 1));
    all.saved.push_back(trial.tokens_saved);
    all.lost.push_back(100 * trial.accuracy_lost);
    all.within_saved.push_back(trial.within_tokens_saved);
    all.within_lost.push_back(100 * trial.within_accuracy_lost);
  }
  return all;
}

// Keeps the task whose mean is worst: the largest, or the smallest for what should be large.
void KeepWorst(const std::string& name, const std::vector<double>& values, bool largest, std::vector<Number>& numbers) {
  const Number here{name, Mean(values), MeanInterval(values, kStudyConfidence)};
  const auto known = std::find_if(numbers.begin(), numbers.end(), [&](const Number& n) { return n.name == name; });
  if (known == numbers.end())
    numbers.push_back(here);
  else if (largest ? here.value > known->value : here.value < known->value)
    *known = here;
}

// Which of two words it is.
Result<bool> IsSecond(const std::string& word, const char* first, const char* second, const char* parameter) {
  if (word == first || word == second) return word == second;
  return Fail(Status(StatusCode::kInvalidInput, "\"" + word + "\" is neither " + first + " nor " + second).At(parameter));
}

Result<Finding> AnalyseSaturation(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const int64_t questions, with.Integer("questions", 400, 10, 100'000));
  TW_ASSIGN(const int64_t budget, with.Integer("budget", 64, 2, 1024));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 10, 2, 1000));
  TW_ASSIGN(const double loss, with.Number("loss", 0.01, 0, 1));
  SaturationOptions options{.resamples = 10};
  TW_ASSIGN(options.epsilon, with.Number("epsilon", 0.001, 1e-6, 1));
  TW_ASSIGN(const bool spread, IsSecond(with.Text("model", "same"), "same", "spread", "model"));
  options.difficulty = spread ? Difficulty::kSpread : Difficulty::kSame;
  const std::vector<std::string> tasks = with.List("tasks", "");
  if (tasks.empty()) return Fail(Status(StatusCode::kInvalidInput, "name tasks to simulate, same:0.85:0.3").At("tasks"));
  Finding finding;
  const std::vector<std::string> paradigms = with.List("paradigms", "parallel sequential");
  double done = 0;
  for (const std::string& paradigm : paradigms) {
    TW_ASSIGN(const bool sequential, IsSecond(paradigm, "parallel", "sequential", "paradigms"));
    for (const std::string& word : tasks) {
      TW_ASSIGN(const NamedTask task, ParseTask(word));
      context.Tell(done++ / static_cast<double>(paradigms.size() * tasks.size()), paradigm + " " + word);
      const Paradigm scaling = sequential ? Paradigm::kSequential : Paradigm::kParallel;
      TW_ASSIGN(const Trials trials, TryTask(task, scaling, static_cast<int>(questions), static_cast<int>(budget), options, loss, seeds));
      KeepWorst("ratio_error", trials.error, true, finding.numbers);
      KeepWorst("tokens_saved", trials.saved, false, finding.numbers);
      KeepWorst("points_lost", trials.lost, true, finding.numbers);
      KeepWorst("within_tokens_saved", trials.within_saved, false, finding.numbers);
      KeepWorst("within_points_lost", trials.within_lost, true, finding.numbers);
      char line[240];
      std::snprintf(
          line, sizeof line,
          "%s %s: point off by %.3f; stopping there saves %.2f, loses %.2f points; stopping within a loss of %.3g saves %.2f, loses %.2f",
          paradigm.c_str(), word.c_str(), Mean(trials.error), Mean(trials.saved), Mean(trials.lost), loss, Mean(trials.within_saved),
          Mean(trials.within_lost));
      finding.detail.emplace_back(line);
    }
  }
  return finding;
}

}  // namespace

void RegisterSaturationAnalysis(Registry<Analysis>& registry);
void RegisterSaturationAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "saturation",
      {.kind = ClaimKind::kLaw,
       .summary =
           "A saturation point fitted (`model` same | spread) on simulated `questions` of each of `tasks` and `paradigms`, against as many "
           "others, over `seeds`: each number is of the worst task. Numbers: ratio_error, tokens_saved and points_lost (of stopping where "
           "one more sample gains at most `epsilon`), within_tokens_saved and within_points_lost (where the fit says that `loss` is lost).",
       .run = AnalyseSaturation});
}

}  // namespace tradewind
