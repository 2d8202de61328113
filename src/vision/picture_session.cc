// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/picture_session.h"

#include <atomic>

#include "base/clock.h"
#include "base/cpu.h"
#include "graph/backend.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

class PictureSession final : public Session {
 public:
  PictureSession(LookAt look, Setting setting, std::shared_ptr<const ReferenceLooks> reference)
      : look_(std::move(look)), reference_(std::move(reference)) {
    outcome_.setting = std::move(setting);
  }

  Result<void> Push(InputEvent event) override {
    const auto* sample = std::get_if<SampleRef>(&event.body);
    if (sample == nullptr) return Fail(StatusCode::kUnsupported, "a net of pictures takes pictures, not prompts; run it with --image");
    picture_ = ParseSampleId(sample->id);
    sample_ = sample->id;
    told_ = false;
    return {};
  }

  Result<OutputEvent> Next() override {
    if (told_ || cancelled_) {
      outcome_.finish = cancelled_ ? FinishReason::kCancelled : FinishReason::kStop;
      return OutputEvent{RealClock().Now(), End{outcome_.finish}};
    }
    told_ = true;
    TW_ASSIGN(const Image image, ReadPicture(picture_));
    const TimePoint start = RealClock().Now();
    TW_ASSIGN(LookedAt looked, look_(image));
    const TimePoint end = RealClock().Now();
    Reading reading;
    if (picture_.label >= 0) {
      const bool right = !looked.result.labels.empty() && looked.result.labels[0].label == picture_.label;
      reading.measurements.push_back(MeasuredOnce("top1", right ? 1 : 0));
      outcome_.score = right ? 1 : 0;
    }
    if (const VisionResult* seen = Seen()) {
      outcome_.score = AgreementOf(looked.result, *seen);
      reading.measurements.push_back(MeasuredOnce(kAgreement, *outcome_.score));
    }
    reading.measurements.push_back(MeasuredOnce("latency_ms", (end - start).ms()));
    for (Measurement& m : looked.more) reading.measurements.push_back(std::move(m));
    return OutputEvent{end, std::move(reading)};
  }

  void Cancel() override { cancelled_ = true; }
  const Outcome& outcome() const override { return outcome_; }

 private:
  const VisionResult* Seen() const {  // by the reference
    if (reference_ == nullptr) return nullptr;
    const auto found = reference_->find(sample_);
    return found == reference_->end() ? nullptr : &found->second;
  }

  LookAt look_;
  std::shared_ptr<const ReferenceLooks> reference_;
  std::string sample_;
  PictureRef picture_;
  bool told_ = true;
  std::atomic<bool> cancelled_ = false;
  Outcome outcome_;
};

}  // namespace

std::unique_ptr<Session> StartPictureSession(LookAt look, Setting setting, std::shared_ptr<const ReferenceLooks> reference) {
  return std::make_unique<PictureSession>(std::move(look), std::move(setting), std::move(reference));
}

MetricInfo AgreementMetric() {
  return {.name = kAgreement,
          .unit = "",
          .direction = Direction::kHigherIsBetter,
          .definition =
              "How far what is found agrees with what the net finds as it is by default: of boxes COCO's average precision, of masks the "
              "mean overlap, of points the share near the same place, of labels the share whose best is the same."};
}

std::vector<MetricInfo> PictureMetrics() {
  return {{.name = "top1",
           .unit = "",
           .direction = Direction::kHigherIsBetter,
           .definition = "Share of pictures whose best label is the right one."},
          {.name = "latency_ms",
           .unit = "ms",
           .direction = Direction::kLowerIsBetter,
           .definition = "From a decoded picture to what was found in it: waiting for a turn, resizing, the net, reading its outputs."}};
}

MetricInfo PictureRateMetric() {
  return {.name = kPictureRate,
          .unit = "1/s",
          .direction = Direction::kHigherIsBetter,
          .definition = "Pictures answered a second, decoding them included, by as many callers at once as keep the net busy."};
}

Knob GraphBackendKnob() {
  std::vector<std::string> backends;
  for (const auto& [name, backend] : GraphBackends().All()) backends.push_back(name);
  return {.name = "backend",
          .stage = Stage::kLoad,
          .domain = ChoiceDomain{backends},
          .default_value = std::string("native"),
          .meaning = "who runs the graph: our own executor, or OpenVINO where it is installed",
          .condition = "graphs"};
}

Knob GraphThreadsKnob() {
  return {.name = "threads",
          .stage = Stage::kLoad,
          .domain = IntegerDomain{1, 256},
          .default_value = int64_t{DefaultThreads()},
          .resolved_default = true,
          .unit = "threads",
          .meaning = "threads that run the graph",
          .condition = "graphs"};
}

Result<Setting> ResolvePictureSetting(const Setting& setting, std::span<const Knob> knobs) {
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, name));
    TW_RETURN_IF_ERROR(knob->Check(value));
  }
  Setting whole = setting;
  if (!whole.Has("threads")) whole.Set("threads", int64_t{DefaultThreads()});
  return whole.Canonical(knobs);
}

Measurement MeasuredOnce(std::string metric, double value) {
  return {.metric = std::move(metric), .value = value, .interval = {value, value}, .count = 1, .origin = Origin::kMeasured};
}

}  // namespace tradewind
