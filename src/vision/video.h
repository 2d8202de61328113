// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VideoReader: the pictures of a video file, one after the other. The program ffmpeg decodes them in a process of its own
// (docs/decisions/015-pictures-and-videos.md): what a damaged file does to a decoder stays there. One thread.
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

// Whether the program ffmpeg is there.
bool CanReadVideos();

class VideoReader {
 public:
  // kNotFound if there is no such file; kUnsupported without ffmpeg.
  static Result<VideoReader> Open(const std::string& path);
  VideoReader(VideoReader&& other) noexcept;
  ~VideoReader();  // ends ffmpeg

  double frames_per_second() const;  // as the file says; 0 where it does not
  // The next picture; nothing at the end. kInvalidInput with what ffmpeg said if it gave up, or gave no picture at all.
  Result<std::optional<Image>> Next();

 private:
  struct State;
  explicit VideoReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradewind
