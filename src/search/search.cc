// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/search.h"

#include <memory>
#include <mutex>
#include <set>

#include "search/loop.h"

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

// Evaluates settings, of which the store has some; the calls may come from several threads.
class Trials {
 public:
  static Result<Trials> Make(Tunable& tunable, const Workload& workload, ProfileStore& store, const SearchOptions& options, size_t total) {
    Trials trials(options, total);
    for (size_t i = 0; i < options.parallel; ++i) {
      TW_ASSIGN(Runner runner, Runner::Make(tunable, workload, store));
      trials.runners_.push_back(std::make_unique<Runner>(std::move(runner)));
    }
    trials.knobs_ = tunable.knobs();
    return trials;
  }

  Result<std::optional<Point>> Evaluate(const Setting& setting) {
    std::unique_ptr<Runner> runner;
    {
      const std::scoped_lock lock(*mutex_);
      course_.Tell(setting.Text(), 0);
      runner = std::move(runners_.back());
      runners_.pop_back();
    }
    Result<std::optional<TrialRecord>> record = RecordOf(*runner, setting);
    const std::scoped_lock lock(*mutex_);
    runners_.push_back(std::move(runner));
    if (!record) return Fail(record.error());
    if (!*record) return std::optional<Point>();
    TW_ASSIGN(Point point, ToPoint(**record, knobs_));
    records_.push_back(std::move(**record));
    return std::optional<Point>(std::move(point));
  }

  Course& course() { return course_; }
  size_t measured() const { return measured_; }
  size_t reused() const { return reused_; }
  std::vector<TrialRecord> TakeRecords() { return std::move(records_); }

 private:
  Trials(const SearchOptions& options, size_t total) : options_(options), course_(options, total) {}

  // The stored trial or a new one; absent where there is no time for one.
  Result<std::optional<TrialRecord>> RecordOf(Runner& runner, const Setting& setting) {
    TW_ASSIGN(std::optional<TrialRecord> record, runner.Find(setting));
    const bool measure = !record.has_value();
    if (measure) {
      {
        const std::scoped_lock lock(*mutex_);
        if (!course_.TimeForAnother()) return record;
      }
      MeasureOptions trial_options = options_.measure;
      trial_options.progress = [&](const std::string&, double share) {
        const std::scoped_lock lock(*mutex_);
        course_.Tell(setting.Text(), share);
      };
      TW_ASSIGN(record, runner.Measure(setting, trial_options));
    }
    const std::scoped_lock lock(*mutex_);
    course_.Finish(measure, record->seconds);
    ++(measure ? measured_ : reused_);
    return record;
  }

  const SearchOptions& options_;
  Course course_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  std::vector<std::unique_ptr<Runner>> runners_;  // idle ones
  std::span<const Knob> knobs_;
  std::vector<TrialRecord> records_;
  size_t measured_ = 0;
  size_t reused_ = 0;
};

// Why a point does not compete; empty if it does.
std::string Barred(const Point& point, const SearchGoal& goal, const std::optional<KnobValue>& truest) {
  if (truest) {
    const KnobValue* value = point.setting.Find(goal.fidelity);
    if (value != nullptr && !(*value == *truest)) return goal.fidelity + " below " + ToText(*truest);
  }
  for (const Constraint& c : goal.constraints) {
    const Measurement* m = point.Find(c.metric);
    const bool upper = c.direction == Direction::kLowerIsBetter;
    if (m == nullptr) return c.metric + " unknown";
    if (upper ? m->value > c.limit : m->value < c.limit) return c.metric + (upper ? " over " : " under ") + ToText(KnobValue(c.limit));
  }
  return "";
}

}  // namespace

std::vector<FrontierEntry> FrontierOf(std::span<const Point> points, const SearchGoal& goal, const std::optional<KnobValue>& truest) {
  std::vector<FrontierEntry> entries(points.size());
  std::vector<size_t> competing;
  std::vector<Point> competitors;
  for (size_t i = 0; i < points.size(); ++i) {
    entries[i].point = i;
    entries[i].barred = Barred(points[i], goal, truest);
    if (!entries[i].barred.empty()) continue;
    competing.push_back(i);
    competitors.push_back(points[i]);
  }
  for (const FrontierEntry& entry : ComputeFrontier(competitors, goal.axes)) {
    if (entry.dominated_by) entries[competing[entry.point]].dominated_by = competing[*entry.dominated_by];
  }
  return entries;
}

Result<SearchResult> RunSearch(Tunable& tunable, const Workload& workload, ProfileStore& store, Strategy& strategy,
                               const SearchOptions& options) {
  if (options.parallel > 1 && !tunable.side_by_side()) {
    return Fail(Status(StatusCode::kUnsupported, "trials of " + std::string(tunable.name()) +
                                                     " time this machine, and would disturb each other side by side; leave --parallel out")
                    .At("--parallel"));
  }
  SearchResult result;
  SearchGoal goal = options.goal;
  if (goal.axes.empty()) goal.axes = AxesOf(workload);
  result.axes = goal.axes;
  TW_ASSIGN(Trials trials, Trials::Make(tunable, workload, store, options, strategy.TotalTrials().value_or(0)));
  LoopOptions loop{.trials = options.trials, .parallel = options.parallel};
  TW_ASSIGN(const LoopResult looped, RunTrials(strategy, loop, [&](const Setting& setting) { return trials.Evaluate(setting); }));
  trials.course().Tell("done", 0);
  result.left_out = looped.left_out;
  result.measured = trials.measured();
  result.reused = trials.reused();
  // Different proposals may come to one setting.
  std::set<std::string> seen;
  for (TrialRecord& record : trials.TakeRecords()) {
    if (!seen.insert(record.key.setting).second) continue;
    TW_ASSIGN(Point point, ToPoint(record, tunable.knobs()));
    result.trials.push_back(std::move(record));
    result.points.push_back(std::move(point));
  }
  result.frontier = FrontierOf(result.points, goal, options.truest);
  return result;
}

}  // namespace tradewind
