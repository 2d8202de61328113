// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Coding: how activations become bytes for a link. f32 loses nothing; f16 rounds; int8 and int4 are affine over the tensor's range, so that
// no value moves by more than half a step; +zlib packs those without further loss. jpeg is of pictures, not of tensors. What comes in is
// not believed. Pure functions.
//
//   TW_ASSIGN(const std::vector<std::byte> bytes, EncodeTensor(tensor, Coding::kInt8Zlib));
//   TW_ASSIGN(const Tensor back, DecodeTensor(bytes, "the worker"));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "graph/tensor.h"

namespace tradewind {

enum class Coding : uint8_t { kF32, kF16, kInt8, kInt4, kInt8Zlib, kInt4Zlib, kJpeg };
std::span<const Coding> AllCodings();
std::string_view CodingName(Coding coding);  // "int8+zlib"
Result<Coding> FindCoding(std::string_view name);

// One byte of the coding, one of the rank, the dimensions (i64), of whole numbers the least value and the step (f32), the numbers.
// kInvalidInput for what is no tensor of singles, has numbers that are not finite under a coding of whole numbers, or is over the limit;
// kUnsupported for jpeg.
Result<std::vector<std::byte>> EncodeTensor(const Tensor& tensor, Coding coding);
// kInvalidInput names `peer`.
Result<Tensor> DecodeTensor(std::span<const std::byte> bytes, const std::string& peer);

inline constexpr int64_t kMostCodedValues = int64_t{1} << 26;

}  // namespace tradewind
