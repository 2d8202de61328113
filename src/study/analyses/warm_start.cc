// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Whether a warm start pays when the law of prioritised risk says so: on a table whose cheaper results predict the true ones.
#include <charconv>
#include <cmath>
#include <cstdio>

#include "recorded/library.h"
#include "search/laws/warm_start_trial.h"
#include "stats/summary.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

// A metric at one value of the table's fidelity, one a setting but for the fidelity; in the order of the settings.
Result<std::vector<double>> Column(const RecordedTunable& tunable, const std::string& metric, int64_t fidelity) {
  const RecordedTable& table = tunable.table();
  TW_ASSIGN(const size_t index, table.Metric(metric));
  std::vector<double> values;
  for (size_t i = 0; i < table.settings(); ++i) {
    if (table.SettingAt(i).IntegerOr(tunable.fidelity(), 0) == fidelity) values.push_back(table.Value(index, tunable.device_index(), i));
  }
  if (values.empty())
    return Fail(Status(StatusCode::kNotFound, "the table has no results at a fidelity of " + std::to_string(fidelity)).At("fidelity"));
  return values;
}

Result<std::vector<int64_t>> ParsePrices(const std::vector<std::string>& words) {
  std::vector<int64_t> prices;
  for (const std::string& word : words) {
    int64_t& price = prices.emplace_back();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), price);
    if (error != std::errc() || end != word.data() + word.size() || price < 0) {
      return Fail(Status(StatusCode::kInvalidInput, "\"" + word + "\" is no number of trials").At("prices"));
    }
  }
  return prices;
}

struct WarmTally {
  int64_t right = 0, all = 0;
  std::vector<std::string> lines;
};

Result<void> Try(const std::vector<double>& truth, const std::vector<double>& cheap, const std::string& name, WarmStartQuestion question,
                 const WarmStartTrialOptions& options, WarmTally& tally) {
  TW_ASSIGN(const WarmStartTrial trial, TryWarmStart(truth, cheap, question, options));
  ++tally.all;
  tally.right += trial.right ? 1 : 0;
  char line[240];
  std::snprintf(line, sizeof line, "%s, price %lld: Spearman %.3f, law %s; hit %.3f (%.3f to %.3f), cold %.3f: %s", name.c_str(),
                static_cast<long long>(question.price), trial.spearman, trial.law.pays ? "pays" : "does not pay", trial.hit,
                trial.hit_interval.low, trial.hit_interval.high, trial.hit_cold, trial.right ? "right" : "wrong");
  tally.lines.emplace_back(line);
  return {};
}

Result<Finding> AnalyseWarmStart(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const auto tunable, OpenRecorded(with.Text("table", "nasbench201"), "", context.data_folder));
  const std::vector<std::string> truths = with.List("truths", "");
  const std::vector<std::string> predictors = with.List("predictors", "");
  TW_ASSIGN(const std::vector<int64_t> prices, ParsePrices(with.List("prices", "0 10 19")));
  TW_ASSIGN(const int64_t true_at, with.Integer("true_fidelity", 200, 0, 1'000'000));
  TW_ASSIGN(const int64_t cheap_at, with.Integer("cheap_fidelity", 12, 0, 1'000'000));
  WarmStartQuestion question;
  TW_ASSIGN(question.settings, with.Integer("settings", 400, 2, 100'000));
  TW_ASSIGN(question.trials, with.Integer("trials", 20, 1, 100'000));
  TW_ASSIGN(const int64_t searches, with.Integer("searches", 1000, 100, 1'000'000));
  if (truths.empty() || predictors.empty())
    return Fail(Status(StatusCode::kInvalidInput, "name the metrics to predict and to predict from").At("truths"));
  const WarmStartTrialOptions options{.searches = static_cast<int>(searches), .confidence = 0.999};
  WarmTally tally;
  for (const std::string& wanted : truths) {
    TW_ASSIGN(const std::vector<double> truth, Column(*tunable, wanted, true_at));
    for (const std::string& from : predictors) {
      TW_ASSIGN(const std::vector<double> cheap, Column(*tunable, from, cheap_at));
      for (const int64_t price : prices) {
        context.Tell(static_cast<double>(tally.all) / static_cast<double>(truths.size() * predictors.size() * prices.size()),
                     wanted + " from " + from);
        question.price = price;
        TW_RETURN_IF_ERROR(Try(truth, cheap, wanted + " from " + from, question, options, tally));
      }
    }
  }
  int64_t inside = 0, thresholds = 0;
  Finding finding;
  for (const int64_t price : prices) {
    question.price = price;
    if (question.price < 1 || question.price >= question.trials) continue;
    TW_ASSIGN(const ThresholdTrial trial, MeasureThreshold(question, options));
    ++thresholds;
    inside += trial.law >= trial.interval.low - 0.01 && trial.law <= trial.interval.high + 0.01 ? 1 : 0;
    char line[200];
    std::snprintf(line, sizeof line, "threshold at price %lld: law %.3f, measured %.3f (%.3f to %.3f)", static_cast<long long>(price),
                  trial.law, trial.measured, trial.interval.low, trial.interval.high);
    finding.detail.emplace_back(line);
  }
  finding.detail.insert(finding.detail.end(), tally.lines.begin(), tally.lines.end());
  const double share = static_cast<double>(tally.right) / static_cast<double>(tally.all);
  finding.numbers = {{"right_share", share, WilsonInterval(tally.right, tally.all, kStudyConfidence)}};
  if (thresholds > 0) {
    const double agreed = static_cast<double>(inside) / static_cast<double>(thresholds);
    finding.numbers.push_back({"thresholds_agreed", agreed, {agreed, agreed, 0}});
  }
  return finding;
}

}  // namespace

void RegisterWarmStartAnalysis(Registry<Analysis>& registry);
void RegisterWarmStartAnalysis(Registry<Analysis>& registry) {
  registry.Add("warm_start", {.kind = ClaimKind::kLaw,
                              .summary = "Whether trying first what a predictor ranks highest finds the best of `settings` in `trials` "
                                         "more often than a cold search, when the law says so: metrics `truths` of `table` at "
                                         "`true_fidelity` by `predictors` at `cheap_fidelity`, for `prices` in trials, in `searches` each. "
                                         "Numbers: right_share, thresholds_agreed (measured against the law's).",
                              .run = AnalyseWarmStart});
}

}  // namespace tradewind
