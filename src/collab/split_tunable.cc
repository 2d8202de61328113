// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_tunable.h"

#include <filesystem>
#include <map>
#include <mutex>

#include "base/cpu.h"
#include "collab/cut_profile.h"
#include "collab/energy_model.h"
#include "collab/split_net.h"
#include "vision/picture_session.h"

namespace tradewind {
namespace {

constexpr double kMostMbit = 1e5;
constexpr double kMostTrip_ms = 60'000;
constexpr double kMostStretchKnob = 1000;
constexpr double kBytesOfMbit = 125'000;
const std::string kAutoCut = "auto";

Knob RealKnob(std::string name, double low, double high, double fallback, std::string unit, std::string meaning) {
  return {.name = std::move(name),
          .stage = Stage::kLoad,
          .domain = RealDomain{low, high},
          .default_value = fallback,
          .unit = std::move(unit),
          .meaning = std::move(meaning),
          .condition = "split nets"};
}

Knob ChoiceKnob(std::string name, Stage stage, std::vector<std::string> values, std::string fallback, std::string meaning) {
  return {.name = std::move(name),
          .stage = stage,
          .domain = ChoiceDomain{std::move(values)},
          .default_value = std::move(fallback),
          .meaning = std::move(meaning),
          .condition = "split nets"};
}

Knob ThreadsKnob(std::string name, int64_t fallback, bool resolved, std::string meaning) {
  return {.name = std::move(name),
          .stage = Stage::kLoad,
          .domain = IntegerDomain{1, 256},
          .default_value = fallback,
          .resolved_default = resolved,
          .unit = "threads",
          .meaning = std::move(meaning),
          .condition = "split nets"};
}

std::vector<Knob> SplitKnobs() {
  std::vector<std::string> codings, radios, backends;
  for (const Coding coding : AllCodings()) codings.emplace_back(CodingName(coding));
  for (const RadioPower& radio : RadioPowers()) radios.push_back(radio.name);
  for (const auto& [name, backend] : GraphBackends().All()) backends.push_back(name);
  return {{.name = "cut",
           .stage = Stage::kRequest,
           .domain = TextDomain{"auto, none, input, bottleneck, or an edge of the graph"},
           .default_value = kAutoCut,
           .meaning = "behind which edge the worker goes on; none: all runs here, input: all there, auto: the fastest by what is measured",
           .condition = "split nets"},
          ChoiceKnob("coding", Stage::kRequest, codings, "int8+zlib", "how what crosses is coded; jpeg: pictures, with cut=input"),
          {.name = "exit",
           .stage = Stage::kRequest,
           .domain = RealDomain{0, 1},
           .default_value = 1.0,
           .meaning = "an early exit that gives its best class more than this probability answers here; 1: none does",
           .condition = "split nets with early exits"},
          RealKnob("link.rate", 0, kMostMbit, 0, "Mbit/s", "what the link to the worker is shaped to, each way; 0: not at all"),
          RealKnob("link.rtt", 0, kMostTrip_ms, 0, "ms", "how long a round trip is made to take at least"),
          RealKnob("link.loss", 0, 0.5, 0, "", "share of packets that are lost and sent again"),
          RealKnob("device.load", 1, kMostStretchKnob, 1, "", "how many times as long as it needs this side takes, by sleeping"),
          RealKnob("worker.load", 1, kMostStretchKnob, 1, "", "the same of the worker"),
          {.name = "worker",
           .stage = Stage::kLoad,
           .domain = TextDomain{"HOST:PORT of a tradewind split-worker, or nothing for a process of this machine"},
           .default_value = std::string(),
           .meaning = "who runs what is behind the cut",
           .condition = "split nets"},
          ChoiceKnob("backend", Stage::kLoad, backends, "native", "who runs both graphs"),
          ChoiceKnob("radio", Stage::kLoad, radios, "wifi", "whose power the model of energy assumes"),
          ThreadsKnob("threads", DefaultThreads(), true, "threads that run the head"),
          ThreadsKnob("worker.threads", 1, false, "threads that run the tail")};
}

double RealOr(const Setting& setting, const std::string& name, double fallback) {
  const KnobValue* value = setting.Find(name);
  return value == nullptr ? fallback : std::get<double>(*value);
}

SplitConditions ConditionsOf(const Setting& setting) {
  return {.link = {.bandwidth_bytes_per_s = RealOr(setting, "link.rate", 0) * kBytesOfMbit,
                   .delay_ms = RealOr(setting, "link.rtt", 0) / 2,
                   .loss = RealOr(setting, "link.loss", 0),
                   .origin = "modelled"},
          .device_load = RealOr(setting, "device.load", 1),
          .worker_load = RealOr(setting, "worker.load", 1)};
}

class SplitInstance final : public Instance {
 public:
  SplitInstance(std::unique_ptr<SplitNet> net, RadioPower radio, std::span<const Knob> knobs, Setting setting)
      : net_(std::move(net)), knobs_(knobs), setting_(std::move(setting)) {
    energy_.radio = std::move(radio);
  }
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return knobs_; }
  uint64_t memory_bytes() const override {
    const std::lock_guard lock(turn_);
    return static_cast<uint64_t>(net_->memory_bytes());
  }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override {
    return Fail(StatusCode::kUnsupported, "nets of pictures have no tokens");
  }

  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    const Setting whole = setting_.With(options.setting);
    TW_ASSIGN(const SplitPlan plan, PlanOf(whole));
    if (plan.cut != kAutoCut) {
      const std::lock_guard lock(turn_);
      TW_RETURN_IF_ERROR(net_->Prepare(plan.cut));
    }
    return StartPictureSession([this, plan](const Image& image) { return Look(image, plan); }, whole);
  }

