// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Predictors of a device's latencies from a few measurements on it, on the devices that a table holds back from training.
#include "search/transfer.h"

#include <charconv>
#include <cstdio>
#include <map>

#include "recorded/library.h"
#include "search/space.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

// Weights of single choices, "nor_conv_3x3=9": what the predictor "flops" multiplies a choice's occurrences by.
Result<std::map<std::string, double>> ParseCosts(const std::vector<std::string>& words) {
  std::map<std::string, double> costs;
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    double value = 0;
    if (equals != std::string::npos) {
      const auto [end, error] = std::from_chars(word.data() + equals + 1, word.data() + word.size(), value);
      if (error == std::errc() && end == word.data() + word.size()) {
        costs[word.substr(0, equals)] = value;
        continue;
      }
    }
    return Fail(Status(StatusCode::kInvalidInput, "\"" + word + "\" is not of the form choice=weight").At("cost"));
  }
  return costs;
}

// One-hot choices by position, and how often each choice occurs in all.
struct Encoded {
  LatencyTable table;
  std::vector<double> cost;  // a weight a feature
};

Result<Encoded> Encode(const RecordedTunable& tunable, const std::vector<std::string>& devices, const std::map<std::string, double>& costs) {
  const RecordedTable& recorded = tunable.table();
  TW_ASSIGN(const Space space, Space::Make(tunable.Space()));
  TW_ASSIGN(const size_t metric, recorded.Metric("latency_ms"));
  Encoded encoded{.table = {.devices = devices, .features = {}, .latencies = {}}, .cost = {}};
  std::vector<std::vector<double>> columns;
  for (const std::string& device : devices) {
    TW_ASSIGN(const size_t index, recorded.Device(device));
    columns.push_back(recorded.Values(metric, index));
  }
  encoded.table.latencies.resize(devices.size());
  std::map<std::string, size_t> choices;
  for (const SearchDimension& d : space.spec().dimensions) {
    for (const KnobValue& value : d.values) choices.emplace(ToText(value), choices.size());
  }
  for (size_t i = 0; i < recorded.settings(); ++i) {
    const std::optional<Genome> genome = space.Encode(recorded.SettingAt(i));
    if (!genome || space.Decode(*genome) != space.spec().base.With(recorded.SettingAt(i))) continue;  // of a lesser fidelity
    std::vector<double> features = space.Features(*genome);
    std::vector<double> counts(choices.size(), 0.0);
    for (size_t d = 0; d < space.size(); ++d) counts[choices[ToText(space.spec().dimensions[d].values[static_cast<size_t>((*genome)[d])])]] += 1;
    features.insert(features.end(), counts.begin(), counts.end());
    encoded.table.features.push_back(std::move(features));
    for (size_t d = 0; d < devices.size(); ++d) encoded.table.latencies[d].push_back(columns[d][i]);
  }
  if (!costs.empty() && !encoded.table.features.empty()) {
    encoded.cost.assign(encoded.table.features[0].size(), 0.0);
    for (const auto& [choice, index] : choices) {
      const auto found = costs.find(choice);
      if (found != costs.end()) encoded.cost[space.feature_count() + index] = found->second;
    }
  }
  return encoded;
}

Result<Finding> AnalyseFewShotTransfer(Parameters& with, const AnalysisContext& context) {
  const std::string name = with.Text("table", "nasbench201");
  TW_ASSIGN(const int64_t samples, with.Integer("samples", 10, 4, 1000));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 5, 2, 100));
  TW_ASSIGN(const int64_t tested, with.Integer("tested", 1000, 10, 100'000));
  TW_ASSIGN(const auto costs, ParseCosts(with.List("cost", "")));
  TransferOptions options;
  options.beside = with.List("beside", "");
  TW_ASSIGN(const auto tunable, OpenRecorded(name, "", context.data_folder));
  std::vector<std::string> devices;
  for (const auto& [side, into] : {std::pair{"train", &options.train}, std::pair{"valid", &options.valid}, std::pair{"test", &options.test}}) {
    const auto found = tunable->table().spec().devices.split.find(side);
    if (found == tunable->table().spec().devices.split.end()) {
      return Fail(Status(StatusCode::kInvalidInput, "the table " + name + " has no split of devices named " + side).At("table"));
    }
    *into = found->second;
    devices.insert(devices.end(), found->second.begin(), found->second.end());
  }
  TW_ASSIGN(Encoded encoded, Encode(*tunable, devices, costs));
  options.cost = std::move(encoded.cost);
  options.samples = static_cast<size_t>(samples);
  options.tested_architectures = static_cast<size_t>(tested);
  options.seeds.clear();
  for (int64_t seed = 1; seed <= seeds; ++seed) options.seeds.push_back(static_cast<uint64_t>(seed));
  context.Tell(0, name + ": " + std::to_string(seeds) + " meta-trainings, a minute or two");
  TW_ASSIGN(const TransferReport report, FewShotTransfer(encoded.table, options));
  Finding finding;
  for (const TransferRow& row : report.rows) {
    if (row.predictor == "few_shot" && row.device == "mean") finding.numbers.push_back({"spearman", row.spearman, row.interval});
    char line[160];
    std::snprintf(line, sizeof line, "%s on %s: Spearman %.3f (%.3f to %.3f), median error %.1f %%", row.predictor.c_str(), row.device.c_str(), row.spearman,
                  row.interval.low, row.interval.high, 100 * row.median_relative_error);
    if (row.predictor == "few_shot" || row.device == "mean") finding.detail.emplace_back(line);
  }
  for (const TransferComparison& c : report.comparisons) finding.numbers.push_back({"above_" + c.predictor, c.difference, c.interval});
  return finding;
}

}  // namespace

void RegisterFewShotTransferAnalysis(Registry<Analysis>& registry);
void RegisterFewShotTransferAnalysis(Registry<Analysis>& registry) {
  registry.Add("few_shot_transfer",
               {.kind = ClaimKind::kCompare,
                .summary = "Rank correlation of latencies predicted from `samples` measurements on the devices that `table` holds back, of the meta-learned "
                           "predictor and those `beside` it, over `seeds`. Numbers: spearman, above_NAME for each beside it.",
                .run = AnalyseFewShotTransfer});
}

}  // namespace tradewind
