// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer_draw.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>

#include "base/shuffle.h"
#include "stats/summary.h"

namespace tradewind {

Result<TransferSplit> SplitDevices(const LatencyTable& table, const TransferOptions& options) {
  TransferSplit split;
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

TransferDraw DrawArchitectures(const LatencyTable& table, const TransferSplit& split, const TransferOptions& options, uint64_t seed) {
  Random random(seed);
  std::vector<size_t> all(table.architectures());
  std::iota(all.begin(), all.end(), size_t{0});
  Shuffle(all, random);
  TransferDraw draw;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(options.training_architectures);
  draw.training.assign(all.begin(), middle);
  draw.tested.assign(middle, middle + static_cast<std::ptrdiff_t>(options.tested_architectures));
  draw.references = ChooseReferences(table, split.train, draw.training, options.samples, random);
  return draw;
}

Result<std::shared_ptr<const FewShotModel>> TrainOnDraw(const LatencyTable& table, const TransferSplit& split, const TransferDraw& draw,
                                                        const FewShotOptions& options, uint64_t seed) {
  FewShotOptions training = options;
  training.seed = seed;
  const FewShotData data{split.train, split.valid, draw.training, draw.references};
  TW_ASSIGN(FewShotModel model, TrainFewShot(table, data, training));
  return std::make_shared<const FewShotModel>(std::move(model));
}

std::vector<Observation> MeasureReferences(const LatencyTable& table, const TransferDraw& draw, size_t device) {
  std::vector<Observation> measured;
  for (const size_t r : draw.references) measured.push_back({table.features[r], table.latencies[device][r]});
  return measured;
}

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

}  // namespace tradewind
