// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LatencyTable: what each of many architectures (or settings) costs on each of many devices: what a few-shot predictor learns from and is
// tested on. A plain value; share it freely once filled.
//
//   LatencyTable table{.devices = {"pixel3", "fpga"}, .features = {{1, 0}, {0, 1}}, .latencies = {{3, 5}, {9, 2}}};
//   TW_RETURN_IF_ERROR(CheckLatencies(table));
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct LatencyTable {
  std::vector<std::string> devices;
  std::vector<std::vector<double>> features;   // [architecture][feature]
  std::vector<std::vector<double>> latencies;  // [device][architecture], all > 0, in any one unit a device

  size_t architectures() const { return features.size(); }
};

// kInvalidInput, naming device, row and remedy: rows of unequal length, values that are not finite, latencies that are not positive.
Result<void> CheckLatencies(const LatencyTable& table);

// The index of each name; kNotFound names the device that the table lacks.
Result<std::vector<size_t>> DeviceIndices(const LatencyTable& table, std::span<const std::string> names);

}  // namespace tradewind
