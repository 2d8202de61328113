// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Spiking nets out of ordinary ones: every rectifier becomes a layer of integrate-and-fire neurons, which see the same picture step after
// step and tell by how often they fire what the rectifier told by its number. The answer is there after the first step and gets better
// with each: one can stop at any time. The neurons are nodes of the file (IntegrateAndFire of the domain "tradewind"), which our own
// executor alone runs. A step costs a pass of the whole net here; hardware that pays by the spike is what such nets are for.
//
//   TW_ASSIGN(const OnnxModel spiking, ToSpiking(model, pictures, {.rule = ThresholdRule::kPercentile}));
//   TW_ASSIGN(auto net, SpikingNet::Open(spiking, 1));
//   net->Begin(picture);
//   while (net->steps() < 32 && !sure(net->logits())) TW_RETURN_IF_ERROR(net->Step());
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/native/executor.h"
#include "graph/tensor.h"

namespace tradewind {

// How a threshold is found from what the rectifier gave for some pictures. A low one is reached in fewer steps; numbers above it are cut.
enum class ThresholdRule : uint8_t {
  kMaximum,     // the greatest number (Diehl et al. 2015, doi:10.1109/IJCNN.2015.7280696)
  kPercentile,  // one that so many of the numbers above 0 do not pass (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682, section 2.2.2)
  // The least squared error of what `steps` steps can tell at best (Li et al., arXiv:2106.06984).
  kLeastError,
};
std::string_view ThresholdRuleName(ThresholdRule rule);  // "maximum", "percentile", "least-error"

struct SpikingOptions {
  ThresholdRule rule = ThresholdRule::kPercentile;
  double percentile = 99.9;
  int64_t steps = 32;       // of kLeastError
  bool by_channel = false;  // a threshold for each channel, instead of one for the layer
  // Potentials before the first step, in shares of the threshold, within [0, 1). A half makes a count of spikes round to the nearest where
  // 0 makes it round down: the shift by half a threshold of Deng & Gu (arXiv:2103.00476), which does not depend on the number
  // of steps when it is put here (Bu et al., arXiv:2202.01440).
  double start = 0.5;
};

// "RULE", "RULE:NUMBER" and so on: maximum, percentile[:99.9] or least-error[:STEPS], then ":channel" for by_channel and ":floor" for a
// start at 0. kInvalidInput says what is wrong in it.
Result<SpikingOptions> ParseSpikingOptions(std::string_view text);

// Batch norms are folded first; the net's pictures are `pictures`, each of the input's shape. kUnsupported names a node of which no count
// of spikes tells the number: other curves than rectifiers (a Clip from 0 up is one), greatest-of pools, products of two values; or a net
// without any rectifier. kInvalidInput for no pictures, or options out of their bounds.
Result<OnnxModel> ToSpiking(const OnnxModel& model, std::span<const Tensor> pictures, const SpikingOptions& options);

// Whether there is such a neuron in it.
bool IsSpiking(const OnnxModel& model);

// A spiking net and the state of one picture in it. One caller at a time.
class SpikingNet {
 public:
  // kUnsupported where it has more than one input, or no output of singles.
  static Result<std::unique_ptr<SpikingNet>> Open(const OnnxModel& model, int threads);

  const NativeNet& net() const { return executor_->net(); }
  int64_t memory_bytes() const { return executor_->memory_bytes(); }

  // Another picture, at step 0. It is copied.
  void Begin(const Tensor& picture);
  Result<void> Step();
  int64_t steps() const { return steps_; }
  // The first output's numbers, the mean over the steps so far; each output in full.
  std::span<const float> logits() const;
  const std::vector<Tensor>& outputs() const { return means_; }

  int64_t neurons() const { return neurons_; }
  // Since Begin.
  double spikes() const;
  // Additions that spikes brought about: each goes as far as the convolutions that read it have weights for it, on average. The first
  // layer's products of the picture count in full, once: they are the same in every step.
  double synaptic_operations() const;

 private:
  struct Layer {
    int spikes = 0;  // the kept value
    double neurons = 0;
    double fan_out = 0;  // weights that a spike meets
  };
  explicit SpikingNet(std::unique_ptr<NativeExecutor> executor);

  std::unique_ptr<NativeExecutor> executor_;
  std::vector<Layer> layers_;
  double first_products_ = 0;
  int64_t neurons_ = 0;
  Tensor picture_;
  std::vector<Tensor> sums_, means_;
  int64_t steps_ = 0;
};

}  // namespace tradewind
