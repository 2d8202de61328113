// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message to a worker of split nets or from one: a frame, what it says, and the activations in it. What is refused names the
// sender; what is taken lies inside of the message and is within its limits.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "collab/coding.h"
#include "collab/split_protocol.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostBytes = 1 << 20;

void Require(bool condition) {
  if (!condition) std::abort();
}

template <typename T>
void RequireNamed(const Result<T>& result) {
  if (!result) Require(result.error().message().find("fuzz") != std::string::npos || !result.error().where().empty());
}

void Decode(std::span<const std::byte> coded) {
  const auto tensor = DecodeTensor(coded, "fuzz");
  RequireNamed(tensor);
  if (!tensor) return;
  Require(tensor->type == ElementType::kFloat && tensor->values() >= 1 && tensor->values() <= kMostCodedValues);
  Require(tensor->data.size() == static_cast<size_t>(tensor->values()) * 4);
  Require(tensor->data.size() <= coded.size() * 9000 + 4096);  // zlib's thousand, of half bytes to singles
}

void Inside(std::span<const std::byte> part, std::span<const std::byte> whole) {
  Require(part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

void ReadAsked(SplitMessage kind, std::span<const std::byte> bytes) {
  if (kind == SplitMessage::kOpen) {
    const auto open = ParseOpen(bytes, "fuzz");
    RequireNamed(open);
    if (open) Inside(open->onnx, bytes);
  } else if (kind == SplitMessage::kConditions) {
    const auto conditions = ParseConditions(bytes, "fuzz");
    RequireNamed(conditions);
    if (conditions) Require(conditions->load >= 1 && conditions->link.loss < 1 && std::isfinite(conditions->link.delay_ms));
  } else if (kind == SplitMessage::kRun) {
    const auto run = ParseRun(bytes, "fuzz");
    RequireNamed(run);
    if (run) Decode(run->coded);
  } else if (kind == SplitMessage::kMeasure) {
    const auto measure = ParseMeasure(bytes, "fuzz");
    RequireNamed(measure);
    if (measure) Require(measure->runs >= 1);
  } else if (kind == SplitMessage::kEcho) {
    const auto echo = ParseEcho(bytes, "fuzz");
    RequireNamed(echo);
    if (echo) Inside(echo->bytes, bytes);
  } else if (kind == SplitMessage::kRan) {
    const auto ran = ParseRan(bytes, "fuzz");
    RequireNamed(ran);
    if (ran) Decode(ran->outputs);
  } else if (kind == SplitMessage::kFailed) {
    Require(!ParseFailed(bytes, "fuzz").message().empty());
  }
}

void RunOne(const uint8_t* data, size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  if (size < kMessageHeaderBytes) return Decode(bytes);
  const auto header = ParseMessageHeader(bytes.first<kMessageHeaderBytes>(), kMostBytes, "fuzz");
  if (!header) return RequireNamed(header);
  Require(header->length <= kMostBytes);
  const auto rest = bytes.subspan(kMessageHeaderBytes);
  ReadAsked(static_cast<SplitMessage>(header->kind), rest.first(std::min<size_t>(rest.size(), header->length)));
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
