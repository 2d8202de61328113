// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Python's pickles as data: PyTorch wraps its weights in them. The opcodes build plain values; what Python would call is only written down
// (kCall: a name and its arguments), never run. Bounded: opcodes, values and texts have limits; heap is some 50 times the pickle's bytes at
// most. Values refer to each other by number, and a pickle may make a value contain itself: walk with a limit. Immutable after reading.
//
//   TW_ASSIGN(const Pickle pickle, Pickle::Read(bytes, 0, "weights.pth"));
//   const PickleValue& root = pickle.root();
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct PickleLimits {
  static constexpr uint64_t kBytes = 64u << 20;
  static constexpr uint64_t kValues = 1u << 21;
};

enum class PickleKind : uint8_t {
  kNone,
  kBool,
  kInteger,  // of up to 64 bits; a longer one is kText with its bytes
  kReal,
  kText,        // str and bytes
  kTuple,       // items
  kList,        // items
  kDict,        // items: key, value, key, value, ...
  kGlobal,      // text: "module name"
  kCall,        // items: what is called (mostly kGlobal), its arguments
  kPersistent,  // items: the id of something outside the pickle
};

struct PickleValue {
  PickleKind kind = PickleKind::kNone;
  int64_t integer = 0;  // and of kBool
  double real = 0;
  std::string_view text{};  // views the bytes, or the pickle for kGlobal
  std::vector<uint32_t> items{};
};

class Pickle {
 public:
  // Reads one pickle from the beginning of `bytes`, which it borrows; `offset` is where they begin in the file `source`, for errors.
  // kInvalidInput with the byte offset; kUnsupported names an opcode that weights do not need.
  static Result<Pickle> Read(std::span<const std::byte> bytes, uint64_t offset, const std::string& source);

  Pickle(Pickle&&) = default;
  Pickle& operator=(Pickle&&) = default;

  const PickleValue& root() const { return values_[root_]; }
  const PickleValue& value(uint32_t number) const { return values_[number]; }
  // How many bytes it took: another may follow.
  uint64_t size_bytes() const { return size_; }

 private:
  friend class PickleReader;
  Pickle() = default;
  std::vector<PickleValue> values_;
  std::vector<std::string> names_;  // of globals
  uint32_t root_ = 0;
  uint64_t size_ = 0;
};

}  // namespace tradewind
