// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OnnxExternalFiles: the files beside a model that hold its large tensors. A location is a path below the model's folder in plain names: no
// "..", not absolute, no symbolic link on the way, no device, no second name (hard link) of a file that may lie elsewhere. Not thread-safe.
//
//   OnnxExternalFiles files("folder/model.onnx");
//   TW_ASSIGN(auto file, files.Open("weights.bin"));
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"

namespace tradewind {

class OnnxExternalFiles {
 public:
  // Empty: there is no folder, and every location is refused.
  explicit OnnxExternalFiles(std::string model_path) : model_path_(std::move(model_path)) {}
  // Mapped once however often it is named. kInvalidInput names the location and what is wrong with it.
  Result<std::shared_ptr<const MappedFile>> Open(const std::string& location);

 private:
  std::string model_path_;
  std::map<std::string, std::shared_ptr<const MappedFile>> open_;
};

}  // namespace tradewind
