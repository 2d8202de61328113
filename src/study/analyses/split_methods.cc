// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The methods of split computing beside each other on one link: what each keeps of the accuracy, sends, takes, and costs in energy.
#include <algorithm>
#include <cstdio>
#include <set>

#include "collab/cut_profile.h"
#include "collab/energy_model.h"
#include "stats/bootstrap.h"
#include "stats/grouped_bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/fit_exits.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

// Of the methods that need nothing but the net: first those of one device, then the splits, of which the last two are int8+zlib and
// int4+zlib.
constexpr size_t kEnds = 4, kPlain = 8;

struct LabelledPictures {
  std::vector<Image> images{};
  std::vector<int64_t> labels{};
};

Result<LabelledPictures> ReadLabelled(const std::string& spec, const ModelCard& card, const AnalysisContext& context) {
  TW_ASSIGN(const Workload workload, StudyPictures(spec, card, context));
  LabelledPictures pictures;
  for (const Sample& sample : workload.recalled) {
    const PictureRef ref = ParseSampleId(sample.id);
    TW_ASSIGN(pictures.images.emplace_back(), ReadPicture(ref));
    pictures.labels.push_back(ref.label);
  }
  return pictures;
}

struct SplitMethod {
  std::string kind;  // of the survey's taxonomy
  SplitNet* net;
  SplitPlan plan;
};
struct MethodResult {
  std::vector<double> right{};  // 1 or 0 a picture
  std::vector<double> latency_ms{};
  double sent_bytes = 0, energy_mj = 0, offloaded = 0;  // means
};

Result<MethodResult> TryMethod(const SplitMethod& method, const LabelledPictures& pictures, const SplitConditions& conditions, size_t timed,
                               const EnergyModel& energy) {
  MethodResult result;
  SplitNet& net = *method.net;
  const auto each = 1 / static_cast<double>(pictures.images.size());
  TW_RETURN_IF_ERROR(net.SetConditions({}));
  std::vector<double> sent, received;
  for (size_t i = 0; i < pictures.images.size(); ++i) {
    TW_ASSIGN(const SplitAnswer answer, net.Look(pictures.images[i], method.plan));
    const VisionResult seen = ResultOf(answer.scores, net.model().card);
    result.right.push_back(seen.labels[0].label == pictures.labels[i] ? 1 : 0);
    result.sent_bytes += each * static_cast<double>(answer.sent_bytes);
    result.offloaded += answer.offloaded ? each : 0;
  }
  TW_RETURN_IF_ERROR(net.SetConditions(conditions));
  for (size_t k = 0; k < timed; ++k) {
    TW_ASSIGN(const SplitAnswer answer, net.Look(pictures.images[k * pictures.images.size() / timed], method.plan));
    result.latency_ms.push_back(answer.whole.ms());
    result.energy_mj += Energy_mj(energy, answer.device.ms(), static_cast<double>(answer.sent_bytes),
                                  static_cast<double>(answer.received_bytes), conditions.link.bandwidth_bytes_per_s) /
                        static_cast<double>(timed);
  }
  return result;
}

std::string MethodLine(const SplitMethod& method, const MethodResult& r) {
  const auto right = static_cast<int64_t>(Mean(r.right) * static_cast<double>(r.right.size()) + 0.5);
  const Interval top1 = WilsonInterval(right, static_cast<int64_t>(r.right.size()), kStudyConfidence);
  const Interval latency = MeanInterval(r.latency_ms, kStudyConfidence);
  char line[400];
  std::snprintf(line, sizeof line,
                "%s, cut %s, %s: top1 %.3f (%.3f to %.3f), %.0f B sent, %.0f %% offloaded, %.1f ms (%.1f to %.1f), %.0f mJ modelled",
                method.kind.c_str(), method.plan.cut.c_str(), std::string(CodingName(method.plan.coding)).c_str(), Mean(r.right), top1.low,
                top1.high, r.sent_bytes, 100 * r.offloaded, Mean(r.latency_ms), latency.low, latency.high, r.energy_mj);
  return line;
}

