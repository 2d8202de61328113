// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `tradewind run` on a graph: what a net says of pictures, or of a video frame by frame, and how long it takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/arguments.h"

namespace tradewind {

struct PictureArguments {
  std::vector<std::string> images;
  std::string video;
  std::string card;
  std::string backend = "native";
  std::optional<std::string> out;
  int64_t frames = 0;

  void Declare(Arguments& args);
};

// Whether the model is a file of a graph, by its ending.
bool IsGraphFile(const std::string& model);

// Prints what is found, as text or, if `json`, as one JSON value; writes annotated pictures if there is a place for them. `set`:
// knob=value.
Result<int> RunPictures(const std::string& model, const PictureArguments& args, std::optional<int64_t> threads,
                        const std::vector<std::string>& set, bool json);

}  // namespace tradewind
