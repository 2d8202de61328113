// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "search/loop.h"
#include "store/trial_notes.h"

namespace tradewind {
namespace {

// Tells of one search's course, trial by trial.
class Course {
 public:
  Course(const SearchOptions& options, size_t total) : options_(options), total_(total), start_(RealClock().Now()) {}

  double Seconds() const { return (RealClock().Now() - start_).seconds(); }
  // The mean of the trials measured so far, and of what passed between trials, in which the strategy thinks; 0 before the first.
  double TrialSeconds() const {
    if (measured_ == 0) return 0;
    const double between = std::max(0.0, Seconds() - measured_seconds_) / static_cast<double>(done_);
    return measured_seconds_ / static_cast<double>(measured_) + between;
  }
  bool TimeFor(size_t trials) const {
    return !options_.time || Seconds() + TrialSeconds() * static_cast<double>(trials) <= options_.time->seconds();
  }

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
  static Result<Trials> Make(Tunable& tunable, const Workload& workload, ProfileStore& store, const SearchOptions& options,
                             const SearchGoal& goal, size_t total) {
    Trials trials(options, total);
    for (const Axis& axis : goal.axes) trials.needed_.push_back(axis.metric);
    for (const Constraint& constraint : goal.constraints) trials.needed_.push_back(constraint.metric);
    for (size_t i = 0; i < options.parallel; ++i) {
      TW_ASSIGN(Runner runner, Runner::Make(tunable, workload, store));
      trials.runners_.push_back(std::make_unique<Runner>(std::move(runner)));
    }
    trials.knobs_ = tunable.knobs();
    return trials;
  }

  Evaluation Evaluate(const Setting& setting) { return std::move(EvaluateInTurn({setting}).front()); }

  // Those that share an instance are timed in turn, the others one after the other.
  std::vector<Evaluation> EvaluateInTurn(const std::vector<Setting>& settings) {
    std::unique_ptr<Runner> runner;
    {
      const std::scoped_lock lock(*mutex_);
      course_.Tell(settings.front().Text(), 0);
      runner = std::move(runners_.back());
      runners_.pop_back();
    }
    std::vector<Evaluation> outcomes(settings.size(), std::optional<Point>{});
    std::vector<size_t> open;
    for (size_t i = 0; i < settings.size(); ++i) {
      Result<std::optional<TrialRecord>> stored = runner->Find(settings[i]);
      if (!stored && stored.error().code() == StatusCode::kInvalidInput) {  // not of this model, where the space holds several
        Refuse(settings[i], stored.error());
      } else if (!stored) {
        outcomes[i] = Fail(stored.error());
      } else if (*stored && Suffices(**stored)) {
        outcomes[i] = Keep(std::move(**stored), false);
      } else {
        open.push_back(i);
      }
    }
    if (auto begun = Begin(settings, open); !begun) {
      outcomes.front() = Fail(std::move(begun).error());
      open.clear();
    }
    while (!open.empty()) {
      std::vector<size_t> group, rest;
      for (const size_t i : open) {
        const bool shared = group.empty() || runner->ShareInstance(settings[group[0]], settings[i]).value_or(false);
        (shared ? group : rest).push_back(i);
      }
      MeasureGroup(*runner, settings, group, outcomes);
      open = std::move(rest);
    }
    const std::scoped_lock lock(*mutex_);
    runners_.push_back(std::move(runner));
    return outcomes;
  }

  Course& course() { return course_; }
  size_t measured() const { return measured_; }
  size_t reused() const { return reused_; }
  std::vector<TrialRecord> TakeRecords() { return std::move(records_); }
  std::vector<std::string> TakeRefused() { return std::move(refused_); }

 private:
  Trials(const SearchOptions& options, size_t total) : options_(options), course_(options, total) {}

  Result<void> Begin(const std::vector<Setting>& settings, const std::vector<size_t>& open) const {
    if (!options_.begin) return {};
    std::vector<Setting> told;
    for (const size_t i : open) told.push_back(settings[i]);
    return options_.begin(told);
  }

