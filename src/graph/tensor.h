// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tensor: what goes into a graph and comes out of it, row-major, in memory of its own. A plain value.
//
//   Tensor image = Tensor::Of<float>({1, 3, 32, 32});
//   std::span<float> pixels = image.Values<float>();
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

enum class ElementType : uint8_t { kFloat, kUint8, kInt8, kInt32, kInt64 };
std::string_view ElementName(ElementType type);  // "float", "uint8", ...
int64_t ElementBytes(ElementType type);
// "1x3x32x32"; a dimension of -1 as "?".
std::string ShapeText(std::span<const int64_t> shape);

template <typename T>
constexpr ElementType ElementOf();
template <>
constexpr ElementType ElementOf<float>() {
  return ElementType::kFloat;
}
template <>
constexpr ElementType ElementOf<uint8_t>() {
  return ElementType::kUint8;
}
template <>
constexpr ElementType ElementOf<int8_t>() {
  return ElementType::kInt8;
}
template <>
constexpr ElementType ElementOf<int32_t>() {
  return ElementType::kInt32;
}
template <>
constexpr ElementType ElementOf<int64_t>() {
  return ElementType::kInt64;
}

struct Tensor {
  ElementType type = ElementType::kFloat;
  std::vector<int64_t> shape{};  // none below 0
  std::vector<std::byte> data{};

  // Zeros.
  static Tensor Make(ElementType type, std::vector<int64_t> shape);
  template <typename T>
  static Tensor Of(std::vector<int64_t> shape) {
    return Make(ElementOf<T>(), std::move(shape));
  }
  int64_t values() const;
  // T must be the element type.
  template <typename T>
  std::span<T> Values() {
    assert(ElementOf<T>() == type);
    return {reinterpret_cast<T*>(data.data()), data.size() / sizeof(T)};
  }
  template <typename T>
  std::span<const T> Values() const {
    assert(ElementOf<T>() == type);
    return {reinterpret_cast<const T*>(data.data()), data.size() / sizeof(T)};
  }
};

// An input or output of a graph, as its file names it.
struct GraphEdge {
  std::string name;
  ElementType type = ElementType::kFloat;
  std::vector<int64_t> shape{};  // -1: any
};

}  // namespace tradewind
