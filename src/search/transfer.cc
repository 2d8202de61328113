// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "search/predictors/rank_correlation.h"
#include "search/predictors/sample_regressor.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

struct Split {
  std::vector<size_t> train, valid, test;
};

// What a predictor said of the tested architectures of one device.
struct Judged {
  std::vector<double> values;
  std::vector<double> coverage;
};

// Per predictor and device.
struct Tally {
  std::vector<double> spearman, relative_errors;
  std::vector<double> coverage = std::vector<double>(std::size(kCoverageLevels), 0.0);
};

struct Draw {
  std::vector<size_t> training, tested, references;
};

Result<Split> SplitDevices(const LatencyTable& table, const TransferOptions& options) {
  Split split;
  TW_ASSIGN(split.train, DeviceIndices(table, options.train));
  TW_ASSIGN(split.valid, DeviceIndices(table, options.valid));
  TW_ASSIGN(split.test, DeviceIndices(table, options.test));
  if (split.test.empty()) return Fail(StatusCode::kInvalidInput, "no device is held out; name at least one to test on");
  std::set<size_t> seen;
  for (const std::vector<size_t>* part : {&split.train, &split.valid, &split.test}) {
    for (const size_t d : *part) {
      if (seen.insert(d).second) continue;
      return Fail(StatusCode::kInvalidInput, "device " + table.devices[d] + " is named twice in the split; a tested device must be unseen");
    }
  }
  if (options.training_architectures + options.tested_architectures > table.architectures()) {
    return Fail(StatusCode::kInvalidInput, "the table has " + std::to_string(table.architectures()) +
                                               " architectures, fewer than those trained and tested on together; ask for fewer");
  }
  if (options.samples < 3 || options.samples > options.training_architectures) {
    return Fail(StatusCode::kInvalidInput, "samples must be 3 or more, and at most the training architectures");
  }
  if (options.seeds.empty() || options.tested_architectures < 2) {
    return Fail(StatusCode::kInvalidInput, "a transfer study needs a seed and two tested architectures");
  }
  return split;
}

Draw DrawArchitectures(const LatencyTable& table, const Split& split, const TransferOptions& options, uint64_t seed) {
  Random random(seed);
  std::vector<size_t> all(table.architectures());
  std::iota(all.begin(), all.end(), size_t{0});
  for (size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.Below(i)]);
  Draw draw;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(options.training_architectures);
  draw.training.assign(all.begin(), middle);
  draw.tested.assign(middle, middle + static_cast<std::ptrdiff_t>(options.tested_architectures));
  draw.references = ChooseReferences(table, split.train, draw.training, options.samples, random);
  return draw;
}

std::vector<double> At(const std::vector<double>& column, std::span<const size_t> rows) {
  std::vector<double> out;
  for (const size_t r : rows) out.push_back(column[r]);
  return out;
}

Judged Judge(const Predictor& predictor, const LatencyTable& table, size_t device, const Draw& draw) {
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
Judged JudgeProxy(const LatencyTable& table, const Split& split, size_t device, const Draw& draw) {
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

void Count(const Judged& judged, const std::vector<double>& truth, size_t seeds, Tally& tally) {
  tally.spearman.push_back(SpearmanCorrelation(judged.values, truth));
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
          .median_relative_error = Median(tally.relative_errors),
          .coverage = tally.coverage};
}

Tally MeanOver(std::span<const Tally> devices) {
  Tally mean = devices[0];
  mean.relative_errors.clear();
  const auto n = static_cast<double>(devices.size());
  for (size_t s = 0; s < mean.spearman.size(); ++s) {
    mean.spearman[s] = 0;
    for (const Tally& d : devices) mean.spearman[s] += d.spearman[s] / n;
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

Result<void> RunSeed(const LatencyTable& table, const TransferOptions& options, const Split& split, uint64_t seed, Tallies& tallies) {
  const Draw draw = DrawArchitectures(table, split, options, seed);
  FewShotOptions training = options.few_shot;
  training.seed = seed;
  const FewShotData data{split.train, split.valid, draw.training, draw.references};
  TW_ASSIGN(FewShotModel model, TrainFewShot(table, data, training));
  const auto shared = std::make_shared<const FewShotModel>(std::move(model));
  for (size_t t = 0; t < split.test.size(); ++t) {
    const size_t device = split.test[t];
    std::vector<Observation> measured;
    for (const size_t r : draw.references) measured.push_back({table.features[r], table.latencies[device][r]});
    const std::vector<double> truth = At(table.latencies[device], draw.tested);
    const auto count = [&](std::string_view name, const Judged& judged) {
      std::vector<Tally>& devices = tallies[std::string(name)];
      devices.resize(split.test.size());
      Count(judged, truth, options.seeds.size(), devices[t]);
    };
    FewShotPredictor few_shot(shared);
    TW_RETURN_IF_ERROR(few_shot.Fit(measured));
    count(few_shot.name(), Judge(few_shot, table, device, draw));
    count("proxy_device", JudgeProxy(table, split, device, draw));
    for (const std::string_view name : SampleRegressorNames()) {
      if (name == "flops" && options.cost.empty()) continue;
      TW_ASSIGN(const std::unique_ptr<Predictor> predictor, MakeSampleRegressor(name, {options.cost, seed}));
      TW_RETURN_IF_ERROR(predictor->Fit(measured));
      count(name, Judge(*predictor, table, device, draw));
    }
  }
  return {};
}

}  // namespace

std::vector<size_t> ChooseReferences(const LatencyTable& table, std::span<const size_t> devices, std::span<const size_t> architectures,
                                     size_t count, Random& random) {
  std::vector<double> score(architectures.size(), 0);
  for (const size_t d : devices) {
    std::vector<double> logs;
    for (const size_t a : architectures) logs.push_back(std::log(table.latencies[d][a]));
    const double centre = Mean(logs);
    const double deviation = std::max(1e-12, std::sqrt(Variance(logs)));
    for (size_t i = 0; i < logs.size(); ++i) score[i] += (logs[i] - centre) / deviation;
  }
  std::vector<size_t> order(architectures.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return score[a] < score[b]; });
  std::vector<size_t> references;
  for (size_t part = 0; part < count; ++part) {
    const size_t begin = part * order.size() / count;
    const size_t end = (part + 1) * order.size() / count;
    references.push_back(architectures[order[begin + random.Below(end - begin)]]);
  }
  return references;
}

Result<TransferReport> FewShotTransfer(const LatencyTable& table, const TransferOptions& options) {
  TW_RETURN_IF_ERROR(CheckLatencies(table));
  TW_ASSIGN(const Split split, SplitDevices(table, options));
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
