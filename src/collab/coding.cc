// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/coding.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "formats/tensor_type.h"
#include "net/message.h"

namespace tradewind {
namespace {

constexpr std::array kCodings = {Coding::kF32,      Coding::kF16,      Coding::kInt8, Coding::kInt4,
                                 Coding::kInt8Zlib, Coding::kInt4Zlib, Coding::kJpeg};
constexpr uint8_t kMostRank = 8;
constexpr int kPackingLevel = 1;  // higher ones take longer than the bytes that they save, but on the slowest links

bool IsPacked(Coding coding) {
  return coding == Coding::kInt8Zlib || coding == Coding::kInt4Zlib;
}
bool IsOfBytes(Coding coding) {
  return coding == Coding::kInt8 || coding == Coding::kInt8Zlib;
}
size_t NumberBytes(Coding coding, size_t values) {
  if (coding == Coding::kF32) return values * 4;
  if (coding == Coding::kF16) return values * 2;
  return IsOfBytes(coding) ? values : (values + 1) / 2;
}

struct Affine {
  float least = 0;
  float step = 0;  // 0: all values are the least
};

Result<Affine> RangeOf(std::span<const float> values, int levels) {
  if (values.empty()) return Affine{};
  float low = values[0], high = values[0];
  for (const float x : values) {
    if (!std::isfinite(x))
      return Fail(StatusCode::kInvalidInput, "a number that is not finite has no code of whole numbers; set coding=f32");
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return Affine{low, (high - low) / static_cast<float>(levels - 1)};
}

std::vector<std::byte> Quantised(std::span<const float> values, const Affine& affine, bool of_bytes) {
  std::vector<std::byte> numbers(of_bytes ? values.size() : (values.size() + 1) / 2);
  const float inverse = affine.step > 0 ? 1 / affine.step : 0;
  const float top = of_bytes ? 255 : 15;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto q = static_cast<unsigned>(std::clamp((values[i] - affine.least) * inverse + 0.5f, 0.0f, top));
    if (of_bytes) {
      numbers[i] = static_cast<std::byte>(q);
    } else {
      numbers[i / 2] |= static_cast<std::byte>(i % 2 == 0 ? q : q << 4);
    }
  }
  return numbers;
}

Result<std::vector<std::byte>> Packed(const std::vector<std::byte>& plain) {
  uLongf size = compressBound(plain.size());
  std::vector<std::byte> packed(size);
  const int code =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()), plain.size(), kPackingLevel);
  if (code != Z_OK) return Fail(StatusCode::kResourceExhausted, "there is no memory to pack activations");
  packed.resize(size);
  return packed;
}

// The shape, and nothing else than its numbers behind it.
Result<std::vector<int64_t>> ShapeFrom(WireReader& in) {
  TW_ASSIGN(const uint8_t rank, in.Get<uint8_t>());
  if (rank > kMostRank) return in.Bad("a tensor of " + std::to_string(rank) + " dimensions");
  std::vector<int64_t> shape;
  int64_t values = 1;
  for (uint8_t i = 0; i < rank; ++i) {
    TW_ASSIGN(const int64_t dim, in.Get<int64_t>());
    if (dim < 1 || dim > kMostCodedValues || values > kMostCodedValues / dim) return in.Bad("a tensor that is empty or too large");
    values *= dim;
    shape.push_back(dim);
  }
  return shape;
}

void Dequantise(std::span<const std::byte> numbers, const Affine& affine, bool of_bytes, std::span<float> out) {
  for (size_t i = 0; i < out.size(); ++i) {
    const auto raw = static_cast<unsigned>(numbers[of_bytes ? i : i / 2]);
    const unsigned q = of_bytes ? raw : (i % 2 == 0 ? raw & 15 : raw >> 4);
    out[i] = affine.least + affine.step * static_cast<float>(q);
  }
}

}  // namespace

std::span<const Coding> AllCodings() {
  return kCodings;
}

std::string_view CodingName(Coding coding) {
  switch (coding) {
    case Coding::kF32: return "f32";
    case Coding::kF16: return "f16";
    case Coding::kInt8: return "int8";
    case Coding::kInt4: return "int4";
    case Coding::kInt8Zlib: return "int8+zlib";
    case Coding::kInt4Zlib: return "int4+zlib";
    case Coding::kJpeg: return "jpeg";
  }
  return "?";
}

