// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/unseen_device.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/shuffle.h"
#include "search/encoding.h"
#include "search/transfer.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kAlike = 0.01;
constexpr size_t kMostTrained = 3000;  // settings trained on: more take longer to judge by, and teach no more

// Proposes given settings, and keeps what came of each.
class Listed final : public Strategy {
 public:
  explicit Listed(std::vector<Setting> settings) : settings_(std::move(settings)) {}
  std::string_view name() const override { return "listed"; }
  std::vector<Setting> Propose(size_t count) override {
    std::vector<Setting> next;
    while (next.size() < count && next_ < settings_.size()) next.push_back(settings_[next_++]);
    return next;
  }
  void Observe(const Point& point) override { seen_[point.setting.Text()] = point; }
  std::optional<size_t> TotalTrials() const override { return settings_.size(); }
  const Point* Find(const Setting& setting) const {
    const auto found = seen_.find(setting.Text());
    return found == seen_.end() ? nullptr : &found->second;
  }

 private:
  std::vector<Setting> settings_;
  size_t next_ = 0;
  std::map<std::string, Point> seen_;
};

// What the store has of one tunable and workload on devices other than this one.
struct Others {
  std::vector<Setting> settings;  // of any of them, ascending by text
  std::vector<std::string> devices;
  std::vector<std::vector<const Point*>> of;        // [device][setting], null where it was not tried
  std::vector<std::map<std::string, Point>> tried;  // by device: owns the points
};

std::string SearchAgain(const Tunable& tunable) {
  return "search others first, all with the same strategy and seed: `tradewind search " + std::string(tunable.name()) +
         " --device DEVICE --strategy random --seed 1 --trials 200`";
}

// A stored setting leaves out what is a knob's default.
Setting WithDefaults(Setting setting, std::span<const Knob> knobs) {
  for (const Knob& knob : knobs) {
    if (!setting.Has(knob.name)) setting.Set(knob.name, knob.default_value);
  }
  return setting;
}

Result<Others> Collect(Tunable& tunable, const Workload& workload, const ProfileStore& from, const UnseenDeviceOptions& options,
                       std::span<const Axis> axes) {
  TW_ASSIGN(const std::vector<TrialRecord> trials, from.Trials({.tunable = std::string(tunable.name()), .workload_id = workload.id}));
  std::map<std::string, std::map<std::string, Point>> by_device;
  std::map<std::string, bool> exists;  // here, and is wanted
  for (const TrialRecord& record : trials) {
    if (record.key.device_id == tunable.device().id) continue;
    TW_ASSIGN(Point point, ToPoint(record, tunable.knobs()));
    const auto known = exists.find(record.key.setting);
    if (known == exists.end()) {
      const bool here =
          (!options.wanted || options.wanted(WithDefaults(point.setting, tunable.knobs()))) && tunable.Resolve(point.setting).has_value();
      exists[record.key.setting] = here;
      if (!here) continue;
    } else if (!known->second) {
      continue;
    }
    if (std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) { return point.Find(axis.metric) == nullptr; })) continue;
    by_device[record.key.device_id].emplace(record.key.setting, std::move(point));
  }
  if (by_device.size() < kFewestOthers) {
    return Fail(Status(StatusCode::kNotFound, "the store has " + std::to_string(by_device.size()) + " other devices of " +
                                                  std::string(tunable.name()) + " on " + workload.name + ", where " +
                                                  std::to_string(kFewestOthers) + " are needed; " + SearchAgain(tunable))
                    .At(from.path()));
  }
  Others others;
  std::map<std::string, Setting> all;
  for (auto& [device, points] : by_device) {
    for (const auto& [text, point] : points) all.emplace(text, point.setting);
    others.devices.push_back(device);
    others.tried.push_back(std::move(points));
  }
  for (const auto& [text, setting] : all) others.settings.push_back(setting);
  for (const auto& points : others.tried) {
    std::vector<const Point*>& column = others.of.emplace_back();
    for (const auto& [text, setting] : all) {
      const auto found = points.find(text);
      column.push_back(found == points.end() ? nullptr : &found->second);
    }
  }
  return others;
}

struct Shared {
  std::vector<size_t> devices;   // of Others
  std::vector<size_t> settings;  // that each of these devices has
};

std::vector<size_t> Common(const Others& others, std::span<const size_t> devices) {
  std::vector<size_t> common;
  for (size_t s = 0; s < others.settings.size(); ++s) {
    if (std::all_of(devices.begin(), devices.end(), [&](size_t d) { return others.of[d][s] != nullptr; })) common.push_back(s);
  }
  return common;
}

