// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How well predictors know a device from a few measurements: each is given the same reference architectures' latencies on a device that no
// training saw, and is judged on architectures that nobody measured (arXiv:2106.08630, table 3). Pure functions, thread-safe.
//
//   TransferOptions options{.train = {"pixel3", ...}, .valid = {"titanx_1", ...}, .test = {"fpga"}, .seeds = {1, 2, 3}};
//   TW_ASSIGN(TransferReport report, FewShotTransfer(table, options));
//   for (const TransferRow& row : report.rows) ...   // row.predictor, row.device, row.spearman, row.interval
#pragma once

#include <string>
#include <vector>

#include "base/interval.h"
#include "search/predictors/few_shot.h"

namespace tradewind {

struct TransferOptions {
  std::vector<std::string> train, valid, test;
  size_t samples = 10;                  // measurements of a new device
  size_t training_architectures = 900;  // measured on the training and validation devices
  size_t tested_architectures = 2000;   // others, drawn anew for each seed
  std::vector<uint64_t> seeds = {1, 2, 3};
  std::vector<double> cost{};         // for flops: a weight a feature; empty leaves flops out
  std::vector<std::string> beside{};  // of SampleRegressorNames, what few_shot is compared with; empty: all (the perceptron takes longest)
  FewShotOptions few_shot{};
  double confidence = 0.95;  // of the intervals over seeds
};

struct TransferRow {
  std::string predictor, device;  // device "mean": over the tested devices
  std::vector<double> by_seed;    // rank correlations
  double spearman = 0;            // their mean
  // Student's t over seeds, which draw architectures, references and starting weights anew; devices are the ones asked for, not a sample.
  Interval interval;
  // The same without the fastest and the slowest tenth of a device's architectures: what the program that the paper's authors released
  // reports (HayeonLee/HELP, loader.py), hence what stands beside their figures.
  double middle_spearman = 0;
  double median_relative_error = 0;  // of the predicted latency, over architectures and seeds
  std::vector<double> coverage;      // the share of tested architectures within the intervals of kCoverageLevels
};
inline constexpr double kCoverageLevels[] = {0.80, 0.90, 0.95};

struct TransferComparison {
  std::string predictor;  // what few_shot is compared with
  double difference = 0;  // of the mean over devices: few_shot less the other
  Interval interval;      // paired over seeds
};

struct TransferReport {
  std::vector<TransferRow> rows;  // a predictor after the other: its devices, then the mean
  std::vector<TransferComparison> comparisons;
  // Beside few_shot and those of SampleRegressorNames there is "proxy_device": the training device whose references rank most alike stands
  // in, with its latency of every architecture. It needs what few_shot does not: every tested architecture measured on the training
  // devices.
};

// kInvalidInput or kNotFound for a bad table, unknown devices, a device on two sides of the split, or more architectures than the table
// has.
Result<TransferReport> FewShotTransfer(const LatencyTable& table, const TransferOptions& options);

// `count` of `architectures`, one from each equal part of their order by mean standardised log latency on `devices`: references that
// spread over the range without a look at any other device.
std::vector<size_t> ChooseReferences(const LatencyTable& table, std::span<const size_t> devices, std::span<const size_t> architectures,
                                     size_t count, Random& random);

}  // namespace tradewind
