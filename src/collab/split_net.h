// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SplitNet: a classifier whose head runs here and whose tail runs in a worker. Where it is cut, and how what crosses is coded, is said with
// each picture. The link and the loads of both sides are conditions that hold until they are changed. One caller at a time.
//
//   TW_ASSIGN(const auto net, SplitNet::Open(std::move(model), {}));
//   TW_RETURN_IF_ERROR(net->SetConditions({.link = {.bandwidth_bytes_per_s = 625'000, .delay_ms = 10}, .device_load = 10}));
//   TW_ASSIGN(const SplitAnswer answer, net->Look(photo, {.cut = "Relu_12", .coding = Coding::kInt8Zlib}));
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collab/coding.h"
#include "collab/remote_tail.h"
#include "collab/split_model.h"
#include "graph/backend.h"
#include "vision/image.h"
#include "vision/vision_result.h"

namespace tradewind {

struct SplitOptions {
  std::string worker{};  // "HOST:PORT" of one that listens; empty: a process of this machine
  std::string backend = "native";
  int threads = 1;  // here
  int worker_threads = 1;
};

// Of both directions: `delay_ms` is one way. Loads stretch what a side computes by sleeping: 10 is a device that takes ten times as long as
// this machine does.
struct SplitConditions {
  Link link{};
  double device_load = 1;
  double worker_load = 1;
  uint64_t seed = 1;  // of what the link loses
};

struct SplitPlan {
  std::string cut{kCutNone};  // "none": all here; "input": all there; "bottleneck": the edge that was trained narrow; or an edge
  Coding coding = Coding::kInt8Zlib;
  double exit = 1;  // an early exit that is surer than this answers here
};

struct SplitAnswer {
  ClassScores scores{};
  bool offloaded = false;
  Duration device{};  // from the picture to coded bytes, or to the answer
  Duration worker{};
  Duration whole{};
  int64_t sent_bytes = 0;
  int64_t received_bytes = 0;
};

class SplitNet {
 public:
  static Result<std::unique_ptr<SplitNet>> Open(SplitModel model, const SplitOptions& options);

  const SplitModel& model() const { return model_; }
  const SplitConditions& conditions() const { return conditions_; }
  int64_t memory_bytes() const;  // of the heads that are open here
  // kInvalidInput for a link or load that cannot be.
  Result<void> SetConditions(const SplitConditions& conditions);

  // kNotFound for a cut that the net does not have, kUnsupported for jpeg anywhere but at the input. The first look at a cut makes its head
  // and tail; Prepare does that alone.
  Result<SplitAnswer> Look(const Image& image, const SplitPlan& plan);
  Result<void> Prepare(const std::string& cut);
  // All that the net gives, as Look would have it.
  Result<Tensor> Outputs(const Image& image, const SplitPlan& plan);
  // What would cross at these edges, uncoded, from one run of the whole net here; for "input" the picture's tensor.
  Result<std::vector<Tensor>> Activations(const Image& image, const std::vector<std::string>& cuts);

  RemoteTail& worker() { return *worker_; }
  // The name of an edge, or "none", "input", for what a plan says.
  Result<std::string> ResolveCut(const std::string& cut) const;

 private:
  struct Head {
    std::unique_ptr<GraphRunner> runner;
    bool exits = false;
  };
  SplitNet(SplitModel model, SplitOptions options, std::unique_ptr<RemoteTail> worker)
      : model_(std::move(model)), options_(std::move(options)), worker_(std::move(worker)) {}
  Result<Head*> HeadAt(const std::string& cut);
  Result<SplitAnswer> Run(const Image& image, const SplitPlan& plan, uint32_t best, Tensor* outputs);
  Result<std::vector<std::byte>> CodedPicture(const Image& image, Coding coding);
  void Stretch(TimePoint start) const;

  SplitModel model_;
  SplitOptions options_;
  std::unique_ptr<RemoteTail> worker_;
  SplitConditions conditions_{};
  GraphEdge input_{};
  std::map<std::string, Head> heads_{};
};

}  // namespace tradewind
