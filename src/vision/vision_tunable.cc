// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/vision_tunable.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/cpu.h"
#include "graph/int8_twin.h"
#include "graph/spiking.h"
#include "vision/picture_lanes.h"
#include "vision/picture_session.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

std::vector<Knob> MakeKnobs() {
  return {GraphBackendKnob(),
          {.name = "precision",
           .stage = Stage::kLoad,
           .domain = ChoiceDomain{{"f32", "bf16", "int8"}},
           .default_value = std::string("f32"),
           .meaning = "what the graph computes in: f32; bf16 with OpenVINO; int8: what the file has quantised, or its int8 twin beside it",
           .condition = "graphs"},
          {.name = "resolution",
           .stage = Stage::kLoad,
           .domain = IntegerDomain{0, 2048},
           .default_value = int64_t{0},
           .unit = "pixels",
           .meaning = "sides of the square pictures that go in; 0: as the file has them",
           .condition = "ONNX graphs without fixed shapes inside"},
          GraphThreadsKnob(),
          {.name = "streams",
           .stage = Stage::kLoad,
           .domain = IntegerDomain{1, 64},
           .default_value = int64_t{1},
           .unit = "copies",
           .meaning = "how many pictures or batches are looked at side by side; the threads are shared out among them",
           .condition = "graphs"},
          {.name = "batch",
           .stage = Stage::kLoad,
           .domain = IntegerDomain{1, 256},
           .default_value = int64_t{1},
           .unit = "pictures",
           .meaning = "how many pictures go through the graph in one run, where so many wait",
           .condition = "ONNX graphs whose batch is open"}};
}

// Of a net of several widths, each a file of its own beside the others.
Knob WidthKnob(const std::vector<NetVariant>& variants, const std::string& own) {
  std::vector<std::string> widths;
  for (const NetVariant& v : variants) widths.push_back(v.width);
  return {.name = "width",
          .stage = Stage::kLoad,
          .domain = ChoiceDomain{widths},
          .default_value = own,
          .meaning = "how many channels the net's layers have, as a share of the widest: another file of the same net",
          .condition = "nets whose card names files of other widths"};
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
  return {
      .backend = setting.TextOr("backend", "native"),
      .threads = static_cast<int>(std::max<int64_t>(1, setting.IntegerOr("threads", DefaultThreads()) / setting.IntegerOr("streams", 1))),
      .batch = setting.IntegerOr("batch", 1),
      .resolution = setting.IntegerOr("resolution", 0),
      .precision = setting.TextOr("precision", "f32")};
}

class VisionInstance final : public Instance {
 public:
  VisionInstance(std::vector<VisionNet> nets, std::span<const Knob> knobs, Setting setting, std::shared_ptr<const ReferenceLooks> reference)
      : lanes_(std::move(nets)), knobs_(knobs), setting_(std::move(setting)), reference_(std::move(reference)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return static_cast<uint64_t>(lanes_.memory_bytes()); }
  int64_t sessions_at_once() const override { return lanes_.callers(); }
  std::string_view rate_metric() const override { return kPictureRate; }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, "a net of pictures has no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const Setting whole = setting_.With(options.setting);
    if (lanes_.alone().runner().spiking() != nullptr)
      return StartPictureSession([this, rule = StopRuleOf(whole)](const Image& image) { return LookBySteps(image, rule); }, whole);
    const auto look = [this](const Image& image) -> Result<LookedAt> {
      TW_ASSIGN(VisionResult result, lanes_.Look(image));
      return LookedAt{std::move(result), {}};
    };
    return StartPictureSession(look, whole, reference_);
  }
  // One gray picture: what the first would wait for besides.
  Result<void> Warm() override {
    const PictureSides& sides = lanes_.alone().sides();
    TW_RETURN_IF_ERROR(lanes_.Look(Image::Make(sides.width, sides.height, {128, 128, 128})));
    return {};
  }

 private:
  Result<LookedAt> LookBySteps(const Image& image, const StopRule& rule) {
    const std::lock_guard lock(steps_);
    TW_ASSIGN(SteppedLook look, lanes_.alone().LookBySteps(image, rule));
    return LookedAt{std::move(look.result),
                    {MeasuredOnce("steps", static_cast<double>(look.steps)), MeasuredOnce("spikes_a_neuron", look.spikes_a_neuron),
                     MeasuredOnce("synaptic_operations", look.synaptic_operations)}};
  }

  mutable PictureLanes lanes_;
  std::mutex steps_;             // a spiking net's, whose potentials are one caller's at a time
  std::span<const Knob> knobs_;  // the tunable's
  Setting setting_;
  std::shared_ptr<const ReferenceLooks> reference_;
};

}  // namespace

VisionTunable::VisionTunable(std::string path, ModelCard card, bool spiking)
    : path_(std::move(path)),
      name_(std::filesystem::path(path_).filename()),
      card_(std::move(card)),
      spiking_(spiking),
      knobs_(MakeKnobs()),
      metrics_(PictureMetrics()) {
  metrics_.push_back(AgreementMetric());
  metrics_.push_back(PictureRateMetric());
  variants_ = VariantsBeside(path_, card_);
  const auto own = std::find_if(variants_.begin(), variants_.end(), [&](const NetVariant& v) { return v.file == name_; });
  if (own != variants_.end() && variants_.size() > 1) knobs_.push_back(WidthKnob(variants_, own->width));
  if (!spiking_) return;
  for (Knob& knob : SpikingKnobs()) knobs_.push_back(std::move(knob));
  for (MetricInfo& metric : SpikingMetrics()) metrics_.push_back(std::move(metric));
}

Result<std::unique_ptr<VisionTunable>> VisionTunable::Make(const std::string& path, const std::string& card_given) {
  TW_ASSIGN(const GraphSource source, ReadGraph(path));
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  std::unique_ptr<VisionTunable> tunable(new VisionTunable(path, std::move(card), onnx != nullptr && IsSpiking(*onnx)));
  tunable->quantized_ = IsQuantized(source);
  tunable->takes_batch_ = onnx != nullptr && HasOpenBatch(*onnx);
  return tunable;
}

Result<Setting> VisionTunable::Resolve(const Setting& setting) {
  return ResolvePictureSetting(setting, knobs_);
}

Result<std::unique_ptr<Instance>> VisionTunable::Open(const Setting& setting, const Budget&) {
  TW_ASSIGN(Setting resolved, Resolve(setting));
  const GraphOptions options = OptionsOf(resolved);
  TW_ASSIGN(const GraphSource source, ReadGraphFor(FileOf(resolved), options.precision));
  if (spiking_ && (options.batch > 1 || resolved.IntegerOr("streams", 1) > 1))
    return Fail(StatusCode::kUnsupported, path_ + ": a spiking net looks at one picture at a time; set batch=1 and streams=1");
  std::vector<VisionNet> nets;
  for (int64_t i = 0; i < resolved.IntegerOr("streams", 1); ++i) {
    TW_ASSIGN(VisionNet net, VisionNet::Of(source, card_, options));
    nets.push_back(std::move(net));
  }
  return std::make_unique<VisionInstance>(std::move(nets), knobs_, std::move(resolved), reference_);
}

Result<VisionNet> VisionTunable::ReferenceNet() {
  TW_ASSIGN(const GraphSource source, ReadGraph(path_));
  TW_ASSIGN(const Setting base, Resolve({}));
  GraphOptions options = OptionsOf(base);
  const std::string own = options.backend;
  Result<VisionNet> first = VisionNet::Of(source, card_, options);
  if (first || first.error().code() != StatusCode::kUnsupported) return first;
  for (const auto& [name, backend] : GraphBackends().All()) {
    if (name == own || !backend.available()) continue;
    options.backend = name;
    Result<VisionNet> other = VisionNet::Of(source, card_, options);
    if (other) return other;
  }
  return first;
}

Result<void> VisionTunable::JudgeByReference(const Workload& workload) {
  if (spiking_) return Fail(StatusCode::kUnsupported, path_ + ": a spiking net is judged by labels alone");
  TW_ASSIGN(VisionNet net, ReferenceNet());
  auto looks = std::make_shared<ReferenceLooks>();
  for (const Sample& sample : workload.recalled) {
    TW_ASSIGN(const Image image, ReadPicture(ParseSampleId(sample.id)));
    TW_ASSIGN(VisionResult result, net.Look(image));
    looks->emplace(sample.id, std::move(result));
  }
  reference_ = std::move(looks);
  return {};
}

// Which file a setting runs: that of another width.
std::string VisionTunable::FileOf(const Setting& resolved) const {
  const std::string width = resolved.TextOr("width", "");
  for (const NetVariant& v : variants_) {
    if (v.width == width) return std::filesystem::path(path_).parent_path() / v.file;
  }
  return path_;
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
  SearchDimension streams{.knob = "streams", .values = {}, .ordered = true};
  for (int64_t t = 1; t <= DefaultThreads(); t *= 2) streams.values.emplace_back(t);
  space.dimensions.push_back(std::move(streams));
  if (takes_batch_) space.dimensions.push_back({.knob = "batch", .values = {int64_t{1}, int64_t{4}}, .ordered = true});
  if (variants_.size() > 1) {
    SearchDimension width{.knob = "width", .values = {}, .ordered = true};
    for (const NetVariant& v : variants_) width.values.emplace_back(v.width);
    space.dimensions.push_back(std::move(width));
  }
  // Our own executor computes in f32, what a file has quantised in whole numbers, and a twin of int8; a stream has at least one thread.
  space.valid = [quantized = quantized_, twin = std::filesystem::exists(Int8TwinOf(path_))](const Setting& s) {
    const std::string precision = s.TextOr("precision", "f32");
    if (s.IntegerOr("streams", 1) > s.IntegerOr("threads", DefaultThreads())) return false;
    if (s.TextOr("backend", "native") == "native") return precision == "f32" || (precision == "int8" && twin && !quantized);
    return precision != "int8" || quantized || twin;
  };
  return space;
}

}  // namespace tradewind
