// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer_search.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "search/predictors/sample_regressor.h"
#include "search/transfer_draw.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

Result<void> CheckOptions(const LatencyTable& table, std::span<const double> quality, const TransferSearchOptions& options) {
  if (quality.size() != table.architectures()) {
    return Fail(StatusCode::kInvalidInput, "there are " + std::to_string(quality.size()) + " qualities for " +
                                               std::to_string(table.architectures()) + " architectures; give one for each");
  }
  if (!std::all_of(quality.begin(), quality.end(), [](double q) { return std::isfinite(q); })) {
    return Fail(StatusCode::kInvalidInput, "a quality is not finite; leave that architecture out");
  }
  const auto& bounds = options.bounds;
  if (bounds.empty() || !std::all_of(bounds.begin(), bounds.end(), [](double b) { return b >= 0 && b <= 1; })) {
    return Fail(StatusCode::kInvalidInput, "bounds are quantiles from 0 to 1; give one at least");
  }
  if (options.predictors.empty()) return Fail(StatusCode::kInvalidInput, "no predictor is named; few_shot is one");
  return {};
}

Result<std::vector<double>> Predictions(const std::string& name, const LatencyTable& table, const TransferDraw& draw, size_t device,
                                        const std::shared_ptr<const FewShotModel>& model, const SampleRegressorOptions& options) {
  if (name == "few_shot") {
    std::vector<double> latencies;
    for (const size_t r : draw.references) latencies.push_back(table.latencies[device][r]);
    return PredictLatencies(*model, Adapt(*model, latencies), table.features);
  }
  TW_ASSIGN(const std::unique_ptr<Predictor> predictor, MakeSampleRegressor(name, options));
  TW_RETURN_IF_ERROR(predictor->Fit(MeasureReferences(table, draw, device)));
  std::vector<double> out;
  for (const std::vector<double>& row : table.features) out.push_back(predictor->Predict(row, 0.9).value);
  return out;
}

// Adds one seed to a row whose means are sums until Finish.
void Count(const LatencyTable& table, std::span<const double> quality, size_t device, const std::vector<double>& predicted,
           const TransferSearchOptions& options, TransferSearchRow& row) {
  const std::vector<double>& truth = table.latencies[device];
  row.shares.push_back(TransferFrontier(quality, predicted, truth).share);
  const double each = 1.0 / static_cast<double>(options.bounds.size());
  double met = 0;
  for (const double q : options.bounds) {
    const double bound = Quantile(truth, q);
    const BoundedChoice choice = SearchUnderBound(quality, predicted, truth, bound, options.checks);
    met += choice.within ? each : 0;
    row.met_unchecked += SearchUnderBound(quality, predicted, truth, bound, 0).within ? each : 0;
    row.quality_lost += each * (choice.best_quality - choice.quality);
    row.measurements += each * static_cast<double>(options.transfer.samples + choice.checks);
    row.unaided += each * static_cast<double>(choice.unaided);
  }
  row.met.push_back(met);
}

void Finish(double confidence, TransferSearchRow& row) {
  const auto seeds = static_cast<double>(row.shares.size());
  row.share = Mean(row.shares);
  row.share_interval = MeanInterval(row.shares, confidence);
  row.met_share = Mean(row.met);
  row.met_interval = MeanInterval(row.met, confidence);
  for (double* sum : {&row.met_unchecked, &row.quality_lost, &row.measurements, &row.unaided}) *sum /= seeds;
}

TransferSearchRow MeanRow(std::span<const TransferSearchRow> devices, double confidence) {
  TransferSearchRow mean;
  mean.predictor = devices[0].predictor;
  mean.device = "mean";
  const auto n = static_cast<double>(devices.size());
  mean.shares.assign(devices[0].shares.size(), 0.0);
  mean.met = mean.shares;
  for (const TransferSearchRow& d : devices) {
    for (size_t s = 0; s < mean.shares.size(); ++s) {
      mean.shares[s] += d.shares[s] / n;
      mean.met[s] += d.met[s] / n;
    }
    mean.met_unchecked += d.met_unchecked / n;
    mean.quality_lost += d.quality_lost / n;
    mean.measurements += d.measurements / n;
    mean.unaided += d.unaided / n;
  }
  mean.share = Mean(mean.shares);
  mean.share_interval = MeanInterval(mean.shares, confidence);
  mean.met_share = Mean(mean.met);
  mean.met_interval = MeanInterval(mean.met, confidence);
  return mean;
}

}  // namespace

Result<std::vector<TransferSearchRow>> FewShotSearch(const LatencyTable& table, std::span<const double> quality,
                                                     const TransferSearchOptions& options) {
  TW_RETURN_IF_ERROR(CheckLatencies(table));
  TW_RETURN_IF_ERROR(CheckOptions(table, quality, options));
  TransferOptions transfer = options.transfer;
  transfer.tested_architectures = 2;  // drawn, and not used
  TW_ASSIGN(const TransferSplit split, SplitDevices(table, transfer));
  const size_t devices = split.test.size();
  std::vector<std::vector<TransferSearchRow>> rows(options.predictors.size(), std::vector<TransferSearchRow>(devices));
  const bool trained = std::count(options.predictors.begin(), options.predictors.end(), "few_shot") > 0;
  for (const uint64_t seed : transfer.seeds) {
    const TransferDraw draw = DrawArchitectures(table, split, transfer, seed);
    std::shared_ptr<const FewShotModel> model;
    if (trained) {
      TW_ASSIGN(model, TrainOnDraw(table, split, draw, transfer.few_shot, seed));
    }
    for (size_t p = 0; p < rows.size(); ++p) {
      for (size_t d = 0; d < devices; ++d) {
        TW_ASSIGN(const auto predicted,
                  Predictions(options.predictors[p], table, draw, split.test[d], model, {.cost = transfer.cost, .seed = seed}));
        Count(table, quality, split.test[d], predicted, options, rows[p][d]);
      }
    }
  }
  std::vector<TransferSearchRow> out;
  for (size_t p = 0; p < rows.size(); ++p) {
    for (size_t d = 0; d < devices; ++d) {
      rows[p][d].predictor = options.predictors[p];
      rows[p][d].device = table.devices[split.test[d]];
      Finish(transfer.confidence, rows[p][d]);
    }
    out.insert(out.end(), rows[p].begin(), rows[p].end());
    out.push_back(MeanRow(rows[p], transfer.confidence));
  }
  return out;
}

}  // namespace tradewind
