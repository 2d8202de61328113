// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/spiking_stop.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>

#include "base/thread_pool.h"
#include "graph/spiking.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kMostTemperature = 20;
constexpr int kTemperatureSteps = 60;
constexpr int kCertaintiesTried = 512;

int64_t BestOf(std::span<const float> logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

double LogLikelihood(std::span<const float> logits, std::span<const int64_t> labels, double temperature) {
  const size_t classes = logits.size() / labels.size();
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    const auto greatest = static_cast<double>(*std::max_element(row.begin(), row.end()));
    double all = 0;
    for (const float v : row) all += std::exp((static_cast<double>(v) - greatest) / temperature);
    sum += (static_cast<double>(row[static_cast<size_t>(labels[i])]) - greatest) / temperature - std::log(all);
  }
  return sum;
}

// One picture through all steps.
Result<void> RecordPicture(SpikingNet& net, const Tensor& picture, int64_t number, StepRecord& record) {
  net.Begin(picture);
  for (int64_t step = 1; step <= record.steps; ++step) {
    TW_RETURN_IF_ERROR(net.Step());
    const size_t place = record.Place(number, step);
    std::copy(net.logits().begin(), net.logits().end(), record.means.begin() + static_cast<std::ptrdiff_t>(place) * record.classes);
    record.spikes[place] = net.spikes();
    record.synaptic_operations[place] = net.synaptic_operations();
  }
  return {};
}

}  // namespace

bool StepRecord::Right(int64_t picture, int64_t step) const {
  return BestOf(Means(picture, step)) == labels[static_cast<size_t>(picture)];
}

double StepRecord::Top1(int64_t step) const {
  int64_t right = 0;
  for (int64_t i = 0; i < pictures(); ++i) right += Right(i, step) ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(pictures());
}

StepRecord StepRecord::Chosen(const std::function<bool(int64_t)>& wanted) const {
  StepRecord part;
  part.steps = steps;
  part.classes = classes;
  part.neurons = neurons;
  const auto copy = [](const auto& from, int64_t begin, int64_t count, auto& to) {
    to.insert(to.end(), from.begin() + begin, from.begin() + begin + count);
  };
  for (int64_t i = 0; i < pictures(); ++i) {
    if (!wanted(i)) continue;
    part.labels.push_back(labels[static_cast<size_t>(i)]);
    copy(means, i * steps * classes, steps * classes, part.means);
    copy(spikes, i * steps, steps, part.spikes);
    copy(synaptic_operations, i * steps, steps, part.synaptic_operations);
  }
  return part;
}

StepRecord StepRecord::Part(int64_t every, int64_t rest) const {
  return Chosen([=](int64_t i) { return i % every == rest; });
}

StepRecord StepRecord::AllBut(int64_t every, int64_t rest) const {
  return Chosen([=](int64_t i) { return i % every != rest; });
}

Result<StepRecord> RecordSteps(const OnnxModel& spiking, std::span<const Tensor> pictures, std::span<const int64_t> labels, int64_t steps,
                               int threads, const std::function<void(double share)>& progress) {
  assert(pictures.size() == labels.size() && steps >= 1 && threads >= 1);
  std::vector<std::unique_ptr<SpikingNet>> nets;
  for (int i = 0; i < threads; ++i) {
    TW_ASSIGN(auto net, SpikingNet::Open(spiking, 1));
    nets.push_back(std::move(net));
  }
  StepRecord record;
  record.steps = steps;
  record.labels.assign(labels.begin(), labels.end());
  record.neurons = nets[0]->neurons();
  const std::vector<int64_t>& shape = nets[0]->net().outputs[0].edge.shape;
  if (shape.size() != 2 || shape[0] != 1) return Fail(StatusCode::kUnsupported, spiking.source + ": its first output is no row of logits");
  record.classes = shape[1];
  for (const int64_t label : labels) {
    if (label < 0 || label >= record.classes) return Fail(StatusCode::kInvalidInput, "a label that the net does not have");
  }
  const size_t places = pictures.size() * static_cast<size_t>(steps);
  record.means.resize(places * static_cast<size_t>(record.classes));
  record.spikes.resize(places);
  record.synaptic_operations.resize(places);
  std::mutex turn;
  std::optional<Status> failed;
  int64_t done = 0;
  ThreadPool pool(threads);
  pool.ParallelFor(static_cast<int64_t>(pictures.size()), [&](int64_t i, int member) {
    const Result<void> result = RecordPicture(*nets[static_cast<size_t>(member)], pictures[static_cast<size_t>(i)], i, record);
    const std::lock_guard lock(turn);
    if (!result) failed = result.error();
    if (progress && ++done % 16 == 0) progress(static_cast<double>(done) / static_cast<double>(pictures.size()));
  });
  if (failed) return Fail(*failed);
  return record;
}

