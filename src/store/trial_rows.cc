// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/trial_rows.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace tradewind::store {
namespace {

constexpr size_t kMaxTextBytes = size_t{1} << 20;
constexpr size_t kMaxMeasurements = 10'000;
constexpr size_t kMaxObservations = 1'000'000;
constexpr size_t kMaxFeatures = 10'000;
constexpr int kMaxJsonDepth = 64;

tl::unexpected<Status> Refuse(const std::string& field, const std::string& why) {
  return Fail(Status(StatusCode::kInvalidInput, "a trial cannot be stored: " + field + " " + why).At(field));
}

Result<void> CheckMeasurement(const Measurement& m) {
  const std::string field = "measurement " + m.metric;
  if (m.metric.empty() || m.metric.size() > kMaxTextBytes) return Refuse("measurement", "has no name, or too long a one");
  if (!std::isfinite(m.value)) return Refuse(field, "is not a finite number; leave it out");
  if (std::isnan(m.interval.low) || std::isnan(m.interval.high)) return Refuse(field, "has an interval that is not a number");
  if (!std::isfinite(m.interval.confidence)) return Refuse(field, "has a confidence that is not a finite number");
  return {};
}

Result<void> CheckObservation(const NamedObservation& observation) {
  const std::string field = "observation " + observation.kind;
  if (observation.kind.empty() || observation.kind.size() > kMaxTextBytes) return Refuse("observation", "has no kind, or too long a one");
  if (!std::isfinite(observation.value)) return Refuse(field, "is not a finite number; leave it out");
  if (observation.features.size() > kMaxFeatures) return Refuse(field, "has more than " + std::to_string(kMaxFeatures) + " features");
  for (const double feature : observation.features) {
    if (!std::isfinite(feature)) return Refuse(field, "has a feature that is not a finite number");
  }
  return {};
}

Result<void> InsertMeasurements(Database& db, int64_t id, const std::vector<Measurement>& measurements) {
  TW_ASSIGN(Statement insert, db.Prepare("INSERT INTO measurement(trial_id, position, metric, value, low, high, confidence, count, origin) "
                                         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
  for (size_t i = 0; i < measurements.size(); ++i) {
    const Measurement& m = measurements[i];
    insert.Bind(1, id);
    insert.Bind(2, static_cast<int64_t>(i));
    insert.Bind(3, m.metric);
    insert.Bind(4, m.value);
    insert.Bind(5, m.interval.low);
    insert.Bind(6, m.interval.high);
    insert.Bind(7, m.interval.confidence);
    insert.Bind(8, m.count);
    insert.Bind(9, OriginName(m.origin));
    TW_RETURN_IF_ERROR(insert.Run());
  }
  return {};
}

Result<void> InsertObservations(Database& db, int64_t id, const std::vector<NamedObservation>& observations) {
  TW_ASSIGN(Statement insert,
            db.Prepare("INSERT INTO observation(trial_id, position, kind, features_json, value) VALUES(?1, ?2, ?3, ?4, ?5)"));
  for (size_t i = 0; i < observations.size(); ++i) {
    insert.Bind(1, id);
    insert.Bind(2, static_cast<int64_t>(i));
    insert.Bind(3, observations[i].kind);
    insert.Bind(4, FeaturesText(observations[i].features));
    insert.Bind(5, observations[i].value);
    TW_RETURN_IF_ERROR(insert.Run());
  }
  return {};
}

tl::unexpected<Status> Unreadable(const Database& db, const TrialRecord& trial, const std::string& what) {
  return Fail(Status(StatusCode::kInvalidInput, "profile store " + db.path() + ": trial " + std::to_string(trial.id) + " has " + what +
                                                    " that this version cannot read; remove the trial, or update Tradewind")
                  .At("trial " + std::to_string(trial.id)));
}

Result<void> ReadMeasurements(const Database& db, Statement& select, TrialRecord& trial) {
  select.Bind(1, trial.id);
  while (true) {
    TW_ASSIGN(const bool row, select.Step());
    if (!row) break;
    const std::optional<Origin> origin = ParseOrigin(select.Text(6));
    if (!origin) return Unreadable(db, trial, "a measurement of an origin");
    trial.measurements.push_back(
        {select.Text(0), select.Real(1), {select.Real(2), select.Real(3), select.Real(4)}, select.Integer(5), *origin});
  }
  select.Reset();
  return {};
}

Result<void> ReadObservations(const Database& db, Statement& select, TrialRecord& trial) {
  select.Bind(1, trial.id);
  while (true) {
    TW_ASSIGN(const bool row, select.Step());
    if (!row) break;
    auto features = ParseFeatures(select.Text(1));
    if (!features) return Unreadable(db, trial, "an observation with features");
    trial.observations.push_back({select.Text(0), std::move(*features), select.Real(2)});
  }
  select.Reset();
  return {};
}

}  // namespace

Result<void> CheckTrial(const TrialRecord& trial) {
  const std::pair<const char*, const std::string*> texts[] = {{"key.tunable", &trial.key.tunable},
                                                              {"key.workload_id", &trial.key.workload_id},
                                                              {"key.device_id", &trial.key.device_id},
                                                              {"key.setting", &trial.key.setting},
                                                              {"build", &trial.build},
                                                              {"started_at", &trial.started_at},
                                                              {"notes_json", &trial.notes_json}};
  for (const auto& [field, text] : texts) {
    if (text->size() > kMaxTextBytes) return Refuse(field, "is longer than 1 MiB");
  }
  if (trial.key.tunable.empty()) return Refuse("key.tunable", "is empty");
  if (!std::isfinite(trial.seconds)) return Refuse("seconds", "is not a finite number");
  if (!trial.notes_json.empty() && !IsJson(trial.notes_json)) return Refuse("notes_json", "is not one JSON value");
  if (trial.measurements.size() > kMaxMeasurements) return Refuse("measurements", "are more than " + std::to_string(kMaxMeasurements));
  if (trial.observations.size() > kMaxObservations) return Refuse("observations", "are more than " + std::to_string(kMaxObservations));
  std::set<std::string_view> metrics;
  for (const Measurement& measurement : trial.measurements) {
    TW_RETURN_IF_ERROR(CheckMeasurement(measurement));
    if (!metrics.insert(measurement.metric).second) return Refuse("measurement " + measurement.metric, "is given twice");
  }
  for (const NamedObservation& observation : trial.observations) TW_RETURN_IF_ERROR(CheckObservation(observation));
  return {};
}

Result<int64_t> InsertTrial(Database& db, const TrialRecord& trial) {
  TW_ASSIGN(Statement insert,
            db.Prepare("INSERT INTO trial(tunable, workload_id, device_id, setting, build, started_at, seconds, notes_json) "
                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  insert.Bind(1, trial.key.tunable);
  insert.Bind(2, trial.key.workload_id);
  insert.Bind(3, trial.key.device_id);
  insert.Bind(4, trial.key.setting);
  insert.Bind(5, trial.build);
  insert.Bind(6, trial.started_at);
  insert.Bind(7, trial.seconds);
  insert.Bind(8, trial.notes_json);
  TW_RETURN_IF_ERROR(insert.Run());
  const int64_t id = db.LastRowId();
  TW_RETURN_IF_ERROR(InsertMeasurements(db, id, trial.measurements));
  TW_RETURN_IF_ERROR(InsertObservations(db, id, trial.observations));
  return id;
}

Result<std::vector<TrialRecord>> SelectTrials(const Database& db, const TrialFilter& filter, bool newest_only) {
  std::string sql = "SELECT id, tunable, workload_id, device_id, setting, build, started_at, seconds, notes_json FROM trial WHERE true";
  const std::pair<const char*, const std::optional<std::string>*> conditions[] = {
      {"tunable", &filter.tunable}, {"workload_id", &filter.workload_id}, {"device_id", &filter.device_id}, {"setting", &filter.setting}};
  int parameters = 0;
  for (const auto& [column, value] : conditions) {
    if (*value) sql += std::string(" AND ") + column + " = ?" + std::to_string(++parameters);
  }
  if (!filter.history) sql += " AND id IN (SELECT max(id) FROM trial GROUP BY tunable, workload_id, device_id, setting)";
  sql += newest_only ? " ORDER BY id DESC LIMIT 1" : " ORDER BY id";
  TW_ASSIGN(Statement select, db.Prepare(sql));
  int index = 0;
  for (const auto& [column, value] : conditions) {
    if (*value) select.Bind(++index, **value);
  }
  TW_ASSIGN(Statement measurements, db.Prepare("SELECT metric, value, low, high, confidence, count, origin FROM measurement "
                                               "WHERE trial_id = ?1 ORDER BY position"));
  TW_ASSIGN(Statement observations, db.Prepare("SELECT kind, features_json, value FROM observation WHERE trial_id = ?1 ORDER BY position"));

  std::vector<TrialRecord> trials;
  while (true) {
    TW_ASSIGN(const bool row, select.Step());
    if (!row) return trials;
    TrialRecord trial{.id = select.Integer(0),
                      .key = {select.Text(1), select.Text(2), select.Text(3), select.Text(4)},
                      .build = select.Text(5),
                      .started_at = select.Text(6),
                      .seconds = select.Real(7),
                      .notes_json = select.Text(8)};
    TW_RETURN_IF_ERROR(ReadMeasurements(db, measurements, trial));
    TW_RETURN_IF_ERROR(ReadObservations(db, observations, trial));
    trials.push_back(std::move(trial));
  }
}

std::string FeaturesText(const std::vector<double>& features) {
  std::string text = "[";
  for (const double feature : features) {
    char buffer[32];
    if (text.size() > 1) text += ',';
    text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, feature).ptr);
  }
  return text + "]";
}

std::optional<std::vector<double>> ParseFeatures(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<double> features;
  if (text.empty()) return features;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    double feature = 0;
    const auto [next, error] = std::from_chars(at, end, feature);
    if (error != std::errc() || !std::isfinite(feature)) return std::nullopt;
    features.push_back(feature);
    if (next == end) return features;
    if (*next != ',') return std::nullopt;
    at = next + 1;
  }
}

bool IsJson(const std::string& text) {
  int depth = 0, deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return text.size() <= kMaxTextBytes && deepest <= kMaxJsonDepth && nlohmann::json::accept(text);
}

}  // namespace tradewind::store
