// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <turbojpeg.h>

#include <memory>

#include "vision/image_codecs.h"

namespace tradewind {
namespace {

struct CloseTurbo {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, CloseTurbo>;

}  // namespace

Result<Image> DecodeJpeg(std::span<const std::byte> bytes, const std::string& name) {
  const Turbo turbo(tjInitDecompress());
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0, height = 0, subsampling = 0, colorspace = 0;
  const auto bad = [&] { return Fail(StatusCode::kInvalidInput, name + ": this JPEG picture is damaged: " + tjGetErrorStr2(turbo.get())); };
  if (!turbo) return Fail(StatusCode::kResourceExhausted, name + ": there is no memory to read a JPEG picture");
  if (tjDecompressHeader3(turbo.get(), data, bytes.size(), &width, &height, &subsampling, &colorspace) != 0) return bad();
  TW_RETURN_IF_ERROR(CheckImageSize(width, height, name));
  Image image = Image::Make(width, height);
  // The exact cosine transform and smooth upsampling, as libjpeg's default is, so that pixels are those of other readers. A damaged end is
  // told as a warning, with the rest grey: refused, too, as a picture cut short says other than what it was.
  if (tjDecompress2(turbo.get(), data, bytes.size(), image.pixels.data(), width, 0, height, TJPF_RGB, TJFLAG_ACCURATEDCT) != 0)
    return bad();
  return image;
}

Result<std::string> EncodeJpeg(const Image& image, int quality) {
  const Turbo turbo(tjInitCompress());
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const bool done = turbo && tjCompress2(turbo.get(), image.pixels.data(), static_cast<int>(image.width), 0, static_cast<int>(image.height),
                                         TJPF_RGB, &data, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT) == 0;
  std::string out(reinterpret_cast<const char*>(data), done ? size : 0);
  tjFree(data);
  if (!done)
    return Fail(StatusCode::kInternal,
                "a picture of " + std::to_string(image.width) + " x " + std::to_string(image.height) + " cannot be written as JPEG");
  return out;
}

}  // namespace tradewind