  // Leaves the outcomes absent where there is no time, or where the tunable cannot have the settings.
  void MeasureGroup(Runner& runner, const std::vector<Setting>& settings, const std::vector<size_t>& group,
                    std::vector<Evaluation>& outcomes) {
    {
      const std::scoped_lock lock(*mutex_);
      if (!course_.TimeFor(group.size())) return;
    }
    std::vector<Setting> together;
    for (const size_t i : group) together.push_back(settings[i]);
    MeasureOptions trial_options = options_.measure;
    trial_options.progress = [&](const std::string&, double share) {
      const std::scoped_lock lock(*mutex_);
      course_.Tell(together.front().Text(), share * static_cast<double>(together.size()));
    };
    auto measured = runner.MeasureInTurn(together, trial_options);
    if (measured) {
      for (size_t i = 0; i < group.size(); ++i) outcomes[group[i]] = Keep(std::move((*measured)[i]), true);
    } else if (runner.refused()) {  // these cannot be had here; others can
      for (const Setting& setting : together) Refuse(setting, measured.error());
    } else {
      outcomes[group.front()] = Fail(measured.error());
    }
  }

  void Refuse(const Setting& setting, const Status& why) {
    const std::scoped_lock lock(*mutex_);
    refused_.push_back(setting.Text() + ": " + why.ToString());
  }

  Evaluation Keep(TrialRecord record, bool measured) {
    TW_ASSIGN(Point point, ToPoint(record, knobs_));
    const std::scoped_lock lock(*mutex_);
    course_.Finish(measured, record.seconds);
    ++(measured ? measured_ : reused_);
    records_.push_back(std::move(record));
    return std::optional<Point>(std::move(point));
  }

  // Whether all that the search goes by was measured, or found to be unmeasurable there; a trial of `measure --metrics` has less.
  bool Suffices(const TrialRecord& record) const {
    const std::vector<std::string> never = ParseTrialNotes(record.notes_json).unmeasurable;
    return std::all_of(needed_.begin(), needed_.end(), [&](const std::string& metric) {
      return std::any_of(record.measurements.begin(), record.measurements.end(),
                         [&](const Measurement& m) { return m.metric == metric; }) ||
             std::find(never.begin(), never.end(), metric) != never.end();
    });
  }

  const SearchOptions& options_;
  Course course_;
  std::vector<std::string> needed_;  // metrics
  std::vector<std::string> refused_;
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
    if (m == nullptr || !std::isfinite(m->value)) return c.metric + " unknown";
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
  TW_ASSIGN(Trials trials, Trials::Make(tunable, workload, store, options, goal, strategy.TotalTrials().value_or(0)));
  const LoopOptions loop{.trials = options.trials, .parallel = std::max(options.parallel, options.in_turn)};
  const Evaluate side_by_side = [&](const Setting& setting) { return trials.Evaluate(setting); };
  const EvaluateBatch in_turn = [&](const std::vector<Setting>& settings) { return trials.EvaluateInTurn(settings); };
  TW_ASSIGN(const LoopResult looped, options.parallel > 1 ? RunTrials(strategy, loop, side_by_side) : RunTrials(strategy, loop, in_turn));
  trials.course().Tell("done", 0);
  result.refused = trials.TakeRefused();
  result.left_out = looped.left_out - result.refused.size();
  result.measured = trials.measured();
  result.reused = trials.reused();
  result.remark = strategy.Remark();
  // In the order of proposals, whichever of the parallel ones ended first. Different proposals may come to one setting.
  std::map<std::string, TrialRecord> by_setting;
  for (TrialRecord& record : trials.TakeRecords()) {
    std::string key = record.key.setting;
    by_setting.try_emplace(std::move(key), std::move(record));
  }
  for (const Point& point : looped.points) {
    auto found = by_setting.extract(point.setting.Text());
    if (found.empty()) continue;
    result.trials.push_back(std::move(found.mapped()));
    result.points.push_back(point);
  }
  if (result.points.empty() && !result.refused.empty())
    return Fail(StatusCode::kInvalidInput, "none of the settings can be had here: " + result.refused.front());
  result.frontier = FrontierOf(result.points, goal, options.truest);
  return result;
}

}  // namespace tradewind
