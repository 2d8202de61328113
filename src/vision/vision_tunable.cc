// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_tunable.h"

#include <filesystem>
#include <mutex>

#include "base/cpu.h"
#include "graph/spiking.h"
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

// Of nets whose neurons spike (graph/spiking.h).
std::vector<Knob> SpikingKnobs() {
  return {{.name = "steps",
           .stage = Stage::kRequest,
           .domain = IntegerDomain{1, 4096},
           .default_value = int64_t{32},
           .unit = "steps",
           .meaning = "for how many steps a spiking net sees a picture, at most",
           .condition = "spiking nets"},
          {.name = "enough",
           .stage = Stage::kRequest,
           .domain = RealDomain{0, 1},
           .default_value = 1.0,
           .meaning = "the certainty at which a spiking net answers before its last step; 1: it does not",
           .condition = "spiking nets"}};
}

std::vector<MetricInfo> SpikingMetrics() {
  return {{.name = "steps", .unit = "", .direction = Direction::kLowerIsBetter, .definition = "Steps after which a spiking net answered."},
          {.name = "spikes_a_neuron", .unit = "", .direction = Direction::kLowerIsBetter, .definition = "Spikes until then, of a neuron."},
          {.name = "synaptic_operations",
           .unit = "",
           .direction = Direction::kLowerIsBetter,
           .definition = "Additions that these spikes bring about, where only spikes cost anything."}};
}

StopRule StopRuleOf(const Setting& setting) {
  constexpr double kNever = 2;
  const KnobValue* enough = setting.Find("enough");
  const double sure = enough == nullptr ? 1 : std::get<double>(*enough);
  return {.steps = setting.IntegerOr("steps", 32), .enough = sure < 1 ? sure : kNever};
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
    const Setting whole = setting_.With(options.setting);
    if (shared_.net.runner().spiking() != nullptr) {
      return StartPictureSession([this, rule = StopRuleOf(whole)](const Image& image) { return LookBySteps(image, rule); }, shared_.turn,
                                 whole);
    }
    const auto look = [this](const Image& image) -> Result<LookedAt> {
      TW_ASSIGN(VisionResult result, shared_.net.Look(image));
      return LookedAt{std::move(result), {}};
    };
    return StartPictureSession(look, shared_.turn, whole);
  }
  // One gray picture: what the first would wait for besides.
  Result<void> Warm() override {
    const std::lock_guard lock(shared_.turn);
    const PictureSides& sides = shared_.net.sides();
    TW_RETURN_IF_ERROR(shared_.net.Look(Image::Make(sides.width, sides.height, {128, 128, 128})));
    return {};
  }

 private:
  Result<LookedAt> LookBySteps(const Image& image, const StopRule& rule) {
    TW_ASSIGN(SteppedLook look, shared_.net.LookBySteps(image, rule));
    return LookedAt{std::move(look.result),
                    {MeasuredOnce("steps", static_cast<double>(look.steps)), MeasuredOnce("spikes_a_neuron", look.spikes_a_neuron),
                     MeasuredOnce("synaptic_operations", look.synaptic_operations)}};
  }

  mutable SharedNet shared_;
  std::span<const Knob> knobs_;  // the tunable's
  Setting setting_;
};

}  // namespace

VisionTunable::VisionTunable(std::string path, std::string card_given, ModelCard card, bool spiking)
    : path_(std::move(path)),
      card_given_(std::move(card_given)),
      name_(std::filesystem::path(path_).filename()),
      card_(std::move(card)),
      spiking_(spiking),
      knobs_(MakeKnobs()),
      metrics_(PictureMetrics()) {
  if (!spiking_) return;
  for (Knob& knob : SpikingKnobs()) knobs_.push_back(std::move(knob));
  for (MetricInfo& metric : SpikingMetrics()) metrics_.push_back(std::move(metric));
}

Result<std::unique_ptr<VisionTunable>> VisionTunable::Make(const std::string& path, const std::string& card_given) {
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  TW_ASSIGN(const GraphSource source, ReadGraph(path));
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  return std::unique_ptr<VisionTunable>(new VisionTunable(path, card_given, std::move(card), onnx != nullptr && IsSpiking(*onnx)));
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
  if (spiking_) {
    space.dimensions.push_back({.knob = "steps", .values = {int64_t{8}, int64_t{16}, int64_t{32}, int64_t{64}}, .ordered = true});
    space.dimensions.push_back({.knob = "enough", .values = {0.3, 0.5, 0.7, 0.9, 1.0}, .ordered = true});
    return space;
  }
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
