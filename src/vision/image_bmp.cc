// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <cstring>

#include "vision/image_codecs.h"

namespace tradewind {
namespace {

constexpr uint64_t kHeaderBytes = 14 + 40;  // the file's and the oldest form of the picture's, with which all others begin

template <typename T>
T At(std::span<const std::byte> bytes, uint64_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

}  // namespace

Result<Image> DecodeBmp(std::span<const std::byte> bytes, const std::string& name) {
  const auto bad = [&](const std::string& what, uint64_t offset, StatusCode code = StatusCode::kInvalidInput) {
    return Fail(Status(code, name + ": " + what).At("BMP header", offset));
  };
  if (bytes.size() < kHeaderBytes) return bad("this BMP picture is cut short", bytes.size());
  const auto data_offset = At<uint32_t>(bytes, 10);
  const int64_t width = At<int32_t>(bytes, 18);
  const int64_t height = At<int32_t>(bytes, 22);  // below 0: the first row is on top
  const auto bits = At<uint16_t>(bytes, 28);
  const auto compression = At<uint32_t>(bytes, 30);
  if ((bits != 24 && bits != 32) || compression != 0) {
    return bad("a BMP picture of " + std::to_string(bits) + " bits with compression " + std::to_string(compression) +
                   " is not read here; save it as PNG",
               28, StatusCode::kUnsupported);
  }
  TW_RETURN_IF_ERROR(CheckImageSize(width, std::abs(height), name));
  const int64_t rows = std::abs(height);
  const int64_t pixel = bits / 8;
  const auto row_bytes = static_cast<uint64_t>((width * pixel + 3) / 4 * 4);
  if (data_offset > bytes.size() || row_bytes * static_cast<uint64_t>(rows) > bytes.size() - data_offset)
    return bad("this BMP picture is cut short", 10);
  Image image = Image::Make(width, rows);
  for (int64_t y = 0; y < rows; ++y) {
    const auto* from =
        reinterpret_cast<const uint8_t*>(bytes.data()) + data_offset + static_cast<uint64_t>(height < 0 ? y : rows - 1 - y) * row_bytes;
    uint8_t* to = image.At(y, 0);
    for (int64_t x = 0; x < width; ++x, from += pixel, to += 3) {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
    }
  }
  return image;
}

}  // namespace tradewind
