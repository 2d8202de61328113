// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets in whole numbers from input to logits, beside their twins of real numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>

#include "base/clock.h"
#include "base/cpu.h"
#include "graph/native/executor.h"
#include "graph/native/from_onnx.h"
#include "graph/native/from_tflite.h"
#include "graph/tflite_to_onnx.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

struct TwinNets {
  std::string name;
  ModelCard card;
  std::unique_ptr<NativeExecutor> integer, reference, real;
  std::vector<std::string> pictures;  // ids
  float scale = 1;                    // of the bytes that go in: real = scale * (q - zero_point)
  int32_t zero_point = 0;
};

// What one net came to, picture by picture.
struct TwinRuns {
  std::vector<double> integer_right, real_right, agree;  // 0 or 1
  std::vector<double> integer_ms, real_ms;
  int64_t bit_equal = 0;
  int64_t compared = 0;
};

Result<std::unique_ptr<NativeExecutor>> RunnerOf(Result<NativeNet> net, Isa isa, int threads) {
  if (!net) return Fail(std::move(net.error()));
  return NativeExecutor::Make(std::move(*net), isa, threads);
}

Result<TwinNets> OpenTwins(const std::string& spec, const std::string& pictures, int threads, const AnalysisContext& context) {
  TW_ASSIGN(const std::string file, StudyNetFile(spec, context));
  TwinNets twins{.name = spec.substr(spec.rfind('/') + 1)};
  TW_ASSIGN(twins.card, FindCard(file, ""));
  TW_ASSIGN(const TfliteModel whole, ReadTflite(file));
  TW_ASSIGN(const TfliteModel model, LogitsOf(whole));
  TW_ASSIGN(const OnnxModel real, TfliteToOnnx(model));
  TW_ASSIGN(const Isa isa, SelectIsa());
  TW_ASSIGN(twins.integer, RunnerOf(NativeFromTflite(model), isa, threads));
  TW_ASSIGN(twins.reference, RunnerOf(NativeFromTflite(model), Isa::kGeneric, threads));
  TW_ASSIGN(twins.real, RunnerOf(NativeFromOnnx(real, {}), isa, threads));
  const NativeNet& net = twins.integer->net();
  TW_RETURN_IF_ERROR(net.CheckIntegerOnly(net.outputs[0].value));
  const Quantization& q = net.values[static_cast<size_t>(net.inputs[0].value)].quantization;
  twins.scale = q.scale;
  twins.zero_point = q.zero_point;
  TW_ASSIGN(const Workload workload, StudyPictures(pictures, twins.card, context));
  for (const Sample& sample : workload.recalled) twins.pictures.push_back(sample.id);
  return twins;
}

// The bytes as what they stand for, N, C, H, W.
Tensor RealInput(const TwinNets& twins, const Tensor& bytes) {
  Tensor real = Tensor::Of<float>(twins.real->net().inputs[0].edge.shape);
  const int64_t pixels = bytes.shape[1] * bytes.shape[2], channels = bytes.shape[3];
  for (int64_t i = 0; i < pixels * channels; ++i) {
    const auto raw = bytes.data[static_cast<size_t>(i)];
    const int32_t q = bytes.type == ElementType::kInt8 ? static_cast<int8_t>(raw) : static_cast<uint8_t>(raw);
    real.Values<float>()[static_cast<size_t>(i % channels * pixels + i / channels)] =
        twins.scale * static_cast<float>(q - twins.zero_point);
  }
  return real;
}

// The greatest logit's place; of equal ones the first.
int64_t GreatestOf(const Tensor& logits) {
  int64_t best = 0;
  const auto at = [&](int64_t i) {
    const auto raw = logits.data[static_cast<size_t>(i)];
    return logits.type == ElementType::kFloat  ? static_cast<double>(logits.Values<float>()[static_cast<size_t>(i)])
           : logits.type == ElementType::kInt8 ? static_cast<double>(static_cast<int8_t>(raw))
                                               : static_cast<double>(static_cast<uint8_t>(raw));
  };
  for (int64_t i = 1; i < logits.values(); ++i) best = at(i) > at(best) ? i : best;
  return best;
}

struct TimedRun {
  Tensor logits;
  double ms = 0;
};
Result<TimedRun> RunTimed(NativeExecutor& executor, const Tensor& input) {
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(std::vector<Tensor> outputs, executor.Run({&input, 1}));
  return TimedRun{std::move(outputs[0]), (RealClock().Now() - start).ms()};
}

