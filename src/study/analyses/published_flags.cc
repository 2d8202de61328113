// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Pareto sets computed anew from a public table, beside the ones that were published with it.
#include <algorithm>
#include <charconv>
#include <set>

#include "formats/table.h"
#include "recorded/library.h"
#include "search/laws/leaderboard.h"
#include "stats/summary.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

// A row of the file of flags: which columns, and the members' rows in the table, counted from 0.
struct Published {
  std::string accuracy, latency;
  std::set<size_t> members;
};

Result<std::vector<Published>> ReadFlags(const std::string& path) {
  TW_ASSIGN(const Table table, ReadTable(path));
  TW_ASSIGN(const size_t accuracy, table.Column("data"));
  TW_ASSIGN(const size_t latency, table.Column("hardware"));
  TW_ASSIGN(const size_t indices, table.Column("pareto_indices"));
  std::vector<Published> all;
  for (size_t row = 0; row < table.rows(); ++row) {
    Published published{table.Text(accuracy, row), table.Text(latency, row), {}};
    const std::string text = table.Text(indices, row);
    for (const char *at = text.data(), *end = at + text.size(); at < end; ++at) {
      size_t index = 0;
      const auto [stop, error] = std::from_chars(at, end, index);
      if (error != std::errc()) return Fail(table.ErrorAt(indices, row, "\"" + text + "\" is not a list of row numbers"));
      published.members.insert(index);
      at = stop;
    }
    all.push_back(std::move(published));
  }
  return all;
}

Result<Finding> AnalysePublishedFlags(Parameters& with, const AnalysisContext& context) {
  const std::string name = with.Text("table", "");
  TW_ASSIGN(const Table table, ReadTable(RecordedFile(name, with.Text("file", ""), context.data_folder)));
  TW_ASSIGN(const std::vector<Published> all, ReadFlags(RecordedFile(name, with.Text("flags", ""), context.data_folder)));
  const std::vector<std::string> accuracies = with.List("accuracies", "");
  const std::vector<std::string> latencies = with.List("latencies", "");
  const std::vector<std::string> families = with.List("families", "");
  TW_ASSIGN(const size_t family_column, table.Column(with.Text("family_column", "model_family")));
  const auto asked = [](const std::vector<std::string>& list, const std::string& item) {
    return list.empty() || std::find(list.begin(), list.end(), item) != list.end();
  };
  int64_t pairs = 0, equal = 0, with_family = 0;
  Finding finding;
  for (const Published& published : all) {
    if (!asked(accuracies, published.accuracy) || !asked(latencies, published.latency)) continue;
    TW_ASSIGN(const size_t accuracy, table.Column(published.accuracy));
    TW_ASSIGN(const size_t latency, table.Column(published.latency));
    TW_ASSIGN(const std::vector<double> higher, table.Numbers(accuracy));
    TW_ASSIGN(const std::vector<double> lower, table.Numbers(latency));
    TW_ASSIGN(const std::vector<size_t> members, ParetoMembers(higher, lower, AccuracyTies::kDrop));
    const bool same = std::set<size_t>(members.begin(), members.end()) == published.members;
    const bool old = std::any_of(members.begin(), members.end(), [&](size_t m) { return asked(families, table.Text(family_column, m)); });
    ++pairs;
    equal += same ? 1 : 0;
    with_family += old ? 1 : 0;
    if (!same) finding.detail.push_back(published.accuracy + " / " + published.latency + ": the sets differ");
  }
  if (pairs == 0) return Fail(StatusCode::kInvalidInput, "the file of flags has none of the pairs asked for");
  const auto share = [&](const char* what, int64_t count) {
    return Number{what,
                  static_cast<double>(count) / static_cast<double>(pairs),
                  {static_cast<double>(count) / static_cast<double>(pairs), static_cast<double>(count) / static_cast<double>(pairs), 1}};
  };
  finding.numbers = {share("equal_share", equal), share("family_share", with_family)};
  finding.detail.push_back(std::to_string(equal) + " of " + std::to_string(pairs) + " published sets are equal; " +
                           std::to_string(with_family) + " hold a model of the families asked for");
  return finding;
}

}  // namespace

void RegisterPublishedFlagsAnalysis(Registry<Analysis>& registry);
void RegisterPublishedFlagsAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "published_flags",
      {.kind = ClaimKind::kFrontier,
       .summary = "Pareto sets of `file` recomputed for the pairs of `flags` (data, hardware, pareto_indices), of the `accuracies` and "
                  "`latencies` named. Numbers: equal_share, family_share (pairs whose set holds one of `families`).",
       .run = AnalysePublishedFlags});
}

}  // namespace tradewind