Result<Coding> FindCoding(std::string_view name) {
  std::string names;
  for (const Coding coding : kCodings) {
    if (CodingName(coding) == name) return coding;
    names += (names.empty() ? "" : ", ") + std::string(CodingName(coding));
  }
  return Fail(StatusCode::kInvalidInput, "\"" + std::string(name) + "\" is no coding; there are: " + names);
}

Result<std::vector<std::byte>> EncodeTensor(const Tensor& tensor, Coding coding) {
  if (coding == Coding::kJpeg) return Fail(StatusCode::kUnsupported, "jpeg is a coding of pictures: set cut=input, or another coding");
  if (tensor.type != ElementType::kFloat || tensor.shape.size() > kMostRank || tensor.values() < 1 || tensor.values() > kMostCodedValues)
    return Fail(StatusCode::kInvalidInput, "a tensor of " + ShapeText(tensor.shape) + " " + std::string(ElementName(tensor.type)) +
                                               " is not sent: singles alone, at most " + std::to_string(kMostCodedValues));
  const std::span<const float> values = tensor.Values<float>();
  WireWriter out;
  out.Put(static_cast<uint8_t>(coding)).Put(static_cast<uint8_t>(tensor.shape.size()));
  for (const int64_t dim : tensor.shape) out.Put(dim);
  if (coding == Coding::kF32) {
    out.PutRaw(tensor.data);
  } else if (coding == Coding::kF16) {
    std::vector<uint16_t> halves;
    for (const float x : values) halves.push_back(FloatToHalf(x));
    out.PutRaw(std::as_bytes(std::span(halves)));
  } else {
    const bool of_bytes = IsOfBytes(coding);
    TW_ASSIGN(const Affine affine, RangeOf(values, of_bytes ? 256 : 16));
    out.Put(affine.least).Put(affine.step);
    std::vector<std::byte> numbers = Quantised(values, affine, of_bytes);
    if (IsPacked(coding)) {
      TW_ASSIGN(numbers, Packed(numbers));
    }
    out.PutRaw(numbers);
  }
  return out.bytes();
}

Result<Tensor> DecodeTensor(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  TW_ASSIGN(const uint8_t number, in.Get<uint8_t>());
  if (number >= static_cast<uint8_t>(Coding::kJpeg)) return in.Bad("a coding of tensors has no number " + std::to_string(number));
  const auto coding = static_cast<Coding>(number);
  TW_ASSIGN(std::vector<int64_t> shape, ShapeFrom(in));
  Affine affine;
  if (coding != Coding::kF32 && coding != Coding::kF16) {
    TW_ASSIGN(affine.least, in.Get<float>());
    TW_ASSIGN(affine.step, in.Get<float>());
    if (!std::isfinite(affine.least) || !std::isfinite(affine.step)) return in.Bad("a range that is not finite");
  }
  int64_t values = 1;
  for (const int64_t dim : shape) values *= dim;
  const size_t due = NumberBytes(coding, static_cast<size_t>(values));
  std::span<const std::byte> numbers = in.Rest();
  // What zlib packs a thousandfold is nothing that a net gave; so a short message cannot take much memory.
  if (numbers.size() > 2 * due + 64 || numbers.size() < (IsPacked(coding) ? due / 1100 : due))
    return in.Bad("a tensor of " + ShapeText(shape) + " in " + std::to_string(numbers.size()) + " bytes");
  std::vector<std::byte> plain;
  if (IsPacked(coding)) {
    plain.resize(due);
    uLongf size = due;
    const int code = uncompress(reinterpret_cast<Bytef*>(plain.data()), &size, reinterpret_cast<const Bytef*>(numbers.data()),
                                static_cast<uLong>(numbers.size()));
    if (code != Z_OK || size != due) return in.Bad("packed numbers that do not unpack to " + std::to_string(due) + " bytes");
    numbers = plain;
  } else if (numbers.size() != due) {
    return in.Bad(std::to_string(numbers.size()) + " bytes of numbers, where " + std::to_string(due) + " are due");
  }
  Tensor tensor = Tensor::Of<float>(std::move(shape));
  const std::span<float> out = tensor.Values<float>();
  if (coding == Coding::kF32) {
    std::memcpy(out.data(), numbers.data(), due);
  } else if (coding == Coding::kF16) {
    for (size_t i = 0; i < out.size(); ++i) {
      uint16_t half = 0;
      std::memcpy(&half, numbers.data() + 2 * i, sizeof half);
      out[i] = HalfToFloat(half);
    }
  } else {
    Dequantise(numbers, affine, IsOfBytes(coding), out);
  }
  return tensor;
}

}  // namespace tradewind
