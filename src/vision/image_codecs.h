// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The formats of pictures, each in a file of its own: JPEG by libjpeg-turbo, PNG by libpng, BMP by hand (24 and 32 bits, uncompressed).
// All of them check sides against ImageLimits before anything is allocated.
#pragma once

#include <span>
#include <string>

#include "vision/image.h"

namespace tradewind {

Result<Image> DecodeJpeg(std::span<const std::byte> bytes, const std::string& name);
Result<Image> DecodePng(std::span<const std::byte> bytes, const std::string& name);
Result<Image> DecodeBmp(std::span<const std::byte> bytes, const std::string& name);
inline constexpr int kFineJpeg = 92;
// `quality` from 1 to 100, as libjpeg has it.
Result<std::string> EncodeJpeg(const Image& image, int quality = kFineJpeg);
Result<std::string> EncodePng(const Image& image);

// kInvalidInput unless both sides are from 1 to the limit, and so their product.
Result<void> CheckImageSize(int64_t width, int64_t height, const std::string& name);

}  // namespace tradewind