// All devices, or fewer where those that were tried least leave too few settings in common.
Result<Shared> ShareOf(const Tunable& tunable, const ProfileStore& from, const Others& others, size_t samples) {
  const size_t least = std::max<size_t>(3 * samples, 24);
  Shared shared;
  for (size_t d = 0; d < others.devices.size(); ++d) shared.devices.push_back(d);
  for (;;) {
    shared.settings = Common(others, shared.devices);
    if (shared.settings.size() >= least) return shared;
    if (shared.devices.size() == kFewestOthers) break;
    const auto tried = [&](size_t d) { return others.tried[d].size(); };
    shared.devices.erase(
        std::min_element(shared.devices.begin(), shared.devices.end(), [&](size_t a, size_t b) { return tried(a) < tried(b); }));
  }
  return Fail(Status(StatusCode::kNotFound, "the other devices have " + std::to_string(shared.settings.size()) +
                                                " settings in common, where " + std::to_string(least) + " are needed for " +
                                                std::to_string(samples) + " samples; " + SearchAgain(tunable))
                  .At(from.path()));
}

// Every knob that the settings differ in, as a dimension of the values met; then the settings as numbers.
Result<std::vector<std::vector<double>>> Features(const Others& others, std::span<const Knob> knobs) {
  std::vector<Setting> settings;
  for (const Setting& s : others.settings) settings.push_back(WithDefaults(s, knobs));
  std::vector<SearchDimension> dimensions;
  for (const Knob& knob : knobs) {
    std::set<KnobValue> values;
    for (const Setting& s : settings) values.insert(*s.Find(knob.name));
    if (values.size() > 1) dimensions.push_back({.knob = knob.name, .values = {values.begin(), values.end()}});
  }
  std::vector<std::vector<double>> features;
  for (const Setting& s : settings) {
    TW_ASSIGN(std::vector<double> row, EncodeSetting(s, dimensions));
    features.push_back(std::move(row));
  }
  return features;
}

double ValueOf(const Point& point, const Axis& axis) {
  return point.Find(axis.metric)->value;
}

// The median over shared settings of how far apart devices are.
double SpreadOf(const Others& others, const Shared& shared, const Axis& axis) {
  std::vector<double> spreads;
  for (const size_t s : shared.settings) {
    double low = INFINITY, high = -INFINITY;
    for (const size_t d : shared.devices) {
      const double value = ValueOf(*others.of[d][s], axis);
      low = std::min(low, value);
      high = std::max(high, value);
    }
    spreads.push_back((high - low) / std::max({std::abs(low), std::abs(high), 1e-300}));
  }
  return Median(spreads);
}

const Point& AnyOf(const Others& others, size_t setting) {
  for (const auto& column : others.of) {
    if (column[setting] != nullptr) return *column[setting];
  }
  return *others.of[0][setting];  // not reached: a setting comes from some device
}

// Devices to train on and to judge by: a quarter of them, at least one, drawn at random.
FewShotData SplitOf(size_t devices, size_t settings, Random& random) {
  std::vector<size_t> order(devices);
  for (size_t i = 0; i < devices; ++i) order[i] = i;
  Shuffle(order, random);
  const size_t judges = std::max<size_t>(1, devices / 4);
  FewShotData data;
  data.valid.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(judges));
  data.train.assign(order.begin() + static_cast<std::ptrdiff_t>(judges), order.end());
  for (size_t i = 0; i < settings; ++i) data.architectures.push_back(i);
  Shuffle(data.architectures, random);
  if (settings > kMostTrained) data.architectures.resize(kMostTrained);
  return data;
}

// The shared settings' values along one axis, which differ between devices.
Result<LatencyTable> TableOf(const Others& others, const Shared& shared, const std::vector<std::vector<double>>& features,
                             const Axis& axis) {
  LatencyTable table;
  for (const size_t s : shared.settings) table.features.push_back(features[s]);
  for (const size_t d : shared.devices) {
    table.devices.push_back(others.devices[d]);
    std::vector<double>& column = table.latencies.emplace_back();
    for (const size_t s : shared.settings) {
      column.push_back(ValueOf(*others.of[d][s], axis));
      if (!(column.back() > 0)) {
        return Fail(StatusCode::kUnsupported, axis.metric +
                                                  " differs between devices and is not always positive, so that it has no predictor; "
                                                  "search the device itself (without --from)");
      }
    }
  }
  return table;
}

// An axis that differs between devices, and what is learnt of it.
struct Lesson {
  std::string metric;
  LatencyTable table;
};

Result<std::vector<Lesson>> LessonsOf(const Others& others, const Shared& shared, const std::vector<std::vector<double>>& features,
                                      UnseenDevice& result) {
  std::vector<Lesson> lessons;
  for (const Axis& axis : result.axes) {
    const bool carried = SpreadOf(others, shared, axis) < kAlike;
    (carried ? result.carried : result.predicted).push_back(axis.metric);
    if (carried) continue;
    TW_ASSIGN(LatencyTable table, TableOf(others, shared, features, axis));
    lessons.push_back({axis.metric, std::move(table)});
  }
  if (!lessons.empty()) return lessons;
  return Fail(StatusCode::kUnsupported,
              "no axis differs between the store's devices: there is nothing to predict, their frontier is this one's, too");
}

// What was measured here, or else what another device has.
std::vector<Point> PointsOf(const Others& others, const Listed& listed, std::span<const Axis> axes) {
  std::vector<Point> points;
  for (size_t s = 0; s < others.settings.size(); ++s) {
    Point point{others.settings[s], {}};
    const Point* here = listed.Find(point.setting);
    for (const Axis& axis : axes) {
      const Measurement* m = here != nullptr ? here->Find(axis.metric) : nullptr;
      point.measurements.push_back(m != nullptr ? *m : *AnyOf(others, s).Find(axis.metric));
    }
    points.push_back(std::move(point));
  }
  return points;
}

Result<FewShotPredictor> Learn(const Lesson& lesson, const FewShotData& data, const std::vector<Setting>& samples, const Listed& listed,
                               FewShotOptions options, uint64_t seed) {
  options.seed = seed;
  std::vector<Observation> observed;
  for (size_t i = 0; i < samples.size(); ++i) {
    const Point* here = listed.Find(samples[i]);
    const Measurement* m = here != nullptr ? here->Find(lesson.metric) : nullptr;
    if (m == nullptr) {
      return Fail(StatusCode::kInvalidInput, "the sample " + samples[i].Text() + " was not measured, or has no " + lesson.metric +
                                                 "; give the search more time, or leave that metric out of the axes");
    }
    observed.push_back({lesson.table.features[data.references[i]], m->value});
  }
  TW_ASSIGN(FewShotModel model, TrainFewShot(lesson.table, data, options));
  FewShotPredictor predictor(std::make_shared<const FewShotModel>(std::move(model)));
  TW_RETURN_IF_ERROR(predictor.Fit(observed));
  return predictor;
}

void Predict(const FewShotPredictor& predictor, const std::string& metric, const std::vector<std::vector<double>>& features,
             const Listed& listed, double confidence, std::vector<Point>& points) {
  for (size_t s = 0; s < points.size(); ++s) {
    if (listed.Find(points[s].setting) != nullptr) continue;
    const Prediction p = predictor.Predict(features[s], confidence);
    for (Measurement& m : points[s].measurements) {
      if (m.metric == metric) m = {.metric = metric, .value = p.value, .interval = p.interval, .count = 0, .origin = Origin::kModelled};
    }
  }
}

}  // namespace

Result<UnseenDevice> SearchUnseenDevice(Tunable& tunable, const Workload& workload, const ProfileStore& from, ProfileStore& store,
                                        const UnseenDeviceOptions& options) {
  if (options.samples < kFewestSamples) {
    return Fail(Status(StatusCode::kInvalidInput, std::to_string(options.samples) + " samples say too little of a device; ask for " +
                                                      std::to_string(kFewestSamples) + " or more (10 serve well)")
                    .At("--samples"));
  }
  UnseenDevice result;
  SearchOptions search = options.search;
  if (search.goal.axes.empty()) search.goal.axes = AxesOf(workload);
  result.axes = search.goal.axes;
  TW_ASSIGN(const Others others, Collect(tunable, workload, from, options, result.axes));
  TW_ASSIGN(const Shared shared, ShareOf(tunable, from, others, options.samples));
  TW_ASSIGN(const auto features, Features(others, tunable.knobs()));
  TW_ASSIGN(const std::vector<Lesson> lessons, LessonsOf(others, shared, features, result));
  result.shared_settings = shared.settings.size();
  Random random(options.seed);
  FewShotData data = SplitOf(shared.devices.size(), shared.settings.size(), random);
  for (const size_t d : data.train) result.trained.push_back(others.devices[shared.devices[d]]);
  for (const size_t d : data.valid) result.validated.push_back(others.devices[shared.devices[d]]);
  data.references = ChooseReferences(lessons[0].table, data.train, data.architectures, options.samples, random);

  std::vector<Setting> samples;
  for (const size_t r : data.references) samples.push_back(others.settings[shared.settings[r]]);
  Listed listed(samples);
  search.trials = 0;
  TW_ASSIGN(result.measured, RunSearch(tunable, workload, store, listed, search));
  result.points = PointsOf(others, listed, result.axes);
  for (const Lesson& lesson : lessons) {
    if (search.progress) {
      search.progress({.done = samples.size(),
                       .total = samples.size(),
                       .seconds_left = -1,
                       .what = "learning " + lesson.metric + " from " + std::to_string(shared.devices.size()) + " devices"});
    }
    TW_ASSIGN(const FewShotPredictor predictor, Learn(lesson, data, samples, listed, options.few_shot, options.seed));
    Predict(predictor, lesson.metric, features, listed, options.confidence, result.points);
  }
  result.frontier = FrontierOf(result.points, search.goal, search.truest);
  return result;
}

}  // namespace tradewind
