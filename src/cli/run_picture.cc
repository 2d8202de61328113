// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/run_picture.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/units.h"
#include "cli/graph_settings.h"
#include "cli/json.h"
#include "stats/summary.h"
#include "vision/video.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

Json LabelJson(const ModelCard& card, int64_t label, float score) {
  return {{"label", label}, {"name", card.LabelName(label)}, {"score", score}};
}

Json VisionResultJson(const VisionResult& finding, const ModelCard& card) {
  Json json = Json::object();
  for (const LabelScore& l : finding.labels) json["labels"].push_back(LabelJson(card, l.label, l.score));
  for (const FoundBox& b : finding.boxes) {
    Json box = LabelJson(card, b.label, b.score);
    box["box"] = {b.box.left, b.box.top, b.box.right, b.box.bottom};
    json["boxes"].push_back(std::move(box));
  }
  for (const Keypoint& p : finding.points) {
    Json point = LabelJson(card, p.label, p.score);
    point["x"] = p.x;
    point["y"] = p.y;
    json["points"].push_back(std::move(point));
  }
  if (!finding.mask.classes.empty()) {
    json["mask"] = {{"width", finding.mask.width}, {"height", finding.mask.height}, {"classes", finding.mask.classes}};
  }
  return json;
}

// Where the annotated form of a picture goes: the file that was named, or a file of its name in the folder that was.
std::string OutPath(const std::string& out, const std::string& name, bool one) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(out, ignored) || !one;
  return folder ? (std::filesystem::path(out) / (std::filesystem::path(name).stem().string() + ".annotated.jpg")).string() : out;
}

struct Looked {
  VisionResult finding;
  Duration took;
};
Result<Looked> TimedLook(VisionNet& net, const Image& image) {
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(VisionResult finding, net.Look(image));
  return Looked{std::move(finding), RealClock().Now() - start};
}

Result<int> RunImages(VisionNet& net, const PictureArguments& args, bool json) {
  Json list = Json::array();
  for (const std::string& path : args.images) {
    TW_ASSIGN(Image image, ReadImage(path));
    TW_ASSIGN(const Looked looked, TimedLook(net, image));
    Json one = {{"image", path}, {"width", image.width}, {"height", image.height}, {"latency_ms", looked.took.ms()}};
    one.update(VisionResultJson(looked.finding, net.card()));
    if (!json)
      std::printf("%s%s", args.images.size() > 1 ? (path + "\n").c_str() : "", VisionResultText(looked.finding, net.card()).c_str());
    if (args.out) {
      const std::string out = OutPath(*args.out, path, args.images.size() == 1);
      Annotate(image, looked.finding, net.card());
      TW_RETURN_IF_ERROR(WriteImage(out, image));
      one["annotated"] = out;
      if (!json) std::fprintf(stderr, "tradewind: wrote %s\n", out.c_str());
    }
    list.push_back(std::move(one));
  }
  if (json) PrintJson(list.size() == 1 ? list[0] : list);
  return 0;
}

// What a video took, frame by frame.
struct VideoTimes {
  std::vector<double> frame_ms;  // decoding, looking, annotating
  std::vector<double> look_ms;
  Duration whole;
  double frames_per_second() const { return static_cast<double>(frame_ms.size()) / whole.seconds(); }
};

std::string VideoText(const VideoTimes& times, double given) {
  char text[256];
  std::snprintf(
      text, sizeof text,
      "%zu frames in %s: %.1f frames/s (the video has %.1f); a frame takes %.2f ms (95 %%: %.2f), the net of it %.2f ms (95 %%: %.2f)\n",
      times.frame_ms.size(), FormatDuration(times.whole).c_str(), times.frames_per_second(), given, Median(times.frame_ms),
      Quantile(times.frame_ms, 0.95), Median(times.look_ms), Quantile(times.look_ms, 0.95));
  return text;
}

