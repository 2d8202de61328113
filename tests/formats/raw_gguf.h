// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GGUF files built field by field, so that a test can lie about any one of them. Every helper returns the offset of what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace tradewind {

struct RawGguf {
  std::vector<std::byte> bytes;

  // Not inlined: g++ 12 warns of overflows that cannot be where it follows the vector's size.
  [[gnu::noinline]] uint64_t Append(const void* data, size_t size) {
    const uint64_t at = bytes.size();
    bytes.resize(at + size);
    if (size > 0) std::memcpy(bytes.data() + at, data, size);
    return at;
  }
  template <typename T>
  uint64_t Put(T value) {
    return Append(&value, sizeof(T));
  }
  uint64_t PutString(std::string_view text) {
    const uint64_t at = Put<uint64_t>(text.size());
    Append(text.data(), text.size());
    return at;
  }
  uint64_t PutHeader(uint64_t tensors, uint64_t keys, uint32_t version = 3) {
    for (const char c : std::string_view("GGUF")) Put(c);
    Put(version);
    Put(tensors);
    Put(keys);
    return 0;
  }
  // The value's type is left to the caller to follow with its value.
  uint64_t PutKey(std::string_view name, uint32_t type) {
    const uint64_t at = PutString(name);
    Put(type);
    return at;
  }
  // A whole description of a tensor; returns where its field `offset` lies.
  uint64_t PutTensor(std::string_view name, std::initializer_list<uint64_t> shape, uint32_t type, uint64_t offset) {
    PutString(name);
    Put(static_cast<uint32_t>(shape.size()));
    for (const uint64_t length : shape) Put(length);
    Put(type);
    return Put(offset);
  }
  // Pads the header to 32 and adds `data_bytes` of tensor data.
  void PutData(uint64_t data_bytes) { bytes.resize((bytes.size() + 31) / 32 * 32 + data_bytes); }
};

}  // namespace tradewind