// One picture by both, the first to run taking turns.
Result<void> LookAtPicture(const TwinNets& twins, size_t number, bool compare, TwinRuns& runs) {
  const PictureRef picture = ParseSampleId(twins.pictures[number]);
  TW_ASSIGN(const Image image, ReadPicture(picture));
  TW_ASSIGN(const Tensor bytes, PictureTensor(image, twins.card.input, twins.integer->net().inputs[0].edge));
  const Tensor numbers = RealInput(twins, bytes);
  TimedRun integer, real;
  for (const size_t turn : {number, number + 1}) {
    const bool whole = turn % 2 == 0;
    TW_ASSIGN((whole ? integer : real), RunTimed(whole ? *twins.integer : *twins.real, whole ? bytes : numbers));
  }
  const int64_t said = GreatestOf(integer.logits) + twins.card.first_label, twin_said = GreatestOf(real.logits) + twins.card.first_label;
  runs.integer_right.push_back(said == picture.label ? 1 : 0);
  runs.real_right.push_back(twin_said == picture.label ? 1 : 0);
  runs.agree.push_back(said == twin_said ? 1 : 0);
  runs.integer_ms.push_back(integer.ms);
  runs.real_ms.push_back(real.ms);
  if (!compare) return {};
  TW_ASSIGN(const TimedRun reference, RunTimed(*twins.reference, bytes));
  ++runs.compared;
  runs.bit_equal += reference.logits.data == integer.logits.data ? 1 : 0;
  return {};
}

Result<TwinRuns> LookAtAll(const TwinNets& twins, size_t compared, const std::function<void(double)>& tell) {
  TwinRuns runs;
  for (size_t i = 0; i < twins.pictures.size(); ++i) {
    if (i % 16 == 0) tell(static_cast<double>(i) / static_cast<double>(twins.pictures.size()));
    TW_RETURN_IF_ERROR(LookAtPicture(twins, i, i < compared, runs));
  }
  return runs;
}

// What the curve of whole numbers gives where the real one stands: between its points in the logarithm of milliseconds, flat beyond them.
// The nets are in the order of their times. `net` is the real one; the result is one value a picture: points gained.
std::vector<double> GainAt(const std::vector<TwinRuns>& nets, size_t net) {
  const double ms = Median(nets[net].real_ms);
  std::vector<double> gain(nets[net].real_right.size());
  size_t above = 0;
  while (above < nets.size() && Median(nets[above].integer_ms) <= ms) ++above;
  const size_t low = above == 0 ? 0 : above - 1, high = std::min(above, nets.size() - 1);
  double share = 0;
  if (low != high) {
    const double begin = std::log(Median(nets[low].integer_ms)), end = std::log(Median(nets[high].integer_ms));
    share = (std::log(ms) - begin) / (end - begin);
  }
  for (size_t i = 0; i < gain.size(); ++i) {
    const double integer = (1 - share) * nets[low].integer_right[i] + share * nets[high].integer_right[i];
    gain[i] = 100 * (integer - nets[net].real_right[i]);
  }
  return gain;
}

Number MeanOf(const std::string& name, const std::vector<double>& values) {
  return {name, Mean(values), BootstrapInterval(values, {.confidence = kStudyConfidence})};
}

void TellTwins(const TwinNets& twins, const TwinRuns& runs, Finding& finding) {
  const Interval ratio = RatioInterval(runs.real_ms, runs.integer_ms, Pairing::kPaired, {.statistic = Statistic::kMedian});
  const Interval agree = BootstrapInterval(runs.agree, {.confidence = kStudyConfidence});
  char line[400];
  std::snprintf(
      line, sizeof line,
      "%s: whole numbers %.3f ms, top-1 %.1f; real ones %.3f ms (%.2f to %.2f times as long), top-1 %.1f; the same class for %.3f (%.3f "
      "to %.3f); %lld of %lld compared have the reference's bits; no float operation before the logits",
      twins.name.c_str(), Median(runs.integer_ms), 100 * Mean(runs.integer_right), Median(runs.real_ms), ratio.low, ratio.high,
      100 * Mean(runs.real_right), Mean(runs.agree), agree.low, agree.high, static_cast<long long>(runs.bit_equal),
      static_cast<long long>(runs.compared));
  finding.detail.emplace_back(line);
}

