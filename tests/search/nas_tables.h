// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Latency tables of the public NAS benchmarks for tests: a plain reading of known files (a product's reader checks far more).
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "search/predictors/latency_table.h"

namespace tradewind {

struct NasTable {
  LatencyTable table;
  std::vector<double> accuracy;                 // empty where the file has none
  std::vector<std::vector<size_t>> operations;  // [architecture][position]: which operation
  std::vector<std::string> kinds;               // an operation's name
};

inline std::vector<std::string> SplitText(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, by);) parts.push_back(part);
  return parts;
}

// One-hot of each position, then how often each operation occurs.
inline std::vector<double> OneHotWithCounts(const std::vector<size_t>& operations, size_t kinds) {
  std::vector<double> row(operations.size() * kinds + kinds, 0.0);
  for (size_t p = 0; p < operations.size(); ++p) {
    row[p * kinds + operations[p]] = 1;
    row[operations.size() * kinds + operations[p]] += 1;
  }
  return row;
}

// `architecture` is the column's name; operations are numbered as they come. `separator` parts the positions: '|' for NAS-Bench-201, where
// "op~node" names an operation, ' ' for FBNet.
inline NasTable ReadNasTable(const std::string& path, char separator, size_t limit = SIZE_MAX) {
  NasTable out;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> header = SplitText(line, ',');
  std::vector<size_t> columns;
  size_t architecture = 0, accuracy = SIZE_MAX;
  for (size_t c = 0; c < header.size(); ++c) {
    if (header[c] == "arch") architecture = c;
    if (header[c] == "e200_cifar100_test") accuracy = c;
    if (header[c].starts_with("lat_ms_")) {
      columns.push_back(c);
      out.table.devices.push_back(header[c].substr(7));
    }
  }
  out.table.latencies.resize(columns.size());
  std::map<std::string, size_t> kinds;
  while (std::getline(in, line) && out.operations.size() < limit) {
    const std::vector<std::string> cells = SplitText(line, ',');
    std::vector<size_t>& operations = out.operations.emplace_back();
    for (const std::string& token : SplitText(cells[architecture], separator)) {
      const std::string name = token.substr(0, token.find('~'));
      if (!name.empty() && name != "+") operations.push_back(kinds.emplace(name, kinds.size()).first->second);
    }
    for (size_t c = 0; c < columns.size(); ++c) out.table.latencies[c].push_back(std::stod(cells[columns[c]]));
    if (accuracy != SIZE_MAX) out.accuracy.push_back(std::stod(cells[accuracy]));
  }
  out.kinds.resize(kinds.size());
  for (const auto& [name, number] : kinds) out.kinds[number] = name;
  for (const std::vector<size_t>& operations : out.operations) out.table.features.push_back(OneHotWithCounts(operations, kinds.size()));
  return out;
}

// Weights of the counts of an encoding of NAS-Bench-201 that give its floating-point operations: on C channels a k x k convolution takes
// C^2 k^2 a pixel, an average over 3 x 3 takes 9 C (C = 32 is the middle stage), the rest none.
inline std::vector<double> NasBench201Cost(const NasTable& nas) {
  std::vector<double> cost(nas.table.features[0].size(), 0.0);
  const size_t counts = cost.size() - nas.kinds.size();
  for (size_t k = 0; k < nas.kinds.size(); ++k) {
    if (nas.kinds[k] == "nor_conv_3x3") cost[counts + k] = 9;
    if (nas.kinds[k] == "nor_conv_1x1") cost[counts + k] = 1;
    if (nas.kinds[k] == "avg_pool_3x3") cost[counts + k] = 9.0 / 32;
  }
  return cost;
}

}  // namespace tradewind
