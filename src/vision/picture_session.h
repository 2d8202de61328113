// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Sessions that look at pictures: a picture is pushed by its sample's id (picture_set.h), a reading of it comes, then the end.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/tunable.h"
#include "vision/scorers/agreement.h"

namespace tradewind {

// The metric of pictures answered a second, by all sessions that were asked at once.
inline constexpr const char* kPictureRate = "pictures_per_s";

// What was found, and what is to be measured besides.
struct LookedAt {
  VisionResult result;
  std::vector<Measurement> more{};
};
using LookAt = std::function<Result<LookedAt>(const Image&)>;

// `look` must be safe for as many threads as have sessions, and what it refers to outlive them. The reading has top1 where the picture has
// a label, agreement where the reference saw it, latency_ms, and what else was measured.
std::unique_ptr<Session> StartPictureSession(LookAt look, Setting setting, std::shared_ptr<const ReferenceLooks> reference = nullptr);

// kAgreement.
MetricInfo AgreementMetric();
// top1 and latency_ms.
std::vector<MetricInfo> PictureMetrics();
// kPictureRate.
MetricInfo PictureRateMetric();
// Knobs of every net: who runs the graph, and by how many threads.
Knob GraphBackendKnob();
Knob GraphThreadsKnob();
// Checked against the knobs, with the machine's threads where none are said, in canonical form.
Result<Setting> ResolvePictureSetting(const Setting& setting, std::span<const Knob> knobs);
// Of one picture.
Measurement MeasuredOnce(std::string metric, double value);

}  // namespace tradewind
