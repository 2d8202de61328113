// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_protocol.h"

#include <cmath>

#include "net/shaper.h"

namespace tradewind {
namespace {

constexpr size_t kMostName = 4096;
constexpr size_t kMostText = 1 << 16;
constexpr int32_t kMostThreads = 256;
constexpr uint32_t kMostClasses = 1000;
constexpr uint32_t kMostRuns = 1000;
constexpr uint32_t kMostEcho = 1 << 26;
constexpr double kMostLoad = 1000;

Result<float> FiniteFrom(WireReader& in) {
  TW_ASSIGN(const float value, in.Get<float>());
  if (!std::isfinite(value)) return in.Bad("a number that is not finite");
  return value;
}

}  // namespace

std::vector<std::byte> Write(const OpenRequest& request) {
  WireWriter out;
  out.Put(request.protocol).PutText(request.backend).Put(request.threads).Put(static_cast<uint8_t>(request.picture.blue_first ? 1 : 0));
  for (size_t c = 0; c < 3; ++c) out.Put(request.picture.mean[c]).Put(request.picture.deviation[c]);
  return out.PutRaw(request.onnx).bytes();
}

Result<OpenRequest> ParseOpen(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  OpenRequest request;
  TW_ASSIGN(request.protocol, in.Get<uint32_t>());
  if (request.protocol != kSplitProtocol) {
    return in.Bad("it speaks version " + std::to_string(request.protocol) + " of this protocol, and here it is " +
                  std::to_string(kSplitProtocol) + "; take the same version of tradewind on both sides");
  }
  TW_ASSIGN(request.backend, in.GetText(kMostName));
  TW_ASSIGN(request.threads, in.Get<int32_t>());
  if (request.threads < 1 || request.threads > kMostThreads) return in.Bad(std::to_string(request.threads) + " threads");
  TW_ASSIGN(const uint8_t blue_first, in.Get<uint8_t>());
  request.picture.blue_first = blue_first != 0;
  for (size_t c = 0; c < 3; ++c) {
    TW_ASSIGN(request.picture.mean[c], FiniteFrom(in));
    TW_ASSIGN(request.picture.deviation[c], FiniteFrom(in));
    if (request.picture.deviation[c] == 0) return in.Bad("a deviation of 0");
  }
  request.onnx = in.Rest();
  return request;
}

std::vector<std::byte> Write(const ConditionsRequest& request) {
  WireWriter out;
  out.Put(request.link.bandwidth_bytes_per_s).Put(request.link.delay_ms).Put(request.link.loss).Put(request.seed).Put(request.load);
  return out.bytes();
}

Result<ConditionsRequest> ParseConditions(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  ConditionsRequest request;
  TW_ASSIGN(request.link.bandwidth_bytes_per_s, in.Get<double>());
  TW_ASSIGN(request.link.delay_ms, in.Get<double>());
  TW_ASSIGN(request.link.loss, in.Get<double>());
  TW_ASSIGN(request.seed, in.Get<uint64_t>());
  TW_ASSIGN(request.load, in.Get<double>());
  TW_RETURN_IF_ERROR(CheckLink(request.link));
  if (!(request.load >= 1 && request.load <= kMostLoad)) return in.Bad("a load that is not from 1 to 1000");
  TW_RETURN_IF_ERROR(in.End());
  return request;
}

std::vector<std::byte> Write(const RunRequest& request) {
  WireWriter out;
  return out.PutText(request.cut).Put(request.best).PutRaw(request.coded).bytes();
}

Result<RunRequest> ParseRun(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  RunRequest request;
  TW_ASSIGN(request.cut, in.GetText(kMostName));
  TW_ASSIGN(request.best, in.Get<uint32_t>());
  if (request.best > kMostClasses) return in.Bad("it asks for " + std::to_string(request.best) + " classes");
  request.coded = in.Rest();
  return request;
}

std::vector<std::byte> Write(const MeasureRequest& request) {
  WireWriter out;
  return out.PutText(request.cut).Put(request.runs).bytes();
}

Result<MeasureRequest> ParseMeasure(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  MeasureRequest request;
  TW_ASSIGN(request.cut, in.GetText(kMostName));
  TW_ASSIGN(request.runs, in.Get<uint32_t>());
  if (request.runs < 1 || request.runs > kMostRuns) return in.Bad("it asks for " + std::to_string(request.runs) + " runs");
  TW_RETURN_IF_ERROR(in.End());
  return request;
}

std::vector<std::byte> Write(const EchoRequest& request) {
  WireWriter out;
  return out.Put(request.reply_bytes).PutRaw(request.bytes).bytes();
}

Result<EchoRequest> ParseEcho(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  EchoRequest request;
  TW_ASSIGN(request.reply_bytes, in.Get<uint32_t>());
  if (request.reply_bytes > kMostEcho) return in.Bad("it asks for " + std::to_string(request.reply_bytes) + " bytes back");
  request.bytes = in.Rest();
  return request;
}

std::vector<std::byte> Write(const RanReply& reply) {
  WireWriter out;
  out.Put(reply.busy.ns).Put(reply.scores.log_sum).Put(static_cast<uint32_t>(reply.scores.best.size()));
  for (const ClassScores::Class& c : reply.scores.best) out.Put(c.number).Put(c.value);
  return out.PutRaw(reply.outputs).bytes();
}

Result<RanReply> ParseRan(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  RanReply reply;
  TW_ASSIGN(reply.busy.ns, in.Get<int64_t>());
  if (reply.busy.ns < 0) return in.Bad("a time below 0");
  TW_ASSIGN(reply.scores.log_sum, in.Get<float>());
  TW_ASSIGN(const uint32_t classes, in.Get<uint32_t>());
  if (classes > kMostClasses) return in.Bad("it tells " + std::to_string(classes) + " classes");
  for (uint32_t i = 0; i < classes; ++i) {
    ClassScores::Class& c = reply.scores.best.emplace_back();
    TW_ASSIGN(c.number, in.Get<uint32_t>());
    TW_ASSIGN(c.value, in.Get<float>());
  }
  reply.outputs = in.Rest();
  return reply;
}

std::vector<std::byte> Write(const Status& failure) {
  WireWriter out;
  return out.Put(static_cast<uint8_t>(failure.code())).PutText(failure.ToString().substr(0, kMostText)).bytes();
}

Status ParseFailed(std::span<const std::byte> bytes, const std::string& peer) {
  WireReader in(bytes, peer);
  const auto code = in.Get<uint8_t>();
  if (!code) return code.error();
  const auto text = in.GetText(kMostText);
  if (!text) return text.error();
  const bool known = *code <= static_cast<uint8_t>(StatusCode::kInternal);
  return {known ? static_cast<StatusCode>(*code) : StatusCode::kUnavailable, peer + ": " + *text};
}

}  // namespace tradewind
