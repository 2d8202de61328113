// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VideoReader: the pictures of a video file, one after the other, by FFmpeg's libraries (docs/decisions/015-pictures-and-videos.md). An optional
// part: without them Open says so (no_video.cc). One thread.
//
//   TW_ASSIGN(VideoReader video, VideoReader::Open("street.mp4"));
//   while (true) {
//     TW_ASSIGN(const std::optional<Image> frame, video.Next());
//     if (!frame) break;
//   }
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/status.h"
#include "vision/image.h"

namespace tradewind {

class VideoReader {
 public:
  // kInvalidInput names the file if it holds no video that can be read; kUnsupported where FFmpeg is not built in.
  static Result<VideoReader> Open(const std::string& path);
  VideoReader(VideoReader&& other) noexcept;
  ~VideoReader();

  double frames_per_second() const;  // as the file says; 0 where it does not
  // The next picture; nothing at the end. kInvalidInput where the file is damaged beyond going on.
  Result<std::optional<Image>> Next();

 private:
  struct State;
  explicit VideoReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradewind
