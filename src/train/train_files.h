// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the files lie that recipes name, and nets of them.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "formats/onnx.h"
#include "train/train_recipe.h"

namespace tradewind {

// As named if it is there, else below `data_folder`, else below TRADEWIND_DATA. kNotFound names the places.
Result<std::string> FindTrainFile(const std::string& name, const std::string& data_folder);
// The same of pictures, "FOLDER" or "FOLDER,COUNT", as LoadPictures takes them.
Result<std::string> FindTrainPictures(const std::string& name, const std::string& data_folder);

// A value that a recipe names: block.3 is where the net's fourth block ends; other names stand for themselves.
Result<std::string> NamedValue(const OnnxModel& model, const std::string& value);

Result<OnnxModel> ChosenNet(const NetChoice& net, uint64_t seed, const std::string& data_folder);

}  // namespace tradewind