Result<int> RunVideo(VisionNet& net, const PictureArguments& args, bool json) {
  TW_ASSIGN(VideoReader video, VideoReader::Open(args.video));
  if (args.out) std::filesystem::create_directories(*args.out);
  VideoTimes times;
  Json frames = Json::array();
  const TimePoint start = RealClock().Now();
  TimePoint told = start;
  while (args.frames == 0 || static_cast<int64_t>(times.frame_ms.size()) < args.frames) {
    const TimePoint frame_start = RealClock().Now();
    TW_ASSIGN(std::optional<Image> image, video.Next());
    if (!image) break;
    TW_ASSIGN(const Looked looked, TimedLook(net, *image));
    const size_t number = times.frame_ms.size();
    if (args.out) {
      char name[32];
      std::snprintf(name, sizeof name, "frame-%06zu.jpg", number);
      Annotate(*image, looked.finding, net.card());
      TW_RETURN_IF_ERROR(WriteImage((std::filesystem::path(*args.out) / name).string(), *image));
    }
    if (json) {
      Json one = {{"frame", number}, {"latency_ms", looked.took.ms()}};
      one.update(VisionResultJson(looked.finding, net.card()));
      frames.push_back(std::move(one));
    }
    times.look_ms.push_back(looked.took.ms());
    times.frame_ms.push_back((RealClock().Now() - frame_start).ms());
    if (!json && RealClock().Now() - told > Duration::Seconds(1)) {
      told = RealClock().Now();
      std::fprintf(stderr, "tradewind: frame %zu, %zu found, %.2f ms\n", number, looked.finding.boxes.size() + looked.finding.labels.size(),
                   times.look_ms.back());
    }
  }
  times.whole = RealClock().Now() - start;
  if (times.frame_ms.empty()) return Fail(StatusCode::kInvalidInput, args.video + ": not one frame could be read");
  if (json) {
    PrintJson({{"video", args.video},
               {"frames", std::move(frames)},
               {"frames_per_second", times.frames_per_second()},
               {"video_frames_per_second", video.frames_per_second()},
               {"frame_ms", {{"median", Median(times.frame_ms)}, {"p95", Quantile(times.frame_ms, 0.95)}}},
               {"latency_ms", {{"median", Median(times.look_ms)}, {"p95", Quantile(times.look_ms, 0.95)}}}});
  } else {
    std::printf("%s", VideoText(times, video.frames_per_second()).c_str());
  }
  return 0;
}

}  // namespace

void PictureArguments::Declare(Arguments& args) {
  args.Option("--image", &images, "of an .onnx or .tflite file: a picture to look at (JPEG, PNG, BMP); may be repeated");
  args.Option("--video", &video, "likewise: a video, frame by frame");
  args.Option("--frames", &frames, "with --video: how many frames [all]");
  args.Option("--card", &card, "what the net wants and means: a file, or the name of a built-in card [by the file's name]");
  args.Option("--backend", &backend, "native or openvino: who runs the graph [native]");
  args.Output("-o,--out", &out, "where annotated pictures go: a file, or a folder for several and for a video's frames");
}

bool IsGraphFile(const std::string& model) {
  return model.ends_with(".onnx") || model.ends_with(".tflite");
}

Result<int> RunPictures(const std::string& model, const PictureArguments& args, std::optional<int64_t> threads,
                        const std::vector<std::string>& set, bool json) {
  if (args.images.empty() == args.video.empty()) {
    return Fail(Status(StatusCode::kInvalidInput, model + " looks at pictures: give --image FILE, or --video FILE").At("--image"));
  }
  if (args.frames < 0) return Fail(Status(StatusCode::kInvalidInput, "how many frames of a video: from 1 up, or 0 for all").At("--frames"));
  GraphOptions options{.backend = args.backend, .threads = threads ? static_cast<int>(*threads) : DefaultThreads()};
  for (const std::string& text : set) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is not knob=value").At("--set"));
    TW_RETURN_IF_ERROR(SetGraphOption(options, text.substr(0, equals), text.substr(equals + 1)));
  }
  if (options.threads < 1) return Fail(Status(StatusCode::kInvalidInput, "at least one thread").At("--threads"));
  TW_ASSIGN(VisionNet net, VisionNet::Open(model, args.card, options));
  return args.video.empty() ? RunImages(net, args, json) : RunVideo(net, args, json);
}

}  // namespace tradewind
