// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/unseen_device.h"

#include <algorithm>

#include "cli/results.h"
#include "cli/table.h"

namespace tradewind {
namespace {

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

// Best first along the first axis, which the reader knows the settings by.
std::vector<size_t> BestFirst(const std::vector<Point>& points, std::vector<size_t> which, const Axis& axis) {
  const double sign = axis.direction == Direction::kHigherIsBetter ? -1 : 1;
  std::stable_sort(which.begin(), which.end(), [&](size_t a, size_t b) {
    return sign * points[a].Find(axis.metric)->value < sign * points[b].Find(axis.metric)->value;
  });
  return which;
}

std::string PointsTable(const std::vector<Point>& points, const std::vector<size_t>& order, const std::vector<Axis>& axes) {
  std::vector<Point> shown;
  for (const size_t i : order) shown.push_back(points[i]);
  std::string shared;
  const std::vector<std::string> settings = ShortSettings(shown, &shared);
  std::vector<std::string> header = {"setting"};
  for (const Axis& axis : axes) {
    header.push_back(axis.metric);
    header.emplace_back("origin");
  }
  TextTable table(header);
  for (size_t i = 0; i < shown.size(); ++i) {
    std::vector<std::string> row = {settings[i]};
    for (const Axis& axis : axes) {
      const Measurement* m = shown[i].Find(axis.metric);
      const bool exact = m != nullptr && m->interval.low >= m->value && m->interval.high <= m->value;
      row.push_back(m == nullptr ? "-" : exact ? ShortNumber(m->value) : WithInterval(m->value, m->interval.low, m->interval.high));
      row.emplace_back(m == nullptr ? "" : OriginName(m->origin));
    }
    table.Add(std::move(row));
  }
  return table.Text() + (shared.empty() || shown.size() < 2 ? "" : "all with " + shared + "\n");
}

std::vector<size_t> OnFrontier(const UnseenDevice& found) {
  std::vector<size_t> on;
  for (size_t i = 0; i < found.points.size(); ++i) {
    if (found.frontier[i].OnFrontier()) on.push_back(i);
  }
  return on;
}

}  // namespace

Json ToJson(const UnseenDevice& found) {
  Json points = Json::array();
  for (size_t i = 0; i < found.points.size(); ++i) points.push_back(PointJson(found.points, found.frontier, i));
  Json axes = Json::array();
  for (const Axis& axis : found.axes) axes.push_back(axis.metric);
  return {{"axes", std::move(axes)},
          {"points", std::move(points)},
          {"measured", found.measured.measured},
          {"reused", found.measured.reused},
          {"samples", ToJson(found.measured)["points"]},
          {"predicted", found.predicted},
          {"carried", found.carried},
          {"trained_on", found.trained},
          {"validated_on", found.validated},
          {"shared_settings", found.shared_settings}};
}

std::string UnseenDeviceText(const UnseenDevice& found) {
  std::vector<size_t> samples;
  for (size_t i = 0; i < found.measured.points.size(); ++i) samples.push_back(i);
  std::string text =
      "predicted frontier\n" + PointsTable(found.points, BestFirst(found.points, OnFrontier(found), found.axes[0]), found.axes);
  text += "\nmeasured here\n" + PointsTable(found.measured.points, BestFirst(found.measured.points, samples, found.axes[0]), found.axes);
  text += "\n" + std::to_string(found.measured.measured) + " measured now, " + std::to_string(found.measured.reused) +
          " known before; of " + std::to_string(found.points.size()) + " settings, " + Listed(found.predicted) + " predicted, " +
          Listed(found.carried) + " carried over\nlearnt from " + std::to_string(found.shared_settings) +
          " settings that all of these have: " + Listed(found.trained) + "; intervals from " + Listed(found.validated) + "\n";
  return text;
}

}  // namespace tradewind
