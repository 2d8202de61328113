// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a device and its worker say to each other, as messages (net/message.h). The device asks, the worker answers each in turn: with Done,
// Ran or Failed. A worker believes nothing of what comes: every Parse checks, and names the peer. Plain values; those with spans borrow the
// message.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "collab/class_scores.h"
#include "core/device.h"
#include "net/message.h"
#include "vision/model_card.h"

namespace tradewind {

inline constexpr uint32_t kSplitProtocol = 1;
inline constexpr uint64_t kMostSplitBytes = uint64_t{1} << 30;
inline constexpr std::string_view kCutAtInput = "input";  // all of the net runs there
inline constexpr std::string_view kCutNone = "none";      // all of it runs here

enum class SplitMessage : uint16_t { kOpen = 1, kConditions, kRun, kMeasure, kEcho, kDone = 16, kRan, kFailed };

// The net: first of all.
struct OpenRequest {
  uint32_t protocol = kSplitProtocol;
  std::string backend = "native";
  int32_t threads = 1;
  PictureInput picture{};  // for pictures that come as JPEG
  std::span<const std::byte> onnx{};
};
// From now on: how the worker's own sending is shaped, and how much longer it takes for its work than it needs.
struct ConditionsRequest {
  Link link{};
  uint64_t seed = 1;
  double load = 1;
};
// Runs what is behind the cut on coded activations (collab/coding.h), or on a JPEG picture behind one byte for that coding.
struct RunRequest {
  std::string cut{};
  uint32_t best = 5;  // how many classes to tell; 0: all numbers
  std::span<const std::byte> coded{};
};
// Runs it on zeros, so that no bytes are sent.
struct MeasureRequest {
  std::string cut{};
  uint32_t runs = 1;
};
// Answered by Done with that many bytes.
struct EchoRequest {
  uint32_t reply_bytes = 0;
  std::span<const std::byte> bytes{};
};
struct RanReply {
  Duration busy{};  // decoding and running; of Measure the median
  ClassScores scores{};
  std::span<const std::byte> outputs{};  // coded as f32, where all were asked for
};

std::vector<std::byte> Write(const OpenRequest& request);
std::vector<std::byte> Write(const ConditionsRequest& request);
std::vector<std::byte> Write(const RunRequest& request);
std::vector<std::byte> Write(const MeasureRequest& request);
std::vector<std::byte> Write(const EchoRequest& request);
std::vector<std::byte> Write(const RanReply& reply);
std::vector<std::byte> Write(const Status& failure);

Result<OpenRequest> ParseOpen(std::span<const std::byte> bytes, const std::string& peer);
Result<ConditionsRequest> ParseConditions(std::span<const std::byte> bytes, const std::string& peer);
Result<RunRequest> ParseRun(std::span<const std::byte> bytes, const std::string& peer);
Result<MeasureRequest> ParseMeasure(std::span<const std::byte> bytes, const std::string& peer);
Result<EchoRequest> ParseEcho(std::span<const std::byte> bytes, const std::string& peer);
Result<RanReply> ParseRan(std::span<const std::byte> bytes, const std::string& peer);
// The failure that the peer tells, which names it; or why that is not to be understood.
Status ParseFailed(std::span<const std::byte> bytes, const std::string& peer);

}  // namespace tradewind
