// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <set>
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
constexpr double kRoundLeast_ms = 100, kRoundMost_ms = 1000;
constexpr double kHopeless = 2;  // times another's latency

Result<double> NumberIn(const YAML::Node& node, const std::string& what, const std::string& origin) {
  TW_ASSIGN(const std::string text, TextOf(node, what, origin));
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) {
    return Fail(Status(StatusCode::kInvalidInput, what + ": '" + text + "' is no number").At(LinePlace(origin, LineOf(node))));
  }
  return value;
}

// A map of names to numbers; empty where the field is left out.
Result<std::map<std::string, double>> NumbersIn(const Fields& fields, const std::string& field, const std::string& origin) {
  std::map<std::string, double> numbers;
  if (!fields.Has(field)) return numbers;
  for (const auto& entry : fields.Get(field)) {
    TW_ASSIGN(const std::string name, TextOf(entry.first, field, origin));
    TW_ASSIGN(numbers[name], NumberIn(entry.second, name, origin));
  }
  return numbers;
}

Result<BoardNet> BuildNetOf(const YAML::Node& node, const std::string& origin) {
  TW_ASSIGN(const Fields fields, Fields::Of(node, "a net", origin, {"name", "net", "set", "resolution", "top1", "weights", "also"}));
  BoardNet net;
  TW_ASSIGN(net.name, fields.Line("name"));
  TW_ASSIGN(net.net, fields.Line("net"));
  TW_ASSIGN(net.weights, fields.TextOr("weights", ""));
  TW_ASSIGN(const double resolution, fields.NumberOr("resolution", 224));
  TW_ASSIGN(net.top1, fields.NumberOr("top1", -1));
  if (net.top1 < 0 || net.top1 > 100) return fields.Fails("top1", "an accuracy in per cent is due, from 0 to 100");
  if (!(resolution >= 16 && resolution <= 2048)) return fields.Fails("resolution", "from 16 to 2048 pixels");
  net.resolution = static_cast<int64_t>(resolution);
  TW_ASSIGN(net.parameters, NumbersIn(fields, "set", origin));
  TW_ASSIGN(net.also, NumbersIn(fields, "also", origin));
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

using NamedWeights = std::pair<std::string, double>;

std::optional<NamedWeights> ChosenWeights(const BoardNet& net, const WeightChoice& choice) {
  std::vector<NamedWeights> all(net.also.begin(), net.also.end());
  all.emplace_back(net.weights, net.top1);
  for (const std::string& tag : choice.tags) {
    const auto tagged = std::find_if(all.begin(), all.end(), [&](const NamedWeights& w) { return w.first.ends_with("." + tag); });
    if (tagged != all.end()) return *tagged;
  }
  const auto barred = [&](const NamedWeights& w) {
    const auto held = [&](const std::string& word) { return w.first.find(word) != std::string::npos; };
    return std::any_of(choice.without.begin(), choice.without.end(), held);
  };
  std::erase_if(all, barred);
  if (all.empty()) return std::nullopt;
  return *std::max_element(all.begin(), all.end(), [](const NamedWeights& a, const NamedWeights& b) { return a.second < b.second; });
}

// Median of some runs, in milliseconds, after one that warms up: of as many as asked for and a tenth of a second's, or, where that takes
// more than a second, of three.
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
  double all_ms = 0;
  for (int i = -1; i < 3 || (all_ms < kRoundMost_ms && (i < runs || all_ms < kRoundLeast_ms)); ++i) {
    const TimePoint start = RealClock().Now();
    TW_RETURN_IF_ERROR(runner.Run({&input, 1}));
    if (i < 0) continue;
    ms.push_back((RealClock().Now() - start).ms());
    all_ms += ms.back();
  }
  return Median(ms);
}

// Whether another back end has run the same net in less than half the time: by rounds that are over.
bool Hopeless(size_t i, const std::vector<BoardTime>& times, const std::vector<std::vector<double>>& ms) {
  for (size_t other = 0; other < times.size(); ++other) {
    if (times[other].net != times[i].net || ms[other].empty() || ms[i].empty()) continue;
    if (ms[i].front() > kHopeless * ms[other].front()) return true;
  }
  return false;
}

Result<OnnxModel> BuildBoardNet(const BoardNet& net, WeightSource& weights) {
  std::map<std::string, double> parameters = net.parameters;
  parameters["resolution"] = static_cast<double>(net.resolution);
  return BuildNet(net.net, parameters, weights);
}