// The edge that is fastest by what is predicted; the ends are no edges.
Result<std::string> BestEdge(SplitNet& net, const LabelledPictures& pictures, const SplitConditions& conditions) {
  const auto some = std::span(pictures.images).first(std::min<size_t>(4, pictures.images.size()));
  TW_ASSIGN(const CutProfile profile, ProfileCuts(net, some, Coding::kInt4Zlib, {}));
  const auto edges = std::span(profile.costs).subspan(2);
  if (edges.empty()) return Fail(StatusCode::kUnsupported, "the net has no edge where it can be cut");
  const PathState state{.bytes_per_s = conditions.link.bandwidth_bytes_per_s,
                        .round_trip_ms = 2 * conditions.link.delay_ms,
                        .device_load = conditions.device_load,
                        .worker_load = conditions.worker_load};
  return edges[PickCut(edges, state)].cut;
}

struct MethodStudy {
  SplitConditions conditions{};
  EnergyModel energy{};
  size_t timed = 10;
  LabelledPictures pictures{};
  std::vector<std::unique_ptr<SplitNet>> nets{};
  std::vector<SplitMethod> methods{};
};

Result<void> ReadConditions(Parameters& with, MethodStudy& study) {
  TW_ASSIGN(const double rate, with.Number("rate", 4, 0.001, 1e5));
  TW_ASSIGN(const double trip, with.Number("trip", 5, 0, 1e4));
  TW_ASSIGN(study.conditions.device_load, with.Number("device_load", 8, 1, 1000));
  TW_ASSIGN(study.conditions.worker_load, with.Number("load", 1, 1, 1000));
  study.conditions.link = {.bandwidth_bytes_per_s = rate * 125'000, .delay_ms = trip / 2};
  TW_ASSIGN(study.energy.radio, FindRadio(with.Text("radio", "wifi")));
  TW_ASSIGN(const int64_t timed, with.Integer("timed", 10, 2, 1000));
  study.timed = static_cast<size_t>(timed);
  return {};
}

// The methods that need nothing but the net.
Result<void> AddPlainMethods(Parameters& with, SplitModel model, MethodStudy& study) {
  TW_ASSIGN(auto opened, SplitNet::Open(std::move(model), {}));
  SplitNet* net = study.nets.emplace_back(std::move(opened)).get();
  std::string edge = with.Text("edge", "");
  if (edge.empty()) {
    TW_ASSIGN(edge, BestEdge(*net, study.pictures, study.conditions));
  }
  const std::string input(kCutAtInput);
  study.methods = {{"local", net, {.cut = std::string(kCutNone)}},
                   {"offload", net, {.cut = input, .coding = Coding::kF32}},
                   {"offload", net, {.cut = input, .coding = Coding::kInt8Zlib}},
                   {"offload", net, {.cut = input, .coding = Coding::kJpeg}},
                   {"split without bottleneck", net, {.cut = edge, .coding = Coding::kF32}},
                   {"split, quantised", net, {.cut = edge, .coding = Coding::kInt8}},
                   {"split, quantised", net, {.cut = edge, .coding = Coding::kInt8Zlib}},
                   {"split, quantised", net, {.cut = edge, .coding = Coding::kInt4Zlib}}};
  return {};
}

// An exit that is fitted here, and a net with a bottleneck that was trained elsewhere, where the study names them.
Result<void> AddTrainedMethods(Parameters& with, const SplitModel& model, MethodStudy& study, const AnalysisContext& context) {
  const std::string exit_pictures = with.Text("exit_pictures", ""), exit_edge = with.Text("exit_edge", study.methods.back().plan.cut);
  const std::vector<std::string> thresholds = with.List("exits", "0.8 0.95");
  if (!exit_pictures.empty()) {
    context.Tell(0, "fitting an exit");
    TW_ASSIGN(const LabelledPictures train, ReadLabelled(exit_pictures, model.card, context));
    TW_ASSIGN(OnnxModel fitted, FitExits(model.graph, model.card, train.images, {.at = {exit_edge}}));
    TW_ASSIGN(SplitModel with_exit, MakeSplitModel(std::move(fitted), model.card));
    TW_ASSIGN(auto opened, SplitNet::Open(std::move(with_exit), {}));
    SplitNet* net = study.nets.emplace_back(std::move(opened)).get();
    for (const std::string& threshold : thresholds) {
      study.methods.push_back({"early exit above " + threshold + ", else offload",
                               net,
                               {.cut = exit_edge, .coding = Coding::kInt8Zlib, .exit = std::strtod(threshold.c_str(), nullptr)}});
    }
  }
  const std::string narrow = with.Text("bottleneck_net", "");
  if (narrow.empty()) return {};
  TW_ASSIGN(const std::string file, StudyNetFile(narrow, context));
  TW_ASSIGN(SplitModel bottleneck, ReadSplitModel(file, ""));
  TW_ASSIGN(auto opened, SplitNet::Open(std::move(bottleneck), {}));
  SplitNet* net = study.nets.emplace_back(std::move(opened)).get();
  for (const Coding coding : {Coding::kF32, Coding::kInt8Zlib})
    study.methods.push_back({"split with bottleneck", net, {.cut = "bottleneck", .coding = coding}});
  return {};
}

// The fastest of the results from `first` to before `last`.
const MethodResult& FastestOf(const std::vector<MethodResult>& results, size_t first, size_t last) {
  size_t best = first;
  for (size_t i = first; i < last; ++i) best = Mean(results[i].latency_ms) < Mean(results[best].latency_ms) ? i : best;
  return results[best];
}

void AddNumbers(const std::vector<MethodResult>& results, size_t kinds, Finding& finding) {
  const MethodResult& local = results[0];
  std::vector<int64_t> ids(local.right.size());
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int64_t>(i);
  const auto kept = [&](const char* name, const MethodResult& split) {
    return Number{name, Mean(split.right) / Mean(local.right), ClusterRatioInterval(split.right, local.right, ids, {})};
  };
  const MethodResult &end = FastestOf(results, 0, kEnds), &split = FastestOf(results, kEnds, kPlain);
  const auto count = static_cast<double>(kinds);
  const double energy = split.energy_mj / end.energy_mj;
  finding.numbers = {
      {"methods", count, {count, count, kStudyConfidence}},
      kept("accuracy_kept", results[kPlain - 2]),
      kept("accuracy_kept_int4", results[kPlain - 1]),
      {"speedup", Mean(end.latency_ms) / Mean(split.latency_ms), RatioInterval(end.latency_ms, split.latency_ms, Pairing::kPaired, {})},
      {"energy_ratio", energy, {energy, energy, 0}}};
}

Result<Finding> AnalyseSplitMethods(Parameters& with, const AnalysisContext& context) {
  MethodStudy study;
  TW_RETURN_IF_ERROR(ReadConditions(with, study));
  TW_ASSIGN(const std::string file, StudyNetFile(with.Text("net", ""), context));
  TW_ASSIGN(const SplitModel model, ReadSplitModel(file, ""));
  TW_ASSIGN(study.pictures, ReadLabelled(with.Text("pictures", ""), model.card, context));
  TW_RETURN_IF_ERROR(AddPlainMethods(with, model, study));
  TW_RETURN_IF_ERROR(AddTrainedMethods(with, model, study, context));
  Finding finding;
  std::set<std::string> kinds;
  std::vector<MethodResult> results;
  for (const SplitMethod& method : study.methods) {
    context.Tell(static_cast<double>(results.size()) / static_cast<double>(study.methods.size()), method.kind);
    TW_ASSIGN(results.emplace_back(), TryMethod(method, study.pictures, study.conditions, study.timed, study.energy));
    finding.detail.push_back(MethodLine(method, results.back()));
    kinds.insert(method.kind.substr(0, method.kind.find(" above")));
  }
  AddNumbers(results, kinds.size(), finding);
  return finding;
}

}  // namespace

void RegisterSplitMethodsAnalysis(Registry<Analysis>& registry);
void RegisterSplitMethodsAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "split_methods",
      {.kind = ClaimKind::kCompare,
       .summary = "Ways of sharing `net` between a device `device_load` times as slow as this machine and a worker under `load`, over a "
                  "shaped socket of `rate` (Mbit/s) and `trip` (ms), on `pictures` (the first `timed` of an even share are timed under the "
                  "link): all here, all there (singles, bytes, JPEG), cut at `edge` (that of the least predicted latency) in several "
                  "codings; with `exit_pictures` an early exit fitted to these at `exit_edge`, which answers above `exits`; with "
                  "`bottleneck_net` a net with an edge that was trained narrow. Energy is modelled with the power of `radio`. Numbers: "
                  "methods (kinds), accuracy_kept (int8+zlib over all here), accuracy_kept_int4, speedup (the fastest end over the fastest "
                  "split), "
                  "energy_ratio (of these two, the other way round).",
       .run = AnalyseSplitMethods});
}

}  // namespace tradewind
