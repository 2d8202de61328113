// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/tensor.h"

namespace tradewind {

std::string_view ElementName(ElementType type) {
  switch (type) {
    case ElementType::kFloat: return "float";
    case ElementType::kUint8: return "uint8";
    case ElementType::kInt8: return "int8";
    case ElementType::kInt32: return "int32";
    case ElementType::kInt64: return "int64";
  }
  return "?";
}

int64_t ElementBytes(ElementType type) {
  switch (type) {
    case ElementType::kFloat:
    case ElementType::kInt32: return 4;
    case ElementType::kInt64: return 8;
    case ElementType::kUint8:
    case ElementType::kInt8: return 1;
  }
  return 0;
}

std::string ShapeText(std::span<const int64_t> shape) {
  std::string text;
  for (const int64_t dim : shape) {
    if (!text.empty()) text += 'x';
    text += dim < 0 ? "?" : std::to_string(dim);
  }
  return text.empty() ? "scalar" : text;
}

Tensor Tensor::Make(ElementType type, std::vector<int64_t> shape) {
  Tensor tensor{.type = type, .shape = std::move(shape)};
  tensor.data.resize(static_cast<size_t>(tensor.values() * ElementBytes(type)));
  return tensor;
}

int64_t Tensor::values() const {
  int64_t product = 1;
  for (const int64_t dim : shape) product *= dim;
  return product;
}

}  // namespace tradewind