// Normal as RandomWeightSource's, out of one pool of draws: of large nets, drawing each weight would take longer than timing them.
class PooledWeights : public WeightSource {
 public:
  PooledWeights() : pool_((1 << 16) + 1) {
    Random random(1);
    for (float& x : pool_) x = static_cast<float>(random.Normal());
  }
  Result<std::vector<float>> Get(const std::string&, const std::vector<int64_t>& dims, WeightKind kind, int64_t fan_in) override {
    const auto count = static_cast<size_t>(std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>()));
    if (kind == WeightKind::kScale || kind == WeightKind::kVariance) return std::vector<float>(count, 1.0f);
    std::vector<float> values(count);
    if (kind != WeightKind::kWeights) return values;
    const auto spread = static_cast<float>(std::sqrt(2.0 / static_cast<double>(std::max<int64_t>(1, fan_in))));
    for (float& x : values) x = spread * pool_[next_++ % pool_.size()];
    return values;
  }

 private:
  std::vector<float> pool_;
  size_t next_ = 0;
};

// Zeros, counted.
class CountedWeights : public WeightSource {
 public:
  Result<std::vector<float>> Get(const std::string&, const std::vector<int64_t>& dims, WeightKind kind, int64_t) override {
    const int64_t values = std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
    if (kind != WeightKind::kMean && kind != WeightKind::kVariance) trained_ += values;
    return std::vector<float>(static_cast<size_t>(values));
  }
  int64_t trained() const { return trained_; }

 private:
  int64_t trained_ = 0;
};

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
    PooledWeights weights;
    std::optional<size_t> built;
    for (size_t i = 0; i < times.size(); ++i) {
      BoardTime& time = times[i];
      const BoardNet& net = board.nets[time.net];
      if (told) told(done++ / all, net.name + ", " + time.backend);
      if (!time.failure.empty() || Hopeless(i, times, ms)) continue;
      if (built != time.net) {
        source.path = net.name;
        TW_ASSIGN(source.model, BuildBoardNet(net, weights));
        built = time.net;
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
    // The median of what rounds would give lies between the extremes of n of them, but for one case in 2^(n - 1).
    times[i].interval = {*low, *high, 1 - std::exp2(1 - static_cast<double>(ms[i].size()))};
    times[i].rounds_ms = std::move(ms[i]);
  }
  return times;
}

Result<Board> OnlyFamilies(const Board& board, const std::vector<std::string>& families) {
  Board only{.name = board.name, .source = board.source};
  std::set<std::string> found;
  for (const BoardNet& net : board.nets) {
    const auto family = std::find_if(families.begin(), families.end(), [&](const std::string& f) { return net.name.starts_with(f); });
    if (family == families.end()) continue;
    for (const std::string& f : families) {
      if (net.name.starts_with(f)) found.insert(f);
    }
    only.nets.push_back(net);
  }
  for (const std::string& family : families) {
    if (!found.contains(family))
      return Fail(StatusCode::kNotFound, "the board " + board.name + " has no net whose name starts with '" + family +
                                             "'; `tradewind measure --board " + board.name + "` lists them");
  }
  return only;
}

std::vector<TimedNet> FastestOf(const Board& board, const std::vector<BoardTime>& times, const WeightChoice& choice) {
  std::vector<TimedNet> nets;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    const BoardTime* best = nullptr;
    for (const BoardTime& time : times) {
      if (time.net == n && time.failure.empty() && (best == nullptr || time.latency_ms < best->latency_ms)) best = &time;
    }
    const auto weights = ChosenWeights(board.nets[n], choice);
    if (best == nullptr || !weights) continue;
    nets.push_back({.name = board.nets[n].name,
                    .resolution = board.nets[n].resolution,
                    .top1 = weights->second,
                    .weights = weights->first,
                    .backend = best->backend,
                    .latency_ms = best->latency_ms,
                    .interval = best->interval});
  }
  return nets;
}

Result<int64_t> ParametersOf(const BoardNet& net) {
  CountedWeights weights;
  TW_RETURN_IF_ERROR(BuildBoardNet(net, weights));
  return weights.trained();
}

std::vector<Axis> BoardAxes() {
  return {{"top1", Direction::kHigherIsBetter}, {"latency_ms", Direction::kLowerIsBetter}};
}

std::vector<Point> BoardPoints(std::span<const TimedNet> nets) {
  std::vector<Point> points;
  for (const TimedNet& net : nets) {
    Point point;
    point.setting.Set("net", net.name);
    point.setting.Set("resolution", net.resolution);
    point.setting.Set("backend", net.backend);
    point.measurements = {
        {.metric = "top1", .value = net.top1, .interval = {net.top1, net.top1}, .count = 1, .origin = Origin::kRecorded},
        {.metric = "latency_ms", .value = net.latency_ms, .interval = net.interval, .count = 1, .origin = Origin::kMeasured}};
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace tradewind
