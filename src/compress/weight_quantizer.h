// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WeightQuantizer: the maker behind the knob `weights`: a model's file in, one of another recipe out.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/artefact.h"

namespace tradewind {

class WeightQuantizer final : public Maker {
 public:
  // `progress` as QuantizeOptions has it.
  explicit WeightQuantizer(int threads, std::function<bool(double share, std::string_view tensor)> progress = {});
  std::string_view name() const override { return "quantize"; }
  std::span<const Knob> knobs() const override { return knobs_; }  // type: a recipe's name
  std::string_view suffix() const override { return ".gguf"; }
  // Of one input, a model's file. kInvalidInput for another number; else as QuantizeModel.
  Result<Artefact> Make(std::span<const Artefact> inputs, const Setting& setting, const std::string& path) override;

 private:
  int threads_;
  std::function<bool(double, std::string_view)> progress_;
  std::vector<Knob> knobs_;
};

}  // namespace tradewind
