// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <exception>

#include "errors.h"
#include "measure/readings.h"
#include "search/search.h"
#include "search/strategies.h"
#include "stats/summary.h"

namespace nb = nanobind;

namespace tradewind::python {
namespace {

constexpr double kConfidence = 0.95;
constexpr size_t kDefaultTrials = 100;

// The Python side of a running search. Its first exception is kept and ends the search: after a trial that failed, the rest of its batch is
// still asked, being under way; after anything else (an interrupt) nothing is.
class Callbacks {
 public:
  Callbacks(nb::object begin, nb::object ask, nb::object progress)
      : begin_(std::move(begin)), ask_(std::move(ask)), progress_(std::move(progress)) {}

  // A signal (Ctrl-C) is noticed here, too, once a batch.
  Result<void> Begin(const std::vector<Setting>& open) {
    if (raised_) return Ended();
    return Guarded([&] {
      if (begin_.is_none()) return;
      nb::list settings;
      for (const Setting& setting : open) settings.append(ToDict(setting));
      begin_(settings);
    });
  }
  Result<std::vector<Measurement>> Ask(const Setting& setting) {
    std::vector<Measurement> measurements;
    std::string refusal;
    TW_RETURN_IF_ERROR(Guarded([&] {
      try {
        measurements = ToMeasurements(ask_(ToDict(setting)));
      } catch (nb::python_error& error) {
        if (!error.matches(nb::module_::import_("tradewind.errors").attr("Refused"))) throw;
        refusal = nb::cast<std::string>(nb::str(error.value()));
        if (refusal.empty()) refusal = "refused";
      }
    }));
    if (!refusal.empty()) return Fail(StatusCode::kUnsupported, refusal);
    return measurements;
  }
  void Progress(const SearchProgress& p) {
    (void)Guarded([&] {
      if (!progress_.is_none()) progress_(p.done, p.total, p.seconds, p.seconds_left, p.what);
    });
  }
  void Rethrow() const {
    if (raised_) std::rethrow_exception(raised_);
  }

 private:
  template <typename Body>
  Result<void> Guarded(const Body& body) {
    const nb::gil_scoped_acquire gil;
    if (!interrupted_) {
      try {
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
        body();
        return {};
      } catch (nb::python_error& error) {
        interrupted_ = !error.matches(nb::module_::import_("tradewind.errors").attr("TrialError"));
        if (interrupted_ || !raised_) raised_ = std::current_exception();
      } catch (...) {
        interrupted_ = true;
        raised_ = std::current_exception();
      }
    }
    return Ended();
  }
  static tl::unexpected<Status> Ended() { return Fail(StatusCode::kCancelled, "the search was ended by an exception"); }

  static std::vector<Measurement> ToMeasurements(const nb::object& answer) {
    std::vector<Measurement> out;
    for (const auto& [metric, values] : nb::cast<std::map<std::string, std::vector<double>>>(answer)) {
      Measurement m{.metric = metric, .value = Mean(values), .count = static_cast<int64_t>(values.size())};
      m.interval = values.size() > 1 ? MeanInterval(values, kConfidence) : Interval{m.value, m.value, kConfidence};
      out.push_back(std::move(m));
    }
    return out;
  }

  nb::object begin_, ask_, progress_;
  std::exception_ptr raised_;
  bool interrupted_ = false;
};

// Of the subject's own metrics; kNotFound names what there is.
Result<Direction> DirectionOf(Subject& subject, const std::string& metric, const char* argument) {
  std::string known;
  for (const MetricInfo& info : subject.tunable().metrics()) {
    if (info.name == metric) return info.direction;
    known += (known.empty() ? "" : ", ") + info.name;
  }
  return Fail(Status(StatusCode::kNotFound, "there is no metric \"" + metric + "\"; there are " + known).At(argument));
}

Result<SearchGoal> GoalOf(Subject& subject, const Request& request) {
  SearchGoal goal{.axes = subject.workload().axes, .reference = subject.workload().reference};
  if (!request.axes.empty()) {
    goal = {};
    for (const std::string& metric : request.axes) {
      TW_ASSIGN(const Direction direction, DirectionOf(subject, metric, "axes"));
      goal.axes.push_back({metric, direction});
    }
  }
  if (!request.reference.empty()) goal.reference = request.reference;
  for (const auto& [metric, limit, at_least] : request.constraints) {
    TW_ASSIGN(const Direction known, DirectionOf(subject, metric, "constraints"));
    (void)known;
    goal.constraints.push_back({metric, limit, at_least ? Direction::kHigherIsBetter : Direction::kLowerIsBetter});
  }
  goal.fidelity = request.fidelity;
  return goal;
}

std::optional<KnobValue> TruestOf(const SearchSpace& space, const std::string& fidelity) {
  for (const SearchDimension& d : space.dimensions) {
    if (d.knob == fidelity && !d.values.empty()) return d.values.back();
  }
  return std::nullopt;
}

struct Found {
  SearchResult result;
  std::string strategy;
  std::string remark;
};

Result<Found> RunRequest(Subject& subject, const Request& request, Callbacks& callbacks) {
  if (request.trials && *request.trials < 1) return Fail(Status(StatusCode::kInvalidInput, "a search needs a trial").At("trials"));
  if (request.parallel < 1 || request.parallel > 256) {
    return Fail(Status(StatusCode::kInvalidInput, "1 to 256 trials run side by side").At("parallel"));
  }
  Found found{.strategy = request.strategy.empty() ? DefaultStrategy(subject.space()) : request.strategy};
  SearchOptions options;
  TW_ASSIGN(options.goal, GoalOf(subject, request));
  options.truest = TruestOf(subject.space(), request.fidelity);
  options.in_turn = static_cast<size_t>(request.parallel);
  if (request.time_s) options.time = Duration::Seconds(*request.time_s);
  options.begin = [&](const std::vector<Setting>& open) { return callbacks.Begin(open); };
  options.progress = [&](const SearchProgress& p) { callbacks.Progress(p); };
  const size_t trials = request.trials ? static_cast<size_t>(*request.trials) : kDefaultTrials;
  if (found.strategy != "exhaustive" || request.trials) options.trials = trials;
  TW_ASSIGN(const std::unique_ptr<Strategy> strategy,
            MakeStrategy(found.strategy, subject.space(), options.goal,
                         {.seed = request.seed, .trials = trials, .parameters = request.parameters}));
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(request.store));
  TW_ASSIGN(found.result, RunSearch(subject.tunable(), subject.workload(), store, *strategy, options));
  found.remark = strategy->Remark();
  return found;
}

nb::dict ResultDict(const SearchResult& result) {
  nb::list trials;
  for (size_t i = 0; i < result.points.size(); ++i) {
    const FrontierEntry& entry = result.frontier[i];
    nb::dict trial;
    trial["setting"] = ToDict(result.points[i].setting);
    trial["text"] = result.trials[i].key.setting;
    trial["measurements"] = ToDict(result.points[i].measurements);
    trial["dominated_by"] = entry.dominated_by ? nb::cast(*entry.dominated_by) : nb::none();
    trial["barred"] = entry.barred;
    trial["started_at"] = result.trials[i].started_at;
    trials.append(trial);
  }
  nb::list axes;
  for (const Axis& axis : result.axes) axes.append(nb::make_tuple(axis.metric, axis.direction == Direction::kHigherIsBetter));
  nb::dict out;
  out["trials"] = trials;
  out["axes"] = axes;
  out["measured"] = result.measured;
  out["reused"] = result.reused;
  out["left_out"] = result.left_out;
  out["refused"] = result.refused;
  return out;
}

Result<SearchResult> ReadKnown(Subject& subject, const Request& request) {
  TW_ASSIGN(const ProfileStore store, ProfileStore::Open(request.store, {.read_only = true}));
  SearchResult result;
  TW_ASSIGN(const SearchGoal goal, GoalOf(subject, request));
  result.axes = goal.axes;
  Tunable& tunable = subject.tunable();
  TW_ASSIGN(result.trials,
            store.Trials({.tunable = std::string(tunable.name()), .workload_id = subject.workload().id, .device_id = tunable.device().id}));
  // What was measured with knobs or values that are gone, or without a metric of today's, is no answer to what is asked.
  std::erase_if(result.trials, [&](const TrialRecord& record) {
    auto point = ToPoint(record, tunable.knobs());
    const auto has = [&](const Axis& axis) { return point->Find(axis.metric) != nullptr; };
    if (!point || !std::all_of(goal.axes.begin(), goal.axes.end(), has)) return true;
    result.points.push_back(std::move(*point));
    return false;
  });
  result.reused = result.points.size();
  result.frontier = FrontierOf(result.points, goal, TruestOf(subject.space(), request.fidelity));
  return result;
}

}  // namespace

nb::dict ToDict(const Setting& setting) {
  nb::dict out;
  for (const auto& [name, value] : setting.values()) {
    out[nb::str(name.c_str())] = std::visit([](const auto& v) { return nb::cast(v); }, value);
  }
  return out;
}

nb::dict ToDict(const std::vector<Measurement>& measurements) {
  nb::dict out;
  for (const Measurement& m : measurements) {
    out[nb::str(m.metric.c_str())] = nb::make_tuple(m.value, m.interval.low, m.interval.high, m.count, std::string(OriginName(m.origin)));
  }
  return out;
}

nb::dict Search(Subject& subject, const Request& request, nb::object begin, nb::object ask, nb::object progress) {
  Callbacks callbacks(std::move(begin), std::move(ask), std::move(progress));
  if (FunctionTunable* function = subject.function()) {
    function->set_ask([&](const Setting& setting) { return callbacks.Ask(setting); });
  }
  Result<Found> found = [&] {
    const nb::gil_scoped_release released;
    return RunRequest(subject, request, callbacks);
  }();
  if (FunctionTunable* function = subject.function()) function->set_ask(nullptr);
  callbacks.Rethrow();
  const Found whole = OrThrow(std::move(found));
  nb::dict out = ResultDict(whole.result);
  out["strategy"] = whole.strategy;
  out["remark"] = whole.remark;
  return out;
}

nb::dict Known(Subject& subject, const Request& request) {
  return ResultDict(Unlocked([&] { return ReadKnown(subject, request); }));
}

nb::dict Lookup(Subject& subject, const nb::dict& setting) {
  Setting wanted;
  for (const auto& [name, value] : setting) {
    const auto key = nb::cast<std::string>(name);
    const Knob* knob = OrThrow(FindKnob(subject.tunable().knobs(), key));
    wanted.Set(key, OrThrow(knob->Parse(nb::cast<std::string>(nb::str(value)))));
  }
  const Setting resolved = OrThrow(subject.tunable().Resolve(wanted));
  const auto instance = OrThrow(subject.tunable().Open(resolved, {}));
  nb::dict out;
  for (const Measurement& m : OrThrow(Recall(*instance, resolved, subject.workload()))) out[nb::str(m.metric.c_str())] = m.value;
  return out;
}

}  // namespace tradewind::python
