// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Boxes as FastestDet has them (github.com/dog-qiuqiu/FastestDet): for each cell of a grid whether there is something, its center's offset
// from the cell, its sides, and a probability for each class.
#include <cmath>

#include "vision/task.h"

namespace tradewind {
namespace {

constexpr int64_t kBoxNumbers = 5;  // presence, x, y, width, height

float Sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

Result<VisionResult> ReadCells(const TaskInput& in) {
  const Tensor& out = in.outputs[0];
  if (in.outputs.size() != 1 || out.shape.size() != 4 || out.shape[0] != 1 || out.shape[1] <= kBoxNumbers) {
    return Fail(WrongOutput(in.edges[0], out, "fastestdet", "1x(5 + CLASSES)xROWSxCOLUMNS"));
  }
  const int64_t rows = out.shape[2], columns = out.shape[3], cells = rows * columns;
  const std::span<const float> values = out.Values<float>();
  const auto at = [&](int64_t number, int64_t cell) { return values[static_cast<size_t>(number * cells + cell)]; };
  std::vector<FoundBox> found;
  for (int64_t cell = 0; cell < cells; ++cell) {
    int64_t best = kBoxNumbers;
    for (int64_t c = kBoxNumbers; c < out.shape[1]; ++c) {
      if (at(c, cell) > at(best, cell)) best = c;
    }
    const float score = std::pow(at(0, cell), 0.6f) * std::pow(at(best, cell), 0.4f);
    if (!(score > static_cast<float>(in.card.least_score))) continue;
    const float x = (static_cast<float>(cell % columns) + std::tanh(at(1, cell))) / static_cast<float>(columns);
    const float y = (static_cast<float>(cell / columns) + std::tanh(at(2, cell))) / static_cast<float>(rows);
    const float width = Sigmoid(at(3, cell)), height = Sigmoid(at(4, cell));
    found.push_back({.image = 0,
                     .label = best - kBoxNumbers + in.card.first_label,
                     .box = {in.frame.X(x - width / 2), in.frame.Y(y - height / 2), in.frame.X(x + width / 2), in.frame.Y(y + height / 2)},
                     .score = score});
  }
  return VisionResult{.boxes = SuppressOverlaps(std::move(found), in.card.most_overlap)};
}

}  // namespace

void RegisterFastestdetTask(Registry<VisionTask>& registry) {
  registry.Add("fastestdet", {.summary = "boxes of a grid of cells, as FastestDet has them", .read = ReadCells});
}

}  // namespace tradewind
