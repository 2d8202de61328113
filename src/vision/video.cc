// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/video.h"

#include <filesystem>

#include "vision/image_codecs.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
}

namespace tradewind {
namespace {

std::string Reason(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

struct FreeFormat {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreeCodec {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct FreeFrame {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

}  // namespace

struct VideoReader::State {
  std::string path;
  std::unique_ptr<AVFormatContext, FreeFormat> format;
  std::unique_ptr<AVCodecContext, FreeCodec> codec;
  std::unique_ptr<AVPacket, FreePacket> packet;
  std::unique_ptr<AVFrame, FreeFrame> frame;
  std::unique_ptr<SwsContext, FreeScaler> scaler;
  int stream = 0;
  bool ended = false;  // the file; frames may still be in the decoder

  tl::unexpected<Status> Wrong(const std::string& what, int error) const {
    return Fail(StatusCode::kInvalidInput, path + ": " + what + ": " + Reason(error));
  }
  Result<void> Feed();
  Result<Image> Convert();
};

VideoReader::VideoReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoReader::VideoReader(VideoReader&& other) noexcept = default;
VideoReader::~VideoReader() = default;

Result<VideoReader> VideoReader::Open(const std::string& path) {
  // A name like "http://..." or "concat:..." is a file here, or nothing: FFmpeg would open what it says.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return Fail(StatusCode::kNotFound, path + ": there is no such file");
  av_log_set_level(AV_LOG_QUIET);
  auto state = std::make_unique<State>();
  state->path = path;
  AVFormatContext* format = nullptr;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file", 0);
  int error = avformat_open_input(&format, ("file:" + path).c_str(), nullptr, &options);
  av_dict_free(&options);
  if (error < 0) return state->Wrong("no video that can be read", error);
  state->format.reset(format);
  error = avformat_find_stream_info(format, nullptr);
  if (error < 0) return state->Wrong("no video that can be read", error);
  const AVCodec* codec = nullptr;
  state->stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (state->stream < 0) return state->Wrong("no video in it", state->stream);
  const AVCodecParameters* parameters = format->streams[state->stream]->codecpar;
  TW_RETURN_IF_ERROR(CheckImageSize(parameters->width, parameters->height, path));
  state->codec.reset(avcodec_alloc_context3(codec));
  state->packet.reset(av_packet_alloc());
  state->frame.reset(av_frame_alloc());
  if (!state->codec || !state->packet || !state->frame) return Fail(StatusCode::kResourceExhausted, path + ": no memory for a decoder");
  error = avcodec_parameters_to_context(state->codec.get(), parameters);
  state->codec->thread_count = 1;  // the net has the machine
  if (error >= 0) error = avcodec_open2(state->codec.get(), codec, nullptr);
  if (error < 0) return state->Wrong("its video cannot be decoded", error);
  return VideoReader(std::move(state));
}

double VideoReader::frames_per_second() const {
  const AVRational rate = state_->format->streams[state_->stream]->avg_frame_rate;
  return rate.den > 0 && rate.num > 0 ? av_q2d(rate) : 0;
}

// Gives the decoder the next packet of the video, or tells it that there is none.
Result<void> VideoReader::State::Feed() {
  while (true) {
    const int error = av_read_frame(format.get(), packet.get());
    if (error == AVERROR_EOF) {
      ended = true;
      avcodec_send_packet(codec.get(), nullptr);
      return {};
    }
    if (error < 0) return Wrong("damaged", error);
    const bool ours = packet->stream_index == stream;
    const int sent = ours ? avcodec_send_packet(codec.get(), packet.get()) : 0;
    av_packet_unref(packet.get());
    // A damaged packet costs its pictures, no more.
    if (ours && (sent >= 0 || sent == AVERROR_INVALIDDATA)) return {};
    if (ours) return Wrong("damaged", sent);
  }
}

Result<Image> VideoReader::State::Convert() {
  TW_RETURN_IF_ERROR(CheckImageSize(frame->width, frame->height, path));
  scaler.reset(sws_getCachedContext(scaler.release(), frame->width, frame->height, static_cast<AVPixelFormat>(frame->format), frame->width,
                                    frame->height, AV_PIX_FMT_RGB24, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler) return Fail(StatusCode::kInvalidInput, path + ": a picture of a format that cannot be converted");
  Image image = Image::Make(frame->width, frame->height);
  uint8_t* planes[4] = {image.pixels.data(), nullptr, nullptr, nullptr};
  const int strides[4] = {3 * frame->width, 0, 0, 0};
  sws_scale(scaler.get(), frame->data, frame->linesize, 0, frame->height, planes, strides);
  return image;
}

Result<std::optional<Image>> VideoReader::Next() {
  while (true) {
    const int error = avcodec_receive_frame(state_->codec.get(), state_->frame.get());
    if (error == 0) {
      TW_ASSIGN(Image image, state_->Convert());
      return std::optional<Image>(std::move(image));
    }
    if (error == AVERROR_EOF || (error == AVERROR(EAGAIN) && state_->ended)) return std::optional<Image>();
    if (error != AVERROR(EAGAIN) && error != AVERROR_INVALIDDATA) return state_->Wrong("damaged", error);
    TW_RETURN_IF_ERROR(state_->Feed());
  }
}

}  // namespace tradewind
