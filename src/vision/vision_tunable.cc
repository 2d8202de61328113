// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_tunable.h"

#include <filesystem>
#include <mutex>

#include "base/cpu.h"
#include "vision/picture_session.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

std::vector<Knob> MakeKnobs() {
  return {GraphBackendKnob(),
          {.name = "precision",
           .stage = Stage::kLoad,
           .domain = ChoiceDomain{{"f32", "bf16", "int8"}},
           .default_value = std::string("f32"),
           .meaning = "what the graph computes in; bf16 and int8 with OpenVINO, int8 of files that are quantised",
           .condition = "graphs"},
          {.name = "resolution",
           .stage = Stage::kLoad,
           .domain = IntegerDomain{0, 2048},
           .default_value = int64_t{0},
           .unit = "pixels",
           .meaning = "sides of the square pictures that go in; 0: as the file has them",
           .condition = "ONNX graphs without fixed shapes inside"},
          GraphThreadsKnob()};
}

GraphOptions OptionsOf(const Setting& setting) {
  return {.backend = setting.TextOr("backend", "native"),
          .threads = static_cast<int>(setting.IntegerOr("threads", DefaultThreads())),
          .resolution = setting.IntegerOr("resolution", 0),
          .precision = setting.TextOr("precision", "f32")};
}

// The net and who takes a turn with it.
struct SharedNet {
  explicit SharedNet(VisionNet n) : net(std::move(n)) {}
  std::mutex turn;
  VisionNet net;
};

class VisionInstance final : public Instance {
 public:
  VisionInstance(VisionNet net, std::span<const Knob> knobs, Setting setting)
      : shared_(std::move(net)), knobs_(knobs), setting_(std::move(setting)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return static_cast<uint64_t>(shared_.net.runner().memory_bytes()); }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, "a net of pictures has no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const auto look = [this](const Image& image) -> Result<LookedAt> {
      TW_ASSIGN(VisionResult result, shared_.net.Look(image));
      return LookedAt{std::move(result), {}};
    };
    return StartPictureSession(look, shared_.turn, setting_.With(options.setting));
  }
  // One gray picture: what the first would wait for besides.
  Result<void> Warm() override {
    const std::lock_guard lock(shared_.turn);
    const PictureSides& sides = shared_.net.sides();
    TW_RETURN_IF_ERROR(shared_.net.Look(Image::Make(sides.width, sides.height, {128, 128, 128})));
    return {};
  }

 private:
  mutable SharedNet shared_;
  std::span<const Knob> knobs_;  // the tunable's
  Setting setting_;
};

}  // namespace

VisionTunable::VisionTunable(std::string path, std::string card_given, ModelCard card)
    : path_(std::move(path)),
      card_given_(std::move(card_given)),
      name_(std::filesystem::path(path_).filename()),
      card_(std::move(card)),
      knobs_(MakeKnobs()) {
  metrics_ = PictureMetrics();
}

Result<std::unique_ptr<VisionTunable>> VisionTunable::Make(const std::string& path, const std::string& card_given) {
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  TW_RETURN_IF_ERROR(ReadGraph(path));
  return std::unique_ptr<VisionTunable>(new VisionTunable(path, card_given, std::move(card)));
}

Result<Setting> VisionTunable::Resolve(const Setting& setting) {
  return ResolvePictureSetting(setting, knobs_);
}

Result<std::unique_ptr<Instance>> VisionTunable::Open(const Setting& setting, const Budget&) {
  TW_ASSIGN(Setting resolved, Resolve(setting));
  TW_ASSIGN(VisionNet net, VisionNet::Open(path_, card_given_, OptionsOf(resolved)));
  return std::make_unique<VisionInstance>(std::move(net), knobs_, std::move(resolved));
}

SearchSpace VisionTunable::Space() const {
  SearchSpace space;
  SearchDimension backend{.knob = "backend", .values = {}};
  for (const auto& [name, info] : GraphBackends().All()) {
    if (info.available()) backend.values.emplace_back(name);
  }
  space.dimensions.push_back(std::move(backend));
  space.dimensions.push_back({.knob = "precision", .values = {std::string("f32"), std::string("bf16"), std::string("int8")}});
  SearchDimension threads{.knob = "threads", .values = {}, .ordered = true};
  for (int64_t t = 1; t <= DefaultThreads(); t *= 2) threads.values.emplace_back(t);
  space.dimensions.push_back(std::move(threads));
  // Our own executor computes in f32, or in whole numbers what the file has quantised.
  space.valid = [](const Setting& s) { return s.TextOr("backend", "native") != "native" || s.TextOr("precision", "f32") == "f32"; };
  return space;
}

}  // namespace tradewind
