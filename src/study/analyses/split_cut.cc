// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The cut that is predicted to be fastest, beside the fastest of all cuts that are run, over links and loads.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "collab/cut_profile.h"
#include "collab/cut_race.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

constexpr double kBytesOfMbit = 125'000;
constexpr double kNear = 1.05;
constexpr int64_t kProfiled = 4;  // pictures that the profile is made of; the race runs on others

struct SplitGrid {
  std::vector<double> rates_mbit, trips_ms, loads;
  double device_load = 1;
  size_t size() const { return rates_mbit.size() * trips_ms.size() * loads.size(); }
};

Result<std::vector<double>> NumbersOf(Parameters& with, const std::string& name, const std::string& fallback) {
  std::vector<double> numbers;
  for (const std::string& text : with.List(name, fallback)) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is no number").At(name));
    numbers.push_back(value);
  }
  return numbers;
}

// What one triple came to.
struct TripleResult {
  size_t pick = 0, best = 0;
  double ratio = 1;  // the pick's latency over the best's
  Interval interval{1, 1, kStudyConfidence};
  bool middle_wins = false;  // an edge beats both ends by intervals
  bool beats_jpeg = false;   // and a JPEG picture that is sent
};

class CutStudy {
 public:
  CutStudy(std::unique_ptr<SplitNet> net, std::vector<Image> pictures, Coding coding, RaceOptions race)
      : net_(std::move(net)), pictures_(std::move(pictures)), coding_(coding), race_(race) {}

  Result<void> Profile(size_t most_edges) {
    const auto profiled = std::span(pictures_).first(std::min<size_t>(kProfiled, pictures_.size()));
    TW_ASSIGN(profile_, ProfileCuts(*net_, profiled, coding_, {.most_edges = most_edges, .runs = 7}));
    for (const CutCost& cost : profile_.costs) plans_.push_back({.cut = cost.cut, .coding = coding_});
    jpeg_ = plans_.size();
    plans_.push_back({.cut = std::string(kCutAtInput), .coding = Coding::kJpeg});
    return {};
  }

  Result<TripleResult> Run(const SplitConditions& conditions) {
    TW_RETURN_IF_ERROR(net_->SetConditions(conditions));
    TripleResult result;
    TW_ASSIGN(state_, ProbePath(*net_, profile_, pictures_[0]));
    result.pick = PickCut(profile_.costs, state_);
    const auto raced = std::span(pictures_).last(pictures_.size() - std::min<size_t>(kProfiled, pictures_.size() - 1));
    TW_ASSIGN(times_, RaceCuts(*net_, plans_, raced, race_));
    const auto cuts = std::span(times_).first(jpeg_);
    result.best = FastestPlan(cuts);
    const std::vector<double>&ours = cuts[result.pick].latency_ms, &theirs = cuts[result.best].latency_ms;
    result.ratio = Median(ours) / Median(theirs);
    if (result.pick != result.best) {
      const auto both = std::min(ours.size(), theirs.size());
      result.interval = RatioInterval(std::span(ours).first(both), std::span(theirs).first(both), Pairing::kPaired, {});
    }
    for (size_t i = 2; i < jpeg_; ++i) {  // behind none and input
      const bool wins = Below(i, 0) && Below(i, 1);
      result.middle_wins |= wins;
      result.beats_jpeg |= wins && Below(i, jpeg_);
    }
    return result;
  }

  std::string Line(const SplitConditions& c, const TripleResult& r) const {
    char line[400];
    std::snprintf(line, sizeof line,
                  "%g Mbit/s, %g ms, load %g (found: %.3g, %.3g, %.3g): picked %s, %.1f ms; fastest %s, %.1f ms; all here %.1f, all there "
                  "%.1f, as JPEG %.1f%s",
                  c.link.bandwidth_bytes_per_s / kBytesOfMbit, 2 * c.link.delay_ms, c.worker_load, state_.bytes_per_s / kBytesOfMbit,
                  state_.round_trip_ms, state_.worker_load, plans_[r.pick].cut.c_str(), Typical(r.pick), plans_[r.best].cut.c_str(),
                  Typical(r.best), Typical(0), Typical(1), Typical(jpeg_), r.middle_wins ? "; an edge beats both ends" : "");
    return line;
  }
  std::string ProfileLine() const {
    std::string line = "cuts (ms here, ms there, bytes):";
    for (const CutCost& c : profile_.costs) {
      char one[200];
      std::snprintf(one, sizeof one, " %s (%.2f, %.2f, %.0f)", c.cut.c_str(), c.device_ms, c.worker_ms, c.sent_bytes);
      line += one;
    }
    return line;
  }

 private:
  double Typical(size_t plan) const { return Median(times_[plan].latency_ms); }
  // On the same pictures, in turns: the mean of the differences is surely below 0. One that was put aside at once, as no noise explains how
  // far behind it is, has too few for that.
  bool Below(size_t a, size_t b) const {
    const std::vector<double>&ours = times_[a].latency_ms, &theirs = times_[b].latency_ms;
    std::vector<double> differences;
    for (size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) differences.push_back(ours[i] - theirs[i]);
    if (differences.size() >= 3) return MeanInterval(differences, kStudyConfidence).high < 0;
    return *std::max_element(ours.begin(), ours.end()) < *std::min_element(theirs.begin(), theirs.end());
  }

  std::unique_ptr<SplitNet> net_;
  std::vector<Image> pictures_;
  Coding coding_;
  RaceOptions race_;
  CutProfile profile_{};
  std::vector<SplitPlan> plans_{};  // of the profile's costs, then the JPEG picture
  size_t jpeg_ = 0;
  PathState state_{};               // as the last probe found it
  std::vector<PlanTimes> times_{};  // of the last race
};

Result<CutStudy> OpenCutStudy(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const Coding coding, FindCoding(with.Text("coding", "int8+zlib")));
  TW_ASSIGN(const int64_t rounds, with.Integer("rounds", 6, 3, 100));
  TW_ASSIGN(const int64_t edges, with.Integer("edges", 8, 1, 100));
  TW_ASSIGN(const std::string file, StudyNetFile(with.Text("net", ""), context));
  TW_ASSIGN(SplitModel model, ReadSplitModel(file, ""));
  TW_ASSIGN(const Workload workload, StudyPictures(with.Text("pictures", ""), model.card, context));
  std::vector<Image> pictures;
  for (const Sample& sample : workload.recalled) {
    TW_ASSIGN(pictures.emplace_back(), ReadPicture(ParseSampleId(sample.id)));
  }
  TW_ASSIGN(std::unique_ptr<SplitNet> net, SplitNet::Open(std::move(model), {}));
  CutStudy study(std::move(net), std::move(pictures), coding, {.rounds = static_cast<int>(rounds)});
  context.Tell(0, "profiling");
  TW_RETURN_IF_ERROR(study.Profile(static_cast<size_t>(edges)));
  return study;
}

Result<SplitGrid> GridOf(Parameters& with) {
  SplitGrid grid;
  TW_ASSIGN(grid.rates_mbit, NumbersOf(with, "rates", "1 2 4 8 16 64"));
  TW_ASSIGN(grid.trips_ms, NumbersOf(with, "trips", "5 40"));
  TW_ASSIGN(grid.loads, NumbersOf(with, "loads", "1 4"));
  TW_ASSIGN(grid.device_load, with.Number("device_load", 8, 1, 1000));
  if (grid.size() == 0) return Fail(Status(StatusCode::kInvalidInput, "no triple of rate, trip and load").At("rates"));
  return grid;
}

// A count whose ends are what is certain and what is possible.
Number CountOf(std::string name, size_t value, size_t certain, size_t possible) {
  return {std::move(name), static_cast<double>(value), {static_cast<double>(certain), static_cast<double>(possible), kStudyConfidence}};
}

Result<Finding> AnalyseSplitCut(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const SplitGrid grid, GridOf(with));
  TW_ASSIGN(CutStudy study, OpenCutStudy(with, context));
  Finding finding;
  finding.detail.push_back(study.ProfileLine());
  size_t done = 0, within = 0, certain = 0, possible = 0, wins = 0, over_jpeg = 0;
  double worst = 1;
  for (const double rate : grid.rates_mbit) {
    for (const double trip : grid.trips_ms) {
      for (const double load : grid.loads) {
        const SplitConditions conditions{.link = {.bandwidth_bytes_per_s = rate * kBytesOfMbit, .delay_ms = trip / 2},
                                         .device_load = grid.device_load,
                                         .worker_load = load};
        TW_ASSIGN(const TripleResult r, study.Run(conditions));
        finding.detail.push_back(study.Line(conditions, r));
        within += r.ratio <= kNear ? 1 : 0;
        certain += r.ratio <= kNear && r.interval.high <= kNear ? 1 : 0;
        possible += r.ratio <= kNear || r.interval.low <= kNear ? 1 : 0;
        wins += r.middle_wins ? 1 : 0;
        over_jpeg += r.beats_jpeg ? 1 : 0;
        worst = std::max(worst, r.ratio);
        context.Tell(static_cast<double>(++done) / static_cast<double>(grid.size()), finding.detail.back());
      }
    }
  }
  const double share = static_cast<double>(within) / static_cast<double>(done);
  finding.numbers = {CountOf("triples_within", within, certain, possible),
                     {"within_share", share, WilsonInterval(static_cast<int64_t>(within), static_cast<int64_t>(done), kStudyConfidence)},
                     CountOf("middle_wins", wins, wins, wins),
                     CountOf("middle_beats_jpeg", over_jpeg, over_jpeg, over_jpeg),
                     {"worst_ratio", worst, {worst, worst, kStudyConfidence}}};
  return finding;
}

}  // namespace

void RegisterSplitCutAnalysis(Registry<Analysis>& registry);
void RegisterSplitCutAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "split_cut",
      {.kind = ClaimKind::kCompare,
       .summary =
           "`net` split between two processes over a shaped socket, for every triple of `rates` (Mbit/s), `trips` (ms) and "
           "worker's `loads`, on a device `device_load` times as slow as this machine: the cut that is predicted to be "
           "fastest beside the fastest of `edges` cuts that are run `rounds` times on `pictures`, coded by `coding`. "
           "Numbers: triples_within (5 % of the fastest; its interval has what is certain and what possible), "
           "within_share, middle_wins (triples where an edge beats both ends by intervals of paired differences), middle_beats_jpeg (and "
           "a JPEG picture that is sent, too), worst_ratio.",
       .run = AnalyseSplitCut});
}

}  // namespace tradewind