// The curve of whole numbers above the real one, at the times of the real one's points, on average.
std::vector<double> GainOver(std::vector<TwinRuns> nets) {
  std::sort(nets.begin(), nets.end(), [](const TwinRuns& a, const TwinRuns& b) { return Median(a.integer_ms) < Median(b.integer_ms); });
  std::vector<double> gain(nets[0].agree.size());
  for (size_t n = 0; n < nets.size(); ++n) {
    const std::vector<double> gained = GainAt(nets, n);
    for (size_t i = 0; i < gain.size(); ++i) gain[i] += gained[i] / static_cast<double>(nets.size());
  }
  return gain;
}

// The numbers over all nets, of which the first `curve` make the curve; `nets` has at least one.
std::vector<Number> NumbersOver(const std::vector<TwinRuns>& nets, size_t curve) {
  const std::vector<double> gain = GainOver({nets.begin(), nets.begin() + static_cast<std::ptrdiff_t>(std::min(curve, nets.size()))});
  std::vector<double> agree(gain.size()), lost(gain.size());
  double slowest = INFINITY;
  int64_t equal = 0, compared = 0;
  const double share = 1 / static_cast<double>(nets.size());
  Interval least{INFINITY, INFINITY, kStudyConfidence};
  for (size_t n = 0; n < nets.size(); ++n) {
    for (size_t i = 0; i < agree.size(); ++i) {
      agree[i] += share * nets[n].agree[i];
      lost[i] += share * 100 * (nets[n].real_right[i] - nets[n].integer_right[i]);
    }
    equal += nets[n].bit_equal;
    compared += nets[n].compared;
    const double ratio = Median(nets[n].real_ms) / Median(nets[n].integer_ms);
    if (ratio >= slowest) continue;
    slowest = ratio;
    least = RatioInterval(nets[n].real_ms, nets[n].integer_ms, Pairing::kPaired, {.statistic = Statistic::kMedian});
  }
  const double bits = compared == 0 ? 0 : static_cast<double>(equal) / static_cast<double>(compared);
  const auto count = static_cast<double>(nets.size());
  return {MeanOf("gain_at_equal_ms", gain),
          {"least_speedup", slowest, least},
          MeanOf("points_lost", lost),
          MeanOf("agreement", agree),
          {"bit_equal", bits, {bits, bits, kStudyConfidence}},
          {"integer_only_nets", count, {count, count, kStudyConfidence}}};
}

Result<Finding> AnalyseIntegerOnly(Parameters& with, const AnalysisContext& context) {
  const std::vector<std::string> nets = with.List("nets", "");
  const std::string pictures = with.Text("pictures", "vision/imagenet-samples,1000");
  TW_ASSIGN(const int64_t compared, with.Integer("compared", 10, 1, 1'000'000));
  TW_ASSIGN(const int64_t curve, with.Integer("curve", 64, 1, 64));
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  TW_RETURN_IF_ERROR(with.CheckAllRead());
  if (nets.empty()) return Fail(Status(StatusCode::kInvalidInput, "no net is named").At("nets"));
  Finding finding;
  std::vector<TwinRuns> all;
  for (const std::string& spec : nets) {
    TW_ASSIGN(const TwinNets twins, OpenTwins(spec, pictures, static_cast<int>(threads), context));
    TW_ASSIGN(TwinRuns runs, LookAtAll(twins, static_cast<size_t>(compared), [&](double share) {
                context.Tell((static_cast<double>(all.size()) + share) / static_cast<double>(nets.size()), twins.name);
              }));
    TellTwins(twins, runs, finding);
    all.push_back(std::move(runs));
  }
  finding.numbers = NumbersOver(all, static_cast<size_t>(curve));
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  return finding;
}

}  // namespace

void RegisterIntegerOnlyAnalysis(Registry<Analysis>& registry);
void RegisterIntegerOnlyAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "integer_only",
      {.kind = ClaimKind::kFrontier,
       .summary =
           "Quantised TFLite `nets` in whole numbers beside their twins of real ones, picture by picture in turns, on `pictures`, with "
           "`threads`; the first `compared` also by the portable kernels, for the bits. A net that computes with floats before its "
           "logits is an error. Numbers: gain_at_equal_ms (points of top-1 of the curve of whole numbers, through the first `curve` "
           "nets, above the real one's at its times, on average), least_speedup, points_lost, agreement, bit_equal, integer_only_nets.",
       .run = AnalyseIntegerOnly});
}

}  // namespace tradewind
