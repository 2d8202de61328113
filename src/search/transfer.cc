// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "search/predictors/rank_correlation.h"
#include "search/predictors/sample_regressor.h"
#include "search/transfer_draw.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// What a predictor said of the tested architectures of one device.
struct Judged {
  std::vector<double> values;
  std::vector<double> coverage;
};

// Per predictor and device.
struct Tally {
  std::vector<double> spearman, middle, relative_errors;
  std::vector<double> coverage = std::vector<double>(std::size(kCoverageLevels), 0.0);
};

std::vector<double> At(const std::vector<double>& column, std::span<const size_t> rows) {
  std::vector<double> out;
  for (const size_t r : rows) out.push_back(column[r]);
  return out;
}

Judged Judge(const Predictor& predictor, const LatencyTable& table, size_t device, const TransferDraw& draw) {
  Judged judged;
  judged.coverage.assign(std::size(kCoverageLevels), 0.0);
  const double share = 1.0 / static_cast<double>(draw.tested.size());
  for (const size_t a : draw.tested) {
    for (size_t level = 0; level < std::size(kCoverageLevels); ++level) {
      const Prediction p = predictor.Predict(table.features[a], kCoverageLevels[level]);
      if (level == 0) judged.values.push_back(p.value);
      judged.coverage[level] += p.interval.Contains(table.latencies[device][a]) ? share : 0;
    }
  }
  return judged;
}

// The training device that ranks the references most alike, scaled to the references' mean.
Judged JudgeProxy(const LatencyTable& table, const TransferSplit& split, size_t device, const TransferDraw& draw) {
  const std::vector<double> truth = At(table.latencies[device], draw.references);
  size_t best = split.train[0];
  double best_score = -2;
  for (const size_t d : split.train) {
    const double score = SpearmanCorrelation(At(table.latencies[d], draw.references), truth);
    if (score > best_score) {
      best_score = score;
      best = d;
    }
  }
  const double scale = Mean(truth) / Mean(At(table.latencies[best], draw.references));
  Judged judged{At(table.latencies[best], draw.tested), {}};
  for (double& y : judged.values) y *= scale;
  return judged;
}

// Of the eight tenths of architectures between the fastest and the slowest tenth.
double MiddleCorrelation(const std::vector<double>& values, const std::vector<double>& truth) {
  const double low = Quantile(truth, 0.1);
  const double high = Quantile(truth, 0.9);
  std::vector<double> a, b;
  for (size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] < low || truth[i] > high) continue;
    a.push_back(values[i]);
    b.push_back(truth[i]);
  }
  return SpearmanCorrelation(a, b);
}

void Count(const Judged& judged, const std::vector<double>& truth, size_t seeds, Tally& tally) {
  tally.spearman.push_back(SpearmanCorrelation(judged.values, truth));
  tally.middle.push_back(MiddleCorrelation(judged.values, truth));
  for (size_t i = 0; i < truth.size(); ++i) tally.relative_errors.push_back(std::abs(judged.values[i] / truth[i] - 1));
  if (judged.coverage.empty()) tally.coverage.clear();
  for (size_t level = 0; level < judged.coverage.size(); ++level)
    tally.coverage[level] += judged.coverage[level] / static_cast<double>(seeds);
}

TransferRow Summarise(const std::string& predictor, const std::string& device, const Tally& tally, double confidence) {
  return {.predictor = predictor,
          .device = device,
          .by_seed = tally.spearman,
          .spearman = Mean(tally.spearman),
          .interval = MeanInterval(tally.spearman, confidence),
          .middle_spearman = Mean(tally.middle),
          .median_relative_error = Median(tally.relative_errors),
          .coverage = tally.coverage};
}

Tally MeanOver(std::span<const Tally> devices) {
  Tally mean = devices[0];
  mean.relative_errors.clear();
  const auto n = static_cast<double>(devices.size());
  for (size_t s = 0; s < mean.spearman.size(); ++s) {
    mean.spearman[s] = 0;
    mean.middle[s] = 0;
    for (const Tally& d : devices) {
      mean.spearman[s] += d.spearman[s] / n;
      mean.middle[s] += d.middle[s] / n;
    }
  }
  for (size_t level = 0; level < mean.coverage.size(); ++level) {
    mean.coverage[level] = 0;
    for (const Tally& d : devices) mean.coverage[level] += d.coverage[level] / n;
  }
  for (const Tally& d : devices)
    mean.relative_errors.insert(mean.relative_errors.end(), d.relative_errors.begin(), d.relative_errors.end());
  return mean;
}

using Tallies = std::map<std::string, std::vector<Tally>>;

Result<void> RunSeed(const LatencyTable& table, const TransferOptions& options, const TransferSplit& split, uint64_t seed,
                     Tallies& tallies) {
  const TransferDraw draw = DrawArchitectures(table, split, options, seed);
  TW_ASSIGN(const std::shared_ptr<const FewShotModel> model, TrainOnDraw(table, split, draw, options.few_shot, seed));
  for (size_t t = 0; t < split.test.size(); ++t) {
    const size_t device = split.test[t];
    const std::vector<Observation> measured = MeasureReferences(table, draw, device);
    const std::vector<double> truth = At(table.latencies[device], draw.tested);
    const auto count = [&](std::string_view name, const Judged& judged) {
      std::vector<Tally>& devices = tallies[std::string(name)];
      devices.resize(split.test.size());
      Count(judged, truth, options.seeds.size(), devices[t]);
    };
    FewShotPredictor few_shot(model);
    TW_RETURN_IF_ERROR(few_shot.Fit(measured));
    count(few_shot.name(), Judge(few_shot, table, device, draw));
    count("proxy_device", JudgeProxy(table, split, device, draw));
    std::vector<std::string_view> beside(options.beside.begin(), options.beside.end());
    if (beside.empty()) beside = SampleRegressorNames();
    for (const std::string_view name : beside) {
      if (name == "flops" && options.cost.empty()) continue;
      TW_ASSIGN(const std::unique_ptr<Predictor> predictor, MakeSampleRegressor(name, {options.cost, seed}));
      TW_RETURN_IF_ERROR(predictor->Fit(measured));
      count(name, Judge(*predictor, table, device, draw));
    }
  }
  return {};
}

}  // namespace

Result<TransferReport> FewShotTransfer(const LatencyTable& table, const TransferOptions& options) {
  TW_RETURN_IF_ERROR(CheckLatencies(table));
  TW_ASSIGN(const TransferSplit split, SplitDevices(table, options));
  Tallies tallies;
  for (const uint64_t seed : options.seeds) TW_RETURN_IF_ERROR(RunSeed(table, options, split, seed, tallies));
  TransferReport report;
  std::map<std::string, std::vector<double>> means;
  for (const auto& [predictor, devices] : tallies) {
    for (size_t t = 0; t < devices.size(); ++t) {
      report.rows.push_back(Summarise(predictor, table.devices[split.test[t]], devices[t], options.confidence));
    }
    report.rows.push_back(Summarise(predictor, "mean", MeanOver(devices), options.confidence));
    means[predictor] = report.rows.back().by_seed;
  }
  const std::vector<double>& ours = means["few_shot"];
  for (const auto& [predictor, theirs] : means) {
    if (predictor == "few_shot") continue;
    std::vector<double> differences;
    for (size_t s = 0; s < ours.size(); ++s) differences.push_back(ours[s] - theirs[s]);
    report.comparisons.push_back({predictor, Mean(differences), MeanInterval(differences, options.confidence)});
  }
  return report;
}

}  // namespace tradewind
