// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Strategies on NAS-Bench-201 (six edges, five operators, 15,625 nets): the share of the exhaustive front's hypervolume.
//
//   strategies_bench TABLE.csv DEVICE TRIALS SEEDS [STRATEGY[:parameter=value,...]]...
//
// SEEDS are as in 101-110. It prints, tab-separated: strategy, device, trials, seed, share, share near the front, settings tried, seconds,
// remark. Both axes are scaled as told at References below.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "search/indicators.h"
#include "search/loop.h"
#include "search/strategies.h"

namespace tradewind {
namespace {

// From the least costly to the most: the order that partial_order assumes.
const std::vector<std::string> kOperators = {"none", "skip_connect", "avg_pool_3x3", "nor_conv_1x1", "nor_conv_3x3"};
constexpr const char* kAccuracy = "e200_cifar10_test";

struct Net {
  double accuracy = 0;
  double latency = 0;
};

std::vector<std::string> Split(const std::string& line, char mark) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, mark);) cells.push_back(cell);
  return cells;
}

// "|a~0|+|b~0|c~1|+|d~0|e~1|f~2|" to the setting of six edges.
Setting ParseArch(const std::string& arch) {
  Setting setting;
  int edge = 0;
  for (const std::string& part : Split(arch, '|')) {
    const size_t tilde = part.find('~');
    if (tilde != std::string::npos) setting.Set("edge" + std::to_string(edge++), part.substr(0, tilde));
  }
  return setting;
}

std::map<std::string, Net> ReadNets(const std::string& path, const std::string& device) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> header = Split(line, ',');
  const auto column = [&](const std::string& name) {
    return static_cast<size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const size_t arch = column("arch");
  const size_t accuracy = column(kAccuracy);
  const size_t latency = column("lat_ms_" + device);
  std::map<std::string, Net> nets;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = Split(line, ',');
    if (cells.size() <= std::max({arch, accuracy, latency})) continue;
    nets[ParseArch(cells[arch]).Text()] = {std::stod(cells[accuracy]), std::stod(cells[latency])};
  }
  return nets;
}

// References: accuracy of chance and the slowest net; and, near the front, the front's own worst on each axis, moved out by a tenth of its
// range.
struct Yardstick {
  std::vector<double> reference;
  std::vector<double> exhaustive;
  double whole = 0;
  std::vector<double> near;
  double near_whole = 0;
};

Yardstick MakeYardstick(const std::map<std::string, Net>& nets) {
  Yardstick y;
  double slowest = 0;
  for (const auto& [text, net] : nets) {
    y.exhaustive.insert(y.exhaustive.end(), {-net.accuracy, net.latency});
    slowest = std::max(slowest, net.latency);
  }
  y.reference = {-10, slowest};
  y.whole = Hypervolume(y.exhaustive, 2, y.reference);
  std::vector<double> low = {1e9, 1e9};
  std::vector<double> high = {-1e9, -1e9};
  for (const size_t i : NonDominated(y.exhaustive, 2)) {
    for (size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], y.exhaustive[2 * i + k]);
      high[k] = std::max(high[k], y.exhaustive[2 * i + k]);
    }
  }
  for (size_t k = 0; k < 2; ++k) y.near.push_back(high[k] + 0.1 * (high[k] - low[k]));
  y.near_whole = Hypervolume(y.exhaustive, 2, y.near);
  return y;
}

SearchSpace SpaceOfNets() {
  SearchSpace space;
  for (int edge = 0; edge < 6; ++edge) {
    SearchDimension d{.knob = "edge" + std::to_string(edge), .values = {}};
    for (const std::string& name : kOperators) d.values.emplace_back(name);
    space.dimensions.push_back(d);
  }
  return space;
}

int RunOne(const std::string& given, const std::string& device, size_t trials, uint64_t seed, const std::map<std::string, Net>& nets,
           const Yardstick& y) {
  const size_t colon = given.find(':');
  StrategyOptions options{.seed = seed, .trials = trials, .parameters = {}};
  if (colon != std::string::npos) {
    for (const std::string& pair : Split(given.substr(colon + 1), ','))
      options.parameters[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
  }
  const SearchGoal goal{.axes = {{"accuracy", Direction::kHigherIsBetter}, {"ms", Direction::kLowerIsBetter}},
                        .reference = {-y.reference[0], y.reference[1]}};
  const auto start = std::chrono::steady_clock::now();
  auto strategy = MakeStrategy(given.substr(0, colon), SpaceOfNets(), goal, options);
  if (!strategy) {
    std::fprintf(stderr, "%s: n/a: %s\n", given.c_str(), strategy.error().ToString().c_str());
    return 0;
  }
  const auto result = RunTrials(**strategy, {.trials = trials}, [&](const Setting& s) -> Result<std::optional<Point>> {
    const Net& net = nets.at(s.Text());
    return std::optional<Point>(Point{s, {{.metric = "accuracy", .value = net.accuracy}, {.metric = "ms", .value = net.latency}}});
  });
  std::vector<double> rows;
  for (const Point& p : result->points) rows.insert(rows.end(), {-p.Find("accuracy")->value, p.Find("ms")->value});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s\t%s\t%zu\t%d\t%.5f\t%.5f\t%zu\t%.2f\t%s\n", given.c_str(), device.c_str(), trials, static_cast<int>(seed),
              Hypervolume(rows, 2, y.reference) / y.whole, Hypervolume(rows, 2, y.near) / y.near_whole, result->points.size(), seconds,
              (*strategy)->Remark().c_str());
  std::fflush(stdout);
  return 0;
}

int Main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: strategies_bench TABLE.csv DEVICE TRIALS SEEDS [STRATEGY[:parameter=value,...]]...\n");
    return 2;
  }
  const std::map<std::string, Net> nets = ReadNets(argv[1], argv[2]);
  if (nets.size() != 15625) {
    std::fprintf(stderr, "%s: %zu nets, not 15625\n", argv[1], nets.size());
    return 2;
  }
  const Yardstick y = MakeYardstick(nets);
  std::vector<std::string> names(argv + 5, argv + argc);
  if (names.empty()) {
    for (const auto& [name, unused] : Strategies().All()) names.push_back(name == "partial_order" ? "partial_order:ordered=all" : name);
    std::erase(names, "exhaustive");
  }
  const std::vector<std::string> seeds = Split(argv[4], '-');
  for (const std::string& name : names) {
    for (uint64_t seed = std::stoul(seeds.front()); seed <= std::stoul(seeds.back()); ++seed)
      RunOne(name, argv[2], std::stoul(argv[3]), seed, nets, y);
  }
  return 0;
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  return tradewind::Main(argc, argv);
}
