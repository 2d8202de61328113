// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "formats/yaml_fields.h"
#include "graph/backend.h"
#include "graph/net_library.h"
#include "stats/summary.h"

namespace tradewind {

std::span<const std::pair<std::string_view, std::string_view>> EmbeddedBoards();  // generated; ascending

namespace {

constexpr size_t kBoardBytes = 1 << 20;
constexpr size_t kMostNets = 1000;

Result<double> NumberIn(const YAML::Node& node, const std::string& what, const std::string& origin) {
  TW_ASSIGN(const std::string text, TextOf(node, what, origin));
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    return Fail(Status(StatusCode::kInvalidInput, what + ": '" + text + "' is no number").At(LinePlace(origin, LineOf(node))));
  }
  return value;
}

Result<BoardNet> BuildNetOf(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a net", origin, {"name", "net", "set", "resolution", "top1", "weights"}));
  BoardNet net;
  TW_ASSIGN(net.name, fields.Line("name"));
  TW_ASSIGN(net.net, fields.Line("net"));
  TW_ASSIGN(net.weights, fields.TextOr("weights", ""));
  TW_ASSIGN(const double resolution, fields.NumberOr("resolution", 224));
  TW_ASSIGN(net.top1, fields.NumberOr("top1", -1));
  if (net.top1 < 0 || net.top1 > 100) return fields.Fails("top1", "an accuracy in per cent is due, from 0 to 100");
  if (!(resolution >= 16 && resolution <= 2048)) return fields.Fails("resolution", "from 16 to 2048 pixels");
  net.resolution = static_cast<int64_t>(resolution);
  if (!fields.Has("set")) return net;
  for (const auto& entry : fields.Get("set")) {
    TW_ASSIGN(const std::string parameter, TextOf(entry.first, "a parameter", origin));
    TW_ASSIGN(net.parameters[parameter], NumberIn(entry.second, parameter, origin));
  }
  return net;
}

Result<Board> BuildBoard(const YAML::Node& root, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(root, "a board", origin, {"name", "source", "metric", "nets"}));
  Board board;
  TW_ASSIGN(board.name, fields.Line("name"));
  TW_ASSIGN(board.source, fields.TextOr("source", ""));
  TW_ASSIGN(const size_t metric, fields.WordOr("metric", {"top1"}, 0));
  static_cast<void>(metric);
  TW_ASSIGN(const std::vector<YAML::Node> nets, fields.List("nets"));
  if (nets.empty() || nets.size() > kMostNets) return fields.Fails("nets", "from 1 to " + std::to_string(kMostNets) + " nets");
  for (const YAML::Node& node : nets) {
    TW_ASSIGN(BoardNet net, BuildNetOf(node, origin));
    board.nets.push_back(std::move(net));
  }
  return board;
}

// Median of some runs, in milliseconds, after one that warms up.
Result<double> MedianRun(GraphRunner& runner, int runs) {
  const GraphEdge& edge = runner.inputs()[0];
  std::vector<int64_t> shape = edge.shape;
  for (int64_t& side : shape) side = std::max<int64_t>(side, 1);
  Tensor input = Tensor::Make(edge.type, shape);
  Random random(1);
  if (edge.type == ElementType::kFloat) {
    for (float& x : input.Values<float>()) x = static_cast<float>(random.Uniform());
  }
  std::vector<double> ms;
  for (int i = -1; i < runs; ++i) {
    const TimePoint start = RealClock().Now();
    TW_RETURN_IF_ERROR(runner.Run({&input, 1}));
    if (i >= 0) ms.push_back((RealClock().Now() - start).ms());
  }
  return Median(ms);
}

std::vector<std::string> BackendsThere() {
  std::vector<std::string> names;
  for (const auto& [name, backend] : GraphBackends().All()) {
    if (backend.available()) names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<std::string> BoardNames() {
  std::vector<std::string> names;
  for (const auto& [name, text] : EmbeddedBoards()) names.emplace_back(name);
  return names;
}

Result<Board> ReadBoard(const std::string& name) {
  std::string known;
  for (const auto& [board, text] : EmbeddedBoards()) {
    if (board == name) return ReadYaml<Board>(text, "board " + name, kBoardBytes, BuildBoard);
    known += (known.empty() ? "" : ", ") + std::string(board);
  }
  if (!name.ends_with(".yaml")) {
    return Fail(StatusCode::kNotFound, "there is no board '" + name + "'; there are: " + known + "; or give the path of a .yaml file");
  }
  TW_ASSIGN(const std::string text, ReadFile(name, kBoardBytes));
  return ReadYaml<Board>(text, name, kBoardBytes, BuildBoard);
}

Result<std::vector<BoardTime>> TimeBoard(const Board& board, const BoardOptions& options,
                                         const std::function<void(double share, const std::string& what)>& told) {
  const std::vector<std::string> backends = options.backends.empty() ? BackendsThere() : options.backends;
  std::vector<BoardTime> times;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    for (const std::string& backend : backends) times.push_back({.net = n, .backend = backend});
  }
  std::vector<std::vector<double>> ms(times.size());
  const double all = static_cast<double>(options.rounds) * static_cast<double>(times.size());
  double done = 0;
  // Round by round over the whole board: what the machine does for a minute meets all nets alike.
  for (int round = 0; round < options.rounds; ++round) {
    GraphSource source;
    for (size_t i = 0; i < times.size(); ++i) {
      BoardTime& time = times[i];
      const BoardNet& net = board.nets[time.net];
      if (told) told(done++ / all, net.name + ", " + time.backend);
      if (!time.failure.empty()) continue;
      if (i == 0 || times[i - 1].net != time.net) {
        std::map<std::string, double> parameters = net.parameters;
        parameters["resolution"] = static_cast<double>(net.resolution);
        source.path = net.name;
        TW_ASSIGN(source.model, BuildNet(net.net, parameters, *RandomWeightSource(1)));
      }
      auto runner = OpenGraph(source, {.backend = time.backend, .threads = options.threads});
      if (!runner) {
        time.failure = runner.error().ToString();
        continue;
      }
      TW_ASSIGN(const double median, MedianRun(**runner, options.runs));
      ms[i].push_back(median);
    }
  }
  for (size_t i = 0; i < times.size(); ++i) {
    if (ms[i].empty()) continue;
    times[i].latency_ms = Median(ms[i]);
    const auto [low, high] = std::minmax_element(ms[i].begin(), ms[i].end());
    times[i].interval = {*low, *high};
  }
  return times;
}

std::vector<Axis> BoardAxes() {
  return {{"top1", Direction::kHigherIsBetter}, {"latency_ms", Direction::kLowerIsBetter}};
}

std::vector<Point> BoardPoints(const Board& board, const std::vector<BoardTime>& times) {
  std::vector<Point> points;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    const BoardTime* best = nullptr;
    for (const BoardTime& time : times) {
      if (time.net == n && time.failure.empty() && (best == nullptr || time.latency_ms < best->latency_ms)) best = &time;
    }
    if (best == nullptr) continue;
    const BoardNet& net = board.nets[n];
    Point point;
    point.setting.Set("net", net.name);
    point.setting.Set("resolution", net.resolution);
    point.setting.Set("backend", best->backend);
    point.measurements = {
        {.metric = "top1", .value = net.top1, .interval = {net.top1, net.top1}, .count = 1, .origin = Origin::kRecorded},
        {.metric = "latency_ms", .value = best->latency_ms, .interval = best->interval, .count = 1, .origin = Origin::kMeasured}};
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace tradewind
