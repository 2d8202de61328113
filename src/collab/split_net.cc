// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_net.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "vision/image_codecs.h"

namespace tradewind {
namespace {

constexpr uint32_t kToldClasses = 5;
constexpr int kJpegQuality = 75;  // libjpeg's own default: half the bytes of 92, and what cameras' previews have
constexpr double kMostStretch = 1000;
constexpr size_t kMostHeads = 128;

}  // namespace

Result<std::unique_ptr<SplitNet>> SplitNet::Open(SplitModel model, const SplitOptions& options) {
  TW_ASSIGN(std::unique_ptr<RemoteTail> worker, RemoteTail::Start(options.worker));
  TW_RETURN_IF_ERROR(worker->Open(model, options.worker_threads, options.backend));
  std::unique_ptr<SplitNet> net(new SplitNet(std::move(model), options, std::move(worker)));
  TW_ASSIGN(const Head* whole, net->HeadAt(std::string(kCutNone)));
  net->input_ = whole->runner->inputs()[0];
  TW_RETURN_IF_ERROR(SidesOf(net->input_));
  if (net->input_.type != ElementType::kFloat || whole->runner->outputs()[0].type != ElementType::kFloat)
    return Fail(StatusCode::kUnsupported, net->model_.graph.source + ": what is split takes and gives singles");
  return net;
}

int64_t SplitNet::memory_bytes() const {
  int64_t bytes = 0;
  for (const auto& [cut, head] : heads_) bytes += head.runner->memory_bytes();
  return bytes;
}

Result<void> SplitNet::SetConditions(const SplitConditions& conditions) {
  for (const double load : {conditions.device_load, conditions.worker_load}) {
    if (!(load >= 1 && load <= kMostStretch)) return Fail(StatusCode::kInvalidInput, "a load is from 1 to 1000");
  }
  TW_RETURN_IF_ERROR(worker_->SetConditions(conditions.link, conditions.worker_load, conditions.seed));
  conditions_ = conditions;
  return {};
}

Result<std::string> SplitNet::ResolveCut(const std::string& cut) const {
  if (cut == kCutNone || cut == kCutAtInput) return cut;
  if (cut == "bottleneck") {
    if (!model_.bottleneck.empty()) return model_.bottleneck;
    return Fail(StatusCode::kNotFound, model_.graph.source + ": no edge of it was trained narrow (metadata split.bottleneck)");
  }
  if (std::find(model_.cuts.begin(), model_.cuts.end(), cut) != model_.cuts.end()) return cut;
  std::string some;
  for (size_t i = 0; i < model_.cuts.size(); i += std::max<size_t>(1, model_.cuts.size() / 6)) some += ", " + model_.cuts[i];
  return Fail(StatusCode::kNotFound, model_.graph.source + ": it cannot be cut at '" + cut + "'; cuts are none, input and its edges, as" +
                                         (some.empty() ? " none is" : some.substr(1)));
}

Result<SplitNet::Head*> SplitNet::HeadAt(const std::string& cut) {
  if (const auto found = heads_.find(cut); found != heads_.end()) return &found->second;
  if (heads_.size() >= kMostHeads) {
    for (auto it = heads_.begin(); it != heads_.end();) it = it->first == kCutNone ? std::next(it) : heads_.erase(it);
  }
  Head head;
  GraphSource source{.path = model_.graph.source};
  if (cut == kCutNone) {
    TW_ASSIGN(source.model, WithoutExits(model_.graph));
  } else {
    TW_ASSIGN(SplitGraph split, SplitAt(model_.graph, cut));
    head.exits = !split.exit.empty();
    source.model = std::move(split.head);
  }
  TW_ASSIGN(head.runner, OpenGraph(source, {.backend = options_.backend, .threads = options_.threads}));
  return &heads_.emplace(cut, std::move(head)).first->second;
}

Result<void> SplitNet::Prepare(const std::string& plan_cut) {
  TW_ASSIGN(const std::string cut, ResolveCut(plan_cut));
  if (cut != kCutAtInput) TW_RETURN_IF_ERROR(HeadAt(cut));
  if (cut != kCutNone) TW_RETURN_IF_ERROR(worker_->Measure(cut, 1));
  return {};
}

void SplitNet::Stretch(TimePoint start) const {
  if (conditions_.device_load <= 1) return;
  const Duration worked = RealClock().Now() - start;
  std::this_thread::sleep_for(
      std::chrono::nanoseconds(static_cast<int64_t>(static_cast<double>(worked.ns) * (conditions_.device_load - 1))));
}

// The part of the picture that the net sees, at its resolution: as JPEG, or as the tensor that goes in.
Result<std::vector<std::byte>> SplitNet::CodedPicture(const Image& image, Coding coding) {
  if (coding != Coding::kJpeg) {
    TW_ASSIGN(const Tensor tensor, PictureTensor(image, model_.card.input, input_));
    return EncodeTensor(tensor, coding);
  }
  TW_ASSIGN(const PictureSides sides, SidesOf(input_));
  const PictureFrame frame = FrameOf(image, model_.card.input, sides);
  const Image part = Crop(image, static_cast<int64_t>(frame.left), static_cast<int64_t>(frame.top), static_cast<int64_t>(frame.width),
                          static_cast<int64_t>(frame.height));
  TW_ASSIGN(const std::string jpeg, EncodeJpeg(Resize(part, sides.width, sides.height), kJpegQuality));
  std::vector<std::byte> coded{static_cast<std::byte>(Coding::kJpeg)};
  const auto raw = std::as_bytes(std::span(jpeg));
  coded.insert(coded.end(), raw.begin(), raw.end());
  return coded;
}

Result<SplitAnswer> SplitNet::Run(const Image& image, const SplitPlan& plan, uint32_t best, Tensor* outputs) {
  TW_ASSIGN(const std::string cut, ResolveCut(plan.cut));
  SplitAnswer answer;
  const TimePoint start = RealClock().Now();
  std::vector<std::byte> coded;
  if (cut == kCutAtInput) {
    TW_ASSIGN(coded, CodedPicture(image, plan.coding));
  } else {
    TW_ASSIGN(Head * head, HeadAt(cut));
    TW_ASSIGN(const Tensor input, PictureTensor(image, model_.card.input, input_));
    TW_ASSIGN(std::vector<Tensor> crossing, head->runner->Run({&input, 1}));
    bool answered = cut == kCutNone;
    if (head->exits && plan.exit < 1 && outputs == nullptr) {
      answer.scores = ScoresOf(crossing[1], kToldClasses);
      answered = static_cast<double>(ConfidenceOf(answer.scores, model_.card.probabilities)) > plan.exit;
    } else if (answered) {
      answer.scores = ScoresOf(crossing[0], kToldClasses);
    }
    if (answered) {
      if (outputs != nullptr) *outputs = std::move(crossing[0]);
      Stretch(start);
      answer.device = answer.whole = RealClock().Now() - start;
      return answer;
    }
    TW_ASSIGN(coded, EncodeTensor(crossing[0], plan.coding));
  }
  Stretch(start);
  answer.device = RealClock().Now() - start;
  TW_ASSIGN(TailAnswer tail, worker_->Run(cut, coded, best));
  answer.offloaded = true;
  answer.scores = std::move(tail.scores);
  if (outputs != nullptr) *outputs = std::move(*tail.outputs);
  answer.worker = tail.busy;
  answer.sent_bytes = tail.sent_bytes;
  answer.received_bytes = tail.received_bytes;
  answer.whole = RealClock().Now() - start;
  return answer;
}

Result<SplitAnswer> SplitNet::Look(const Image& image, const SplitPlan& plan) {
  return Run(image, plan, kToldClasses, nullptr);
}

Result<Tensor> SplitNet::Outputs(const Image& image, const SplitPlan& plan) {
  Tensor outputs;
  TW_RETURN_IF_ERROR(Run(image, plan, 0, &outputs));
  return outputs;
}

Result<std::vector<Tensor>> SplitNet::Activations(const Image& image, const std::vector<std::string>& cuts) {
  TW_ASSIGN(OnnxModel model, WithoutExits(model_.graph));
  model.graph.outputs.clear();
  for (const std::string& cut : cuts) {
    if (cut != kCutAtInput) model.graph.outputs.push_back({.name = cut, .type = OnnxType::kFloat});
  }
  TW_ASSIGN(const Tensor input, PictureTensor(image, model_.card.input, input_));
  std::vector<Tensor> given;
  if (!model.graph.outputs.empty()) {
    TW_ASSIGN(const auto runner,
              OpenGraph({.path = model.source, .model = std::move(model)}, {.backend = options_.backend, .threads = options_.threads}));
    TW_ASSIGN(given, runner->Run({&input, 1}));
  }
  std::vector<Tensor> crossing;
  size_t next = 0;
  for (const std::string& cut : cuts) crossing.push_back(cut == kCutAtInput ? input : std::move(given[next++]));
  return crossing;
}

}  // namespace tradewind
