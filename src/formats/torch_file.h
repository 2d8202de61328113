// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PyTorch's files of weights (.pth, .th, .pt): the tensors of their dictionaries, read without running what the pickle asks for. Both
// layouts: one pickle after the other with the data behind them (before PyTorch 1.6), and a zip archive. Dictionaries inside each other
// give names with dots; what is no tensor is passed over. Immutable after reading: share it.
//
//   TW_ASSIGN(const TorchFile file, TorchFile::Open("resnet20.th"));
//   const TorchTensor* w = file.Find("state_dict.module.conv1.weight");
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct TorchLimits {
  static constexpr uint64_t kTensors = 1u << 16;
  static constexpr uint64_t kDimensions = 16;
  static constexpr int kDepth = 16;  // of dictionaries in dictionaries
  static constexpr uint64_t kNameBytes = 4096;
  static constexpr uint64_t kStorageBytes = 16ull << 30;
};

struct TorchTensor {
  std::string type;  // "Float", "Long", "Half", ...: PyTorch's name of the storage, without "Storage"
  std::vector<int64_t> shape{};
  std::span<const std::byte> data{};  // row-major without gaps, not aligned

  int64_t values() const;
  // Of "Float" tensors; kUnsupported for another type.
  Result<std::vector<float>> Floats() const;
};

class TorchFile {
 public:
  // kInvalidInput with field and byte offset; kUnsupported for a tensor with gaps. Dimensions in another order are put row by row.
  static Result<TorchFile> Open(const std::string& path);
  static Result<TorchFile> FromBytes(std::vector<std::byte> bytes, std::string name);

  const std::map<std::string, TorchTensor, std::less<>>& tensors() const { return tensors_; }
  const TorchTensor* Find(std::string_view name) const;  // nullptr if absent
  const std::string& source() const { return source_; }

 private:
  friend class TorchParser;
  TorchFile() = default;
  std::string source_;
  std::map<std::string, TorchTensor, std::less<>> tensors_;
  std::vector<std::shared_ptr<const void>> keepers_;  // of the tensors' bytes
};

}  // namespace tradewind
