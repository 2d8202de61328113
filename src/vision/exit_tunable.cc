// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/exit_tunable.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <mutex>

#include "base/cpu.h"
#include "graph/stages.h"
#include "vision/certainty.h"
#include "vision/picture_session.h"
#include "vision/task.h"

namespace tradewind {
namespace {

constexpr std::string_view kExit = "exit.";

std::string ThresholdKnob(size_t exit) {
  return std::string(kExit) + std::to_string(exit) + ".threshold";
}

std::vector<Knob> ExitKnobs(size_t exits) {
  std::vector<Knob> knobs = {GraphBackendKnob(), GraphThreadsKnob()};
  for (size_t k = 0; k < exits; ++k) {
    knobs.push_back({.name = ThresholdKnob(k),
                     .stage = Stage::kRequest,
                     .domain = RealDomain{0, 1},
                     .default_value = 1.0,
                     .meaning = "how likely this exit's best class must be, and more, for its answer to stand; 1: it never does",
                     .condition = "classifiers with exits"});
  }
  return knobs;
}

class ExitInstance final : public Instance {
 public:
  ExitInstance(StagedGraph graph, const ModelCard& card, PictureSides sides, std::span<const Knob> knobs, Setting setting)
      : graph_(std::move(graph)), card_(card), sides_(sides), knobs_(knobs), setting_(std::move(setting)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override { return static_cast<uint64_t>(graph_.memory_bytes()); }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, "nets of pictures have no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const Setting whole = setting_.With(options.setting);
    std::vector<double> thresholds(graph_.stages(), 1.0);
    for (size_t k = 0; k + 1 < thresholds.size(); ++k) {
      const KnobValue* value = whole.Find(ThresholdKnob(k));
      if (value != nullptr) thresholds[k] = std::get<double>(*value);
    }
    return StartPictureSession([this, thresholds](const Image& image) { return Look(image, thresholds); }, whole);
  }
  Result<void> Warm() override {
    TW_RETURN_IF_ERROR(Look(Image::Make(sides_.width, sides_.height, {128, 128, 128}), std::vector<double>(graph_.stages(), 1.0)));
    return {};
  }

 private:
  Result<LookedAt> Look(const Image& image, const std::vector<double>& thresholds) {
    const std::lock_guard lock(turn_);
    TW_ASSIGN(Tensor input, PictureTensor(image, card_.input, graph_.input()));
    TW_RETURN_IF_ERROR(graph_.Begin(std::move(input)));
    std::vector<Tensor> outputs(1);
    size_t stage = 0;
    for (;; ++stage) {
      TW_ASSIGN(outputs[0], graph_.Step());
      if (graph_.Done()) break;
      const float sure = CertaintyOf(Certainty::kConfidence, outputs[0].Values<float>(), card_.probabilities);
      if (static_cast<double>(sure) > thresholds[stage]) break;
    }
    const std::vector<GraphEdge> edges = {{.name = graph_.output(stage), .shape = outputs[0].shape}};
    TW_ASSIGN(
        VisionResult result,
        VisionTasks()
            .Find(card_.task)
            ->read({.card = card_, .frame = FrameOf(image, card_.input, sides_), .sides = sides_, .edges = edges, .outputs = outputs}));
    return LookedAt{std::move(result), {MeasuredOnce("exit", static_cast<double>(stage))}};
  }

  mutable std::mutex turn_;
  StagedGraph graph_;
  const ModelCard& card_;  // the tunable's, and so the knobs
  PictureSides sides_;
  std::span<const Knob> knobs_;
  Setting setting_;
};

}  // namespace

bool HasExits(const OnnxModel& model) {
  return std::any_of(model.graph.outputs.begin(), model.graph.outputs.end(), [](const OnnxValue& output) {
    const char* begin = output.name.data() + std::min(output.name.size(), kExit.size());
    const char* end = output.name.data() + output.name.size();
    size_t number = 0;
    return output.name.starts_with(kExit) && begin != end && std::from_chars(begin, end, number).ptr == end;
  });
}

ExitTunable::ExitTunable(OnnxModel model, ModelCard card, size_t exits)
    : model_(std::move(model)),
      card_(std::move(card)),
      name_(std::filesystem::path(model_.source).filename()),
      exits_(exits),
      knobs_(ExitKnobs(exits)),
      metrics_(PictureMetrics()) {
  metrics_.push_back({.name = "exit",
                      .unit = "",
                      .direction = Direction::kLowerIsBetter,
                      .definition = "Number of the exit that answered, counted from 0; the whole net's is one behind the last."});
}

Result<std::unique_ptr<ExitTunable>> ExitTunable::Make(const std::string& path, const std::string& card_given) {
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  if (card.task != "classify")
    return Fail(StatusCode::kUnsupported, path + ": exits are of classifiers, and the card " + card.name + " is for the task " + card.task);
  TW_ASSIGN(GraphSource source, ReadGraph(path));
  OnnxModel& model = std::get<OnnxModel>(source.model);
  TW_ASSIGN(const std::vector<GraphStage> stages, CutIntoStages(model));
  for (size_t k = 0; k + 1 < stages.size(); ++k) {
    const std::string due = std::string(kExit) + std::to_string(k);
    if (stages[k].output != due)
      return Fail(Status(StatusCode::kInvalidInput, path + ": the output after so much work should be called '" + due + "'")
                      .At("output '" + stages[k].output + "'"));
  }
  return std::unique_ptr<ExitTunable>(new ExitTunable(std::move(model), std::move(card), stages.size() - 1));
}

Result<Setting> ExitTunable::Resolve(const Setting& setting) {
  return ResolvePictureSetting(setting, knobs_);
}

Result<std::unique_ptr<Instance>> ExitTunable::Open(const Setting& setting, const Budget&) {
  TW_ASSIGN(Setting resolved, Resolve(setting));
  TW_ASSIGN(StagedGraph graph, StagedGraph::Open(model_, {.backend = resolved.TextOr("backend", "native"),
                                                          .threads = static_cast<int>(resolved.IntegerOr("threads", DefaultThreads()))}));
  TW_ASSIGN(const PictureSides sides, SidesOf(graph.input()));
  return std::make_unique<ExitInstance>(std::move(graph), card_, sides, knobs_, std::move(resolved));
}

SearchSpace ExitTunable::Space() const {
  SearchSpace space;
  for (size_t k = 0; k < exits_; ++k) {
    SearchDimension threshold{.knob = ThresholdKnob(k), .values = {}, .ordered = true};
    for (const double value : {0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0}) threshold.values.emplace_back(value);
    space.dimensions.push_back(std::move(threshold));
  }
  return space;
}

}  // namespace tradewind
