// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/search.h"

#include <algorithm>

namespace tradewind {
namespace {

// Tells of one search's course, trial by trial.
class Course {
 public:
  Course(const SearchOptions& options, size_t total) : options_(options), total_(total), start_(RealClock().Now()) {}

  double Seconds() const { return (RealClock().Now() - start_).seconds(); }
  // The mean of the trials measured so far; 0 before the first.
  double TrialSeconds() const { return measured_ == 0 ? 0 : measured_seconds_ / static_cast<double>(measured_); }
  bool TimeForAnother() const { return !options_.time || Seconds() + TrialSeconds() <= options_.time->seconds(); }

  void Tell(const std::string& what, double share) const {
    if (!options_.progress) return;
    const auto open = static_cast<double>(total_ > done_ ? total_ - done_ : 0) - share;
    const double left = measured_ == 0 ? -1 : open * TrialSeconds();
    options_.progress({done_, total_, share, Seconds(), left, what});
  }
  void Finish(bool measured, double seconds) {
    ++done_;
    if (!measured) return;
    ++measured_;
    measured_seconds_ += seconds;
  }

 private:
  const SearchOptions& options_;
  size_t total_;
  TimePoint start_;
  size_t done_ = 0;
  size_t measured_ = 0;
  double measured_seconds_ = 0;
};

}  // namespace

Result<SearchResult> RunSearch(Tunable& tunable, const Workload& workload, ProfileStore& store, Strategy& strategy,
                               const SearchOptions& options) {
  TW_ASSIGN(Runner runner, Runner::Make(tunable, workload, store));
  SearchResult result;
  result.axes = DefaultAxes(workload.primary_metric);
  Course course(options, strategy.TotalTrials().value_or(0));
  for (std::vector<Setting> next = strategy.Propose(1); !next.empty(); next = strategy.Propose(1)) {
    const Setting& setting = next[0];
    course.Tell(setting.Text(), 0);
    TW_ASSIGN(std::optional<TrialRecord> record, runner.Find(setting));
    const bool measure = !record.has_value();
    if (measure) {
      if (!course.TimeForAnother()) {
        ++result.left_out;
        continue;
      }
      MeasureOptions trial_options = options.measure;
      trial_options.progress = [&](const std::string&, double share) { course.Tell(setting.Text(), share); };
      TW_ASSIGN(record, runner.Measure(setting, trial_options));
    }
    course.Finish(measure, record->seconds);
    ++(measure ? result.measured : result.reused);
    TW_ASSIGN(Point point, ToPoint(*record, tunable.knobs()));
    strategy.Observe(point);
    const auto same = [&](const TrialRecord& other) { return other.key == record->key; };
    if (std::none_of(result.trials.begin(), result.trials.end(), same)) {
      result.trials.push_back(std::move(*record));
      result.points.push_back(std::move(point));
    }
  }
  course.Tell("done", 0);
  result.frontier = ComputeFrontier(result.points, result.axes);
  return result;
}

}  // namespace tradewind
