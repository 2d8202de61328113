// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/video.h"

namespace tradewind {

struct VideoReader::State {};

VideoReader::VideoReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoReader::VideoReader(VideoReader&& other) noexcept = default;
VideoReader::~VideoReader() = default;

Result<VideoReader> VideoReader::Open(const std::string& path) {
  return Fail(StatusCode::kUnsupported, path + ": Tradewind was built without FFmpeg, which reads videos; install libavformat-dev, libavcodec-dev and "
                                               "libswscale-dev, then build again; or give pictures by --image");
}
double VideoReader::frames_per_second() const {
  return 0;
}
Result<std::optional<Image>> VideoReader::Next() {
  return std::nullopt;
}

}  // namespace tradewind