double ScaledConfidence(std::span<const float> logits, double scale) {
  const auto greatest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double all = 0;
  for (const float v : logits) all += std::exp((static_cast<double>(v) - greatest) * scale);
  return 1 / all;
}

double FitTemperature(std::span<const float> logits, std::span<const int64_t> labels) {
  assert(!labels.empty() && logits.size() % labels.size() == 0);
  // The likelihood is concave in the inverse of the temperature, so it has one peak in the logarithm of it, too: golden-section search.
  constexpr double kGolden = 0.6180339887498949;
  double low = -std::log(kMostTemperature), high = -low;
  const auto at = [&](double log_temperature) { return LogLikelihood(logits, labels, std::exp(log_temperature)); };
  double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
  double of_left = at(left), of_right = at(right);
  for (int i = 0; i < kTemperatureSteps; ++i) {
    if (of_left > of_right) {
      high = right;
      right = left;
      of_right = of_left;
      left = high - kGolden * (high - low);
      of_left = at(left);
    } else {
      low = left;
      left = right;
      of_left = of_right;
      right = low + kGolden * (high - low);
      of_right = at(right);
    }
  }
  return std::exp((low + high) / 2);
}

Result<StopRule> FitStopRule(const StepRecord& record, const StopOptions& options) {
  if (record.labels.empty()) return Fail(StatusCode::kInvalidInput, "a stop rule is fitted to pictures, and there are none");
  if (options.steps < 1 || options.steps > record.steps) return Fail(Status(StatusCode::kInvalidInput, "beyond the record").At("steps"));
  std::vector<float> last;
  for (int64_t i = 0; i < record.pictures(); ++i) {
    const auto means = record.Means(i, options.steps);
    last.insert(last.end(), means.begin(), means.end());
  }
  StopRule rule{.steps = options.steps, .temperature = FitTemperature(last, record.labels), .enough = 2};
  // Every certainty that was seen, and whether the answer was right then.
  std::vector<double> certainties;
  for (int64_t i = 0; i < record.pictures(); ++i) {
    for (int64_t step = 1; step < options.steps; ++step) certainties.push_back(rule.CertaintyOf(record.Means(i, step), step));
  }
  if (certainties.empty()) return rule;
  std::sort(certainties.begin(), certainties.end());
  const double wanted = record.Top1(options.steps) - options.loss - 1e-12;
  double earliest = static_cast<double>(options.steps);
  StopRule best = rule;
  for (int k = 0; k < kCertaintiesTried; ++k) {
    rule.enough = certainties[certainties.size() * static_cast<size_t>(k) / kCertaintiesTried];
    const StopRun run = RunWith(rule, record);
    if (Mean(run.right) < wanted || Mean(run.steps) >= earliest) continue;
    earliest = Mean(run.steps);
    best = rule;
  }
  return best;
}

namespace {

// `stop(picture, step)` says whether to stop there; the last step does in any case.
template <typename Stop>
StopRun RunEach(int64_t steps, const StepRecord& record, const Stop& stop) {
  assert(steps <= record.steps);
  StopRun run;
  for (int64_t i = 0; i < record.pictures(); ++i) {
    int64_t step = 1;
    while (step < steps && !stop(i, step)) ++step;
    run.steps.push_back(static_cast<double>(step));
    run.right.push_back(record.Right(i, step) ? 1 : 0);
    run.spikes.push_back(record.spikes[record.Place(i, step)]);
  }
  return run;
}

}  // namespace

StopRun RunWith(const StopRule& rule, const StepRecord& record) {
  return RunEach(rule.steps, record, [&](int64_t i, int64_t step) { return rule.CertaintyOf(record.Means(i, step), step) >= rule.enough; });
}

StopRun RunFixed(int64_t steps, const StepRecord& record) {
  return RunEach(steps, record, [](int64_t, int64_t) { return false; });
}

StopRun RunOracle(int64_t steps, bool stays, const StepRecord& record) {
  return RunEach(steps, record, [&](int64_t i, int64_t step) {
    if (!record.Right(i, step)) return false;
    for (int64_t later = step + 1; stays && later <= steps; ++later) {
      if (!record.Right(i, later)) return false;
    }
    return true;
  });
}

}  // namespace tradewind
