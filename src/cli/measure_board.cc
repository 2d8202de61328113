// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/measure_board.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>

#include "base/cpu.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "vision/board.h"

namespace tradewind {
namespace {

double ValueOf(const Point& point, const char* metric) {
  return point.Find(metric)->value;
}

// The least power of two milliseconds that the latency fits into.
double TierOf(const Point& point) {
  return std::exp2(std::ceil(std::log2(ValueOf(point, "latency_ms"))));
}

std::string NameOf(const Point& point) {
  return point.setting.TextOr("net", "") + " at " + std::to_string(point.setting.IntegerOr("resolution", 0));
}

// Of each tier the most accurate net: what a deadline of so many milliseconds buys here.
std::map<double, size_t> Tiers(const std::vector<Point>& points) {
  std::map<double, size_t> best;
  for (size_t i = 0; i < points.size(); ++i) {
    const auto [at, fresh] = best.emplace(TierOf(points[i]), i);
    if (!fresh && ValueOf(points[i], "top1") > ValueOf(points[at->second], "top1")) at->second = i;
  }
  return best;
}

Json BoardJson(const Board& board, const std::vector<BoardTime>& times, const std::vector<Point>& points,
               const std::vector<FrontierEntry>& frontier) {
  Json json = {{"board", board.name},
               {"accuracy_source", board.source},
               {"times", Json::array()},
               {"points", Json::array()},
               {"tiers", Json::array()}};
  for (const BoardTime& t : times) {
    const BoardNet& net = board.nets[t.net];
    Json one = {{"net", net.name}, {"resolution", net.resolution}, {"weights", net.weights}, {"top1", net.top1}, {"backend", t.backend}};
    if (t.failure.empty()) {
      one["latency_ms"] = t.latency_ms;
      one["interval"] = {t.interval.low, t.interval.high};
    } else {
      one["failure"] = t.failure;
    }
    json["times"].push_back(std::move(one));
  }
  for (size_t i = 0; i < points.size(); ++i) {
    Json one = {{"setting_text", points[i].setting.Text()},
                {"top1", ValueOf(points[i], "top1")},
                {"latency_ms", ValueOf(points[i], "latency_ms")},
                {"frontier", frontier[i].OnFrontier()}};
    if (frontier[i].dominated_by) one["dominated_by"] = points[*frontier[i].dominated_by].setting.Text();
    json["points"].push_back(std::move(one));
  }
  for (const auto& [tier, i] : Tiers(points)) {
    json["tiers"].push_back({{"at_most_ms", tier},
                             {"net", NameOf(points[i])},
                             {"top1", ValueOf(points[i], "top1")},
                             {"latency_ms", ValueOf(points[i], "latency_ms")}});
  }
  return json;
}

void PrintBoard(const Board& board, const std::vector<BoardTime>& times, const std::vector<Point>& points,
                const std::vector<FrontierEntry>& frontier) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return ValueOf(points[a], "latency_ms") < ValueOf(points[b], "latency_ms"); });
  TextTable table({"net", "top-1, % (public)", "ms here", "by", "verdict"});
  for (const size_t i : order) {
    const Measurement& ms = *points[i].Find("latency_ms");
    table.Add({NameOf(points[i]), ShortNumber(ValueOf(points[i], "top1")), WithInterval(ms.value, ms.interval.low, ms.interval.high),
               points[i].setting.TextOr("backend", ""),
               frontier[i].OnFrontier() ? "frontier" : "dominated by " + NameOf(points[*frontier[i].dominated_by])});
  }
  TextTable tiers({"within", "the best net", "top-1, % (public)", "ms here"});
  for (const auto& [tier, i] : Tiers(points)) {
    tiers.Add({ShortNumber(tier) + " ms", NameOf(points[i]), ShortNumber(ValueOf(points[i], "top1")),
               ShortNumber(ValueOf(points[i], "latency_ms"))});
  }
  std::printf("%s\n%s\naccuracy: %s\n", table.Text().c_str(), tiers.Text().c_str(), board.source.c_str());
  for (const BoardTime& t : times) {
    if (!t.failure.empty()) std::printf("not by %s: %s: %s\n", t.backend.c_str(), board.nets[t.net].name.c_str(), t.failure.c_str());
  }
}

}  // namespace

Result<int> MeasureBoard(const std::string& name, std::optional<int64_t> threads, bool json) {
  TW_ASSIGN(const Board board, ReadBoard(name));
  ProgressLine line;
  const BoardOptions options{.threads = threads ? static_cast<int>(*threads) : DefaultThreads()};
  TW_ASSIGN(const std::vector<BoardTime> times,
            TimeBoard(board, options, [&](double share, const std::string& what) { line.Show(share, what); }));
  line.Finish();
  const std::vector<Point> points = BoardPoints(board, times);
  const std::vector<FrontierEntry> frontier = ComputeFrontier(points, BoardAxes());
  if (json) {
    PrintJson(BoardJson(board, times, points, frontier));
  } else {
    PrintBoard(board, times, points, frontier);
  }
  return 0;
}

}  // namespace tradewind
