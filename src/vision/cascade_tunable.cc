// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/cascade_tunable.h"

#include <filesystem>
#include <mutex>
#include <optional>

#include "base/cpu.h"
#include "vision/certainty.h"
#include "vision/picture_session.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

constexpr Certainty kKinds[] = {Certainty::kEnergy, Certainty::kConfidence, Certainty::kEntropy};
constexpr double kMostCertain = 1000;

std::optional<Certainty> FindCertainty(const std::string& name) {
  for (const Certainty kind : kKinds) {
    if (CertaintyName(kind) == name) return kind;
  }
  return std::nullopt;
}

std::vector<Knob> CascadeKnobs() {
  std::vector<std::string> kinds;
  for (const Certainty kind : kKinds) kinds.emplace_back(CertaintyName(kind));
  return {{.name = "certainty",
           .stage = Stage::kRequest,
           .domain = ChoiceDomain{kinds},
           .default_value = std::string("energy"),
           .meaning = "what says how sure the light net is: its energy, its likeliest class's probability, or minus its entropy",
           .condition = "cascades"},
          {.name = "enough",
           .stage = Stage::kRequest,
           .domain = RealDomain{-kMostCertain, kMostCertain},
           .default_value = kMostCertain,
           .meaning = "how sure the light net must be for its answer to stand; the greatest asks the heavy net of every picture",
           .condition = "cascades"},
          GraphBackendKnob(),
          GraphThreadsKnob()};
}

class CascadeInstance final : public Instance {
 public:
  CascadeInstance(VisionNet light, VisionNet heavy, std::span<const Knob> knobs, Setting setting)
      : light_(std::move(light)), heavy_(std::move(heavy)), knobs_(knobs), setting_(std::move(setting)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return static_cast<uint64_t>(light_.runner().memory_bytes() + heavy_.runner().memory_bytes()); }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, "nets of pictures have no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const Setting whole = setting_.With(options.setting);
    const auto kind = FindCertainty(whole.TextOr("certainty", "energy"));
    if (!kind)
      return Fail(StatusCode::kInvalidInput, "\"" + whole.TextOr("certainty", "") + "\" is no certainty: energy, confidence or entropy");
    if (*kind == Certainty::kEnergy && light_.card().probabilities) {
      return Fail(StatusCode::kUnsupported, "the light net gives probabilities, of which no energy is known; set certainty=confidence");
    }
    const KnobValue* enough = whole.Find("enough");
    const double limit = enough == nullptr ? kMostCertain : std::get<double>(*enough);
    return StartPictureSession([this, kind = *kind, limit](const Image& image) { return Look(image, kind, limit); }, whole);
  }
  Result<void> Warm() override {
    const std::lock_guard lock(turn_);
    for (VisionNet* net : {&light_, &heavy_}) {
      TW_RETURN_IF_ERROR(net->Look(Image::Make(net->sides().width, net->sides().height, {128, 128, 128})));
    }
    return {};
  }

 private:
  Result<LookedAt> Look(const Image& image, Certainty kind, double enough) {
    const std::lock_guard lock(turn_);
    TW_ASSIGN(const std::vector<Tensor> outputs, light_.Run(image));
    const float sure = CertaintyOf(kind, outputs.back().Values<float>(), light_.card().probabilities);
    const bool stands = static_cast<double>(sure) >= enough;
    TW_ASSIGN(VisionResult result, stands ? light_.Read(image, outputs) : heavy_.Look(image));
    return LookedAt{std::move(result), {MeasuredOnce("deferred", stands ? 0 : 1), MeasuredOnce("certainty", static_cast<double>(sure))}};
  }

  mutable std::mutex turn_;
  mutable VisionNet light_, heavy_;
  std::span<const Knob> knobs_;  // the tunable's
  Setting setting_;
};

}  // namespace

CascadeTunable::CascadeTunable(std::string light, std::string heavy, ModelCard card)
    : light_(std::move(light)), heavy_(std::move(heavy)), card_(std::move(card)), knobs_(CascadeKnobs()), metrics_(PictureMetrics()) {
  name_ = std::filesystem::path(light_).filename().string() + "+" + std::filesystem::path(heavy_).filename().string();
  metrics_.push_back({.name = "deferred",
                      .unit = "",
                      .direction = Direction::kLowerIsBetter,
                      .definition = "Share of pictures that the heavy net was asked of, too."});
  metrics_.push_back({.name = "certainty",
                      .unit = "",
                      .direction = Direction::kHigherIsBetter,
                      .definition = "How sure the light net was, by the knob of that name."});
}

Result<std::unique_ptr<CascadeTunable>> CascadeTunable::Make(const std::string& light, const std::string& heavy) {
  TW_ASSIGN(const ModelCard light_card, FindCard(light, ""));
  TW_ASSIGN(ModelCard heavy_card, FindCard(heavy, ""));
  for (const ModelCard* card : {&light_card, static_cast<const ModelCard*>(&heavy_card)}) {
    if (card->task != "classify")
      return Fail(StatusCode::kUnsupported, "a cascade is of classifiers, and the card " + card->name + " is for the task " + card->task);
  }
  if (light_card.labels != heavy_card.labels)
    return Fail(StatusCode::kUnsupported, "the nets of a cascade know other classes: the labels of their cards differ");
  for (const std::string& path : {light, heavy}) TW_RETURN_IF_ERROR(ReadGraph(path));
  return std::unique_ptr<CascadeTunable>(new CascadeTunable(light, heavy, std::move(heavy_card)));
}

Result<Setting> CascadeTunable::Resolve(const Setting& setting) {
  return ResolvePictureSetting(setting, knobs_);
}

Result<std::unique_ptr<Instance>> CascadeTunable::Open(const Setting& setting, const Budget&) {
  TW_ASSIGN(Setting resolved, Resolve(setting));
  const GraphOptions options{.backend = resolved.TextOr("backend", "native"),
                             .threads = static_cast<int>(resolved.IntegerOr("threads", DefaultThreads()))};
  TW_ASSIGN(VisionNet light, VisionNet::Open(light_, "", options));
  TW_ASSIGN(VisionNet heavy, VisionNet::Open(heavy_, "", options));
  return std::make_unique<CascadeInstance>(std::move(light), std::move(heavy), knobs_, std::move(resolved));
}

}  // namespace tradewind