  // Chooses the cut by a made picture, so that the first real one does not wait for it.
  Result<void> Warm() override {
    const std::lock_guard lock(turn_);
    TW_ASSIGN(SplitPlan plan, PlanOf(setting_));
    const Image picture = TestPicture(256);
    if (plan.cut == kAutoCut) {
      TW_ASSIGN(plan.cut, Chosen(picture, plan.coding));
    }
    TW_RETURN_IF_ERROR(net_->Look(picture, plan));
    return {};
  }

 private:
  Result<SplitPlan> PlanOf(const Setting& setting) const {
    SplitPlan plan{.cut = setting.TextOr("cut", kAutoCut), .exit = RealOr(setting, "exit", 1)};
    TW_ASSIGN(plan.coding, FindCoding(setting.TextOr("coding", "int8+zlib")));
    if (plan.cut != kAutoCut) TW_RETURN_IF_ERROR(net_->ResolveCut(plan.cut));
    return plan;
  }

  // With the turn held.
  Result<std::string> Chosen(const Image& picture, Coding coding) {
    if (const auto known = chosen_.find(coding); known != chosen_.end()) return known->second;
    TW_ASSIGN(const CutProfile profile, ProfileCuts(*net_, {&picture, 1}, coding, {}));
    TW_ASSIGN(const PathState state, ProbePath(*net_, profile, picture));
    return chosen_[coding] = profile.costs[PickCut(profile.costs, state)].cut;
  }

  Result<LookedAt> Look(const Image& image, SplitPlan plan) {
    const std::lock_guard lock(turn_);
    if (plan.cut == kAutoCut) {
      TW_ASSIGN(plan.cut, Chosen(image, plan.coding));
    }
    TW_ASSIGN(const SplitAnswer answer, net_->Look(image, plan));
    const auto sent = static_cast<double>(answer.sent_bytes);
    Measurement energy = MeasuredOnce("energy_mj", Energy_mj(energy_, answer.device.ms(), sent, static_cast<double>(answer.received_bytes),
                                                             net_->conditions().link.bandwidth_bytes_per_s));
    energy.origin = Origin::kModelled;
    return LookedAt{ResultOf(answer.scores, net_->model().card),
                    {MeasuredOnce("sent_bytes", sent), MeasuredOnce("offloaded", answer.offloaded ? 1 : 0),
                     MeasuredOnce("device_ms", answer.device.ms()), std::move(energy)}};
  }

  mutable std::mutex turn_;
  std::unique_ptr<SplitNet> net_;
  std::span<const Knob> knobs_;  // the tunable's
  Setting setting_;
  EnergyModel energy_;
  std::map<Coding, std::string> chosen_;
};

}  // namespace

SplitTunable::SplitTunable(std::string name, SplitModel model)
    : name_(std::move(name)), model_(std::move(model)), knobs_(SplitKnobs()), metrics_(PictureMetrics()) {
  metrics_.push_back(
      {.name = "sent_bytes", .unit = "B", .definition = "Bytes that went to the worker, frames and all; 0 of an answer here."});
  metrics_.push_back({.name = "offloaded", .unit = "", .definition = "Share of pictures that the worker was asked of."});
  metrics_.push_back(
      {.name = "device_ms", .unit = "ms", .definition = "What this side took: the picture, the head, coding what crosses; as loaded."});
  metrics_.push_back({.name = "energy_mj",
                      .unit = "mJ",
                      .definition = "By a model: 2 W while this side computes, and the radio's power by Huang et al. (MobiSys 2012) for "
                                    "the bytes at the link's rate; waiting costs nothing."});
}

Result<std::unique_ptr<SplitTunable>> SplitTunable::Make(const std::string& path, const std::string& card) {
  TW_ASSIGN(SplitModel model, ReadSplitModel(path, card));
  const std::string name = "split:" + std::filesystem::path(path).filename().string();
  return std::unique_ptr<SplitTunable>(new SplitTunable(name, std::move(model)));
}

Result<Setting> SplitTunable::Resolve(const Setting& setting) {
  return ResolvePictureSetting(setting, knobs_);
}

Result<std::unique_ptr<Instance>> SplitTunable::Open(const Setting& setting, const Budget&) {
  TW_ASSIGN(Setting resolved, Resolve(setting));
  TW_ASSIGN(RadioPower radio, FindRadio(resolved.TextOr("radio", "wifi")));
  const SplitOptions options{.worker = resolved.TextOr("worker", ""),
                             .backend = resolved.TextOr("backend", "native"),
                             .threads = static_cast<int>(resolved.IntegerOr("threads", DefaultThreads())),
                             .worker_threads = static_cast<int>(resolved.IntegerOr("worker.threads", 1))};
  TW_ASSIGN(std::unique_ptr<SplitNet> net, SplitNet::Open(model_, options));
  TW_RETURN_IF_ERROR(net->SetConditions(ConditionsOf(resolved)));
  return std::make_unique<SplitInstance>(std::move(net), std::move(radio), knobs_, std::move(resolved));
}

}  // namespace tradewind
