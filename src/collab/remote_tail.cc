// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/remote_tail.h"

#include "collab/coding.h"

namespace tradewind {
namespace {

constexpr Duration kReaching = Duration::Seconds(10);
constexpr Duration kOneAnswer = Duration::Seconds(600);  // a picture as singles over 100 kbit/s takes a minute
constexpr Duration kEnding = Duration::Millis(500);

}  // namespace

Result<std::unique_ptr<RemoteTail>> RemoteTail::Start(const std::string& address) {
  if (!address.empty()) {
    TW_ASSIGN(Socket socket, Socket::Connect(address, RealClock().Now() + kReaching));
    socket.Name("the worker at " + address);
    return std::unique_ptr<RemoteTail>(new RemoteTail(std::move(socket), std::nullopt));
  }
  TW_ASSIGN(StartedWorker worker, StartWorker({TradewindProgram(), "split-worker"}));
  return std::unique_ptr<RemoteTail>(new RemoteTail(std::move(worker.socket), std::move(worker.process)));
}

Status RemoteTail::Explained(Status status) {
  if (status.code() != StatusCode::kUnavailable || !process_) return status;
  const std::string how = process_->HowItEnded(kEnding);
  if (how.empty()) return status;
  return {StatusCode::kUnavailable, status.message() + ": it " + how};
}

Result<WireMessage> RemoteTail::Ask(SplitMessage kind, std::span<const std::byte> bytes, SplitMessage answer) {
  const TimePoint deadline = RealClock().Now() + kOneAnswer;
  if (const auto sent = socket_.Send(static_cast<uint16_t>(kind), bytes, deadline); !sent) return Fail(Explained(sent.error()));
  Result<WireMessage> message = socket_.Receive(kMostSplitBytes, deadline);
  if (!message) return Fail(Explained(message.error()));
  const std::string& peer = socket_.socket().peer();
  if (message->kind == static_cast<uint16_t>(SplitMessage::kFailed)) return Fail(ParseFailed(message->bytes, peer));
  if (message->kind != static_cast<uint16_t>(answer))
    return Fail(StatusCode::kInvalidInput, peer + " gave an answer of number " + std::to_string(message->kind) + " to another question");
  return message;
}

Result<void> RemoteTail::Open(const SplitModel& model, int threads, const std::string& backend) {
  TW_ASSIGN(const std::vector<std::byte> onnx, WriteOnnx(model.graph));
  const OpenRequest request{.backend = backend, .threads = threads, .picture = model.card.input, .onnx = onnx};
  TW_RETURN_IF_ERROR(Ask(SplitMessage::kOpen, Write(request), SplitMessage::kDone));
  return {};
}

Result<void> RemoteTail::SetConditions(const Link& link, double worker_load, uint64_t seed) {
  TW_RETURN_IF_ERROR(CheckLink(link));
  // First unshaped, so that changing a slow link takes no time.
  TW_RETURN_IF_ERROR(socket_.SetLink(Link{}));
  TW_RETURN_IF_ERROR(
      Ask(SplitMessage::kConditions, Write(ConditionsRequest{.link = link, .seed = seed + 1, .load = worker_load}), SplitMessage::kDone));
  return socket_.SetLink(link, seed);
}

Result<TailAnswer> RemoteTail::Run(const std::string& cut, std::span<const std::byte> coded, uint32_t best) {
  const std::vector<std::byte> request = Write(RunRequest{.cut = cut, .best = best, .coded = coded});
  TW_ASSIGN(const WireMessage message, Ask(SplitMessage::kRun, request, SplitMessage::kRan));
  const std::string& peer = socket_.socket().peer();
  TW_ASSIGN(RanReply reply, ParseRan(message.bytes, peer));
  TailAnswer answer{.scores = std::move(reply.scores),
                    .busy = reply.busy,
                    .sent_bytes = static_cast<int64_t>(request.size() + kMessageHeaderBytes),
                    .received_bytes = static_cast<int64_t>(message.bytes.size() + kMessageHeaderBytes)};
  if (best == 0) {
    TW_ASSIGN(answer.outputs, DecodeTensor(reply.outputs, peer));
  } else if (answer.scores.best.empty()) {
    return Fail(StatusCode::kInvalidInput, peer + " tells no class");
  }
  return answer;
}

Result<Duration> RemoteTail::Measure(const std::string& cut, uint32_t runs) {
  TW_ASSIGN(const WireMessage message, Ask(SplitMessage::kMeasure, Write(MeasureRequest{.cut = cut, .runs = runs}), SplitMessage::kRan));
  TW_ASSIGN(const RanReply reply, ParseRan(message.bytes, socket_.socket().peer()));
  return reply.busy;
}

Result<Duration> RemoteTail::Echo(size_t bytes, uint32_t reply_bytes) {
  const std::vector<std::byte> payload(bytes);
  const std::vector<std::byte> request = Write(EchoRequest{.reply_bytes = reply_bytes, .bytes = payload});
  const TimePoint start = RealClock().Now();
  TW_RETURN_IF_ERROR(Ask(SplitMessage::kEcho, request, SplitMessage::kDone));
  return RealClock().Now() - start;
}

}  // namespace tradewind
