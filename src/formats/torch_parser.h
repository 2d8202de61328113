// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TorchParser: what a pickle says of tensors, held against the data that the file has. Only three calls are understood: an ordered
// dictionary, a tensor rebuilt from a storage, and a parameter around a tensor.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "formats/pickle.h"
#include "formats/torch_file.h"

namespace tradewind {

class TorchParser {
 public:
  static Result<void> Parse(std::span<const std::byte> bytes, TorchFile& out);

 private:
  TorchParser(std::span<const std::byte> bytes, TorchFile& out) : bytes_(bytes), out_(out) {}

  struct Storage {  // what tensors are cut from
    std::string type;
    uint64_t elements = 0;
    std::span<const std::byte> data{};
  };
  struct Claim {  // what the pickle says of a tensor, until the data are known
    std::string name{};
    std::string storage{};
    uint64_t first = 0;  // element
    std::vector<int64_t> shape{};
    std::vector<int64_t> strides{};
  };

  tl::unexpected<Status> Bad(std::string_view where, std::string problem, StatusCode code = StatusCode::kInvalidInput) const;
  Result<void> ParseLegacy();
  Result<void> ParseArchive();
  // The tensors that the pickle's root holds.
  Result<void> Collect(const Pickle& pickle);
  Result<void> CollectTensor(const Pickle& pickle, const PickleValue& call, std::string name);
  Result<std::string> CollectStorage(const Pickle& pickle, const PickleValue& persistent, const std::string& name);
  Result<std::vector<int64_t>> Integers(const Pickle& pickle, uint32_t number, const std::string& name) const;
  Result<void> Place();
  // A tensor whose dimensions lie in another order than their numbers, such as channels last, copied row by row.
  Result<std::span<const std::byte>> RowByRow(const Claim& claim, std::span<const std::byte> data, uint64_t value_bytes);

  std::span<const std::byte> bytes_;
  TorchFile& out_;
  std::vector<Claim> claims_;
  std::map<std::string, Storage> storages_;
  uint64_t copied_bytes_ = 0;
};

}  // namespace tradewind
