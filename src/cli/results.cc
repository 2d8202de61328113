// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/results.h"

#include <algorithm>
#include <set>

#include "base/units.h"
#include "cli/table.h"
#include "measure/trial.h"

namespace tradewind {
namespace {

std::string Cell(const Measurement* m) {
  if (m == nullptr) return "-";
  if (m->metric == "peak_memory_bytes") return FormatMemory(static_cast<uint64_t>(m->value));
  if (m->interval.confidence == 0) return ShortNumber(m->value);
  return WithInterval(m->value, m->interval.low, m->interval.high);
}

std::string PairText(const std::string& name, const KnobValue& value) {
  return name + "=" + ToText(value);
}

}  // namespace

Json ToJson(const Measurement& m) {
  return {{"metric", m.metric},
          {"value", m.value},
          {"interval", {m.interval.low, m.interval.high}},
          {"confidence", m.interval.confidence},
          {"count", m.count},
          {"origin", OriginName(m.origin)}};
}

Json ToJson(const Prediction& p) {
  return {
      {"value", p.value}, {"interval", {p.interval.low, p.interval.high}}, {"confidence", p.interval.confidence}, {"origin", "modelled"}};
}

Json ToJson(const Candidate& c) {
  Json json = {{"setting", ToJson(c.point.setting)}, {"setting_text", c.point.setting.Text()}};
  if (c.ttft_ms) json["ttft_ms"] = ToJson(*c.ttft_ms);
  if (c.tpot_ms) json["tpot_ms"] = ToJson(*c.tpot_ms);
  if (c.total_ms) json["total_ms"] = ToJson(*c.total_ms);
  json["memory_bytes"] = c.memory_bytes;
  for (const Measurement& m : c.point.measurements) json["measured"].push_back(ToJson(m));
  return json;
}

Json PointJson(const std::vector<Point>& points, const std::vector<FrontierEntry>& frontier, size_t i) {
  Json point = {{"setting", ToJson(points[i].setting)}, {"setting_text", points[i].setting.Text()}, {"frontier", frontier[i].OnFrontier()}};
  if (!frontier[i].barred.empty()) point["barred"] = frontier[i].barred;
  if (frontier[i].dominated_by) point["dominated_by"] = points[*frontier[i].dominated_by].setting.Text();
  for (const Measurement& m : points[i].measurements) point["measurements"].push_back(ToJson(m));
  return point;
}

Json ToJson(const SearchResult& result) {
  Json points = Json::array();
  for (size_t i = 0; i < result.points.size(); ++i) {
    Json point = PointJson(result.points, result.frontier, i);
    point["seconds"] = result.trials[i].seconds;
    point["started_at"] = result.trials[i].started_at;
    points.push_back(std::move(point));
  }
  Json axes = Json::array();
  for (const Axis& axis : result.axes) axes.push_back(axis.metric);
  Json json = {{"axes", std::move(axes)},
               {"points", std::move(points)},
               {"measured", result.measured},
               {"reused", result.reused},
               {"left_out", result.left_out}};
  if (!result.remark.empty()) json["remark"] = result.remark;
  return json;
}

std::vector<std::string> ShortSettings(const std::vector<Point>& points, std::string* shared) {
  std::set<std::string> common;
  for (size_t i = 0; i < points.size(); ++i) {
    std::set<std::string> own;
    for (const auto& [name, value] : points[i].setting.values()) own.insert(PairText(name, value));
    if (i == 0) common = own;
    std::erase_if(common, [&](const std::string& pair) { return own.count(pair) == 0; });
  }
  shared->clear();
  for (const std::string& pair : common) *shared += (shared->empty() ? "" : " ") + pair;
  std::vector<std::string> texts;
  for (const Point& point : points) {
    std::string text;
    for (const auto& [name, value] : point.setting.values()) {
      const std::string pair = PairText(name, value);
      if (points.size() == 1 || common.count(pair) == 0) text += (text.empty() ? "" : " ") + pair;
    }
    texts.push_back(text.empty() ? "(as all)" : text);
  }
  return texts;
}

std::string FrontierTable(const SearchResult& result) {
  std::string shared;
  const std::vector<std::string> settings = ShortSettings(result.points, &shared);
  std::vector<std::string> header = {"setting"};
  for (const Axis& axis : result.axes) header.push_back(axis.metric);
  header.emplace_back("verdict");
  TextTable table(header);
  // By the first axis, best first.
  std::vector<size_t> order(result.points.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const bool higher = result.axes[0].direction == Direction::kHigherIsBetter;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const Measurement* x = result.points[a].Find(result.axes[0].metric);
    const Measurement* y = result.points[b].Find(result.axes[0].metric);
    return x != nullptr && (y == nullptr || (higher ? x->value > y->value : x->value < y->value));
  });
  for (const size_t i : order) {
    std::vector<std::string> row = {settings[i]};
    for (const Axis& axis : result.axes) row.push_back(Cell(result.points[i].Find(axis.metric)));
    const auto& by = result.frontier[i].dominated_by;
    const std::string& barred = result.frontier[i].barred;
    row.push_back(!barred.empty() ? barred : by ? "dominated by " + settings[*by] : "frontier");
    table.Add(std::move(row));
  }
  std::string text = table.Text();
  if (!shared.empty() && result.points.size() > 1) text += "all with " + shared + "\n";
  for (const std::string& refused : result.refused) text += "cannot be had here: " + refused + "\n";
  return text;
}

std::string MeasurementTable(const std::vector<Measurement>& measurements, const Tunable& tunable) {
  TextTable table({"metric", "value", "unit", "samples", "definition"});
  for (const Measurement& m : measurements) {
    const MetricInfo* info = FindMetricInfo(tunable, m.metric);
    table.Add({m.metric, Cell(&m), info ? info->unit : "", std::to_string(m.count), info ? info->definition : ""});
  }
  return table.Text();
}

}  // namespace tradewind
