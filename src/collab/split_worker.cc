// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_worker.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include "collab/coding.h"
#include "collab/split_model.h"
#include "collab/split_protocol.h"
#include "graph/backend.h"
#include "net/shaped_socket.h"
#include "vision/image.h"

namespace tradewind {
namespace {

constexpr Duration kOneMessage = Duration::Seconds(600);       // from its first byte to its last
constexpr Duration kBetweenMessages = Duration::Seconds(1e9);  // a device may think for as long as it likes
constexpr size_t kMostTails = 128;                             // that are kept ready

class SplitWorker {
 public:
  explicit SplitWorker(Socket socket) : socket_(std::move(socket)) {}

  Result<void> Serve() {
    while (true) {
      TW_ASSIGN(const bool more, socket_.socket().WaitForMore(RealClock().Now() + kBetweenMessages));
      if (!more) return {};
      TW_ASSIGN(const WireMessage message, socket_.Receive(kMostSplitBytes, RealClock().Now() + kOneMessage));
      Result<Reply> reply = Answer(message);
      if (!reply) reply = Reply{SplitMessage::kFailed, Write(reply.error())};
      TW_RETURN_IF_ERROR(socket_.Send(static_cast<uint16_t>(reply->kind), reply->bytes, RealClock().Now() + kOneMessage));
    }
  }

 private:
  struct Reply {
    SplitMessage kind = SplitMessage::kDone;
    std::vector<std::byte> bytes{};
  };

  Result<Reply> Answer(const WireMessage& message) {
    const std::string& peer = socket_.socket().peer();
    switch (static_cast<SplitMessage>(message.kind)) {
      case SplitMessage::kOpen: {
        TW_ASSIGN(const OpenRequest request, ParseOpen(message.bytes, peer));
        return Open(request);
      }
      case SplitMessage::kConditions: {
        TW_ASSIGN(const ConditionsRequest request, ParseConditions(message.bytes, peer));
        TW_RETURN_IF_ERROR(socket_.SetLink(request.link, request.seed));
        load_ = request.load;
        return Reply{};
      }
      case SplitMessage::kRun: {
        TW_ASSIGN(const RunRequest request, ParseRun(message.bytes, peer));
        return Run(request);
      }
      case SplitMessage::kMeasure: {
        TW_ASSIGN(const MeasureRequest request, ParseMeasure(message.bytes, peer));
        return Measure(request);
      }
      case SplitMessage::kEcho: {
        TW_ASSIGN(const EchoRequest request, ParseEcho(message.bytes, peer));
        return Reply{SplitMessage::kDone, std::vector<std::byte>(request.reply_bytes)};
      }
      default: return Fail(StatusCode::kInvalidInput, "a worker of split nets is asked nothing of number " + std::to_string(message.kind));
    }
  }

  Result<Reply> Open(const OpenRequest& request) {
    TW_ASSIGN(OnnxModel model, ReadOnnxBytes(request.onnx, "the net that was sent"));
    model_ = std::move(model);
    tails_.clear();
    options_ = {.backend = request.backend, .threads = request.threads};
    picture_ = request.picture;
    TW_RETURN_IF_ERROR(TailAt(std::string(kCutAtInput)));
    return Reply{};
  }

  // What runs behind the cut; the whole net for a cut at its input.
  Result<GraphRunner*> TailAt(const std::string& cut) {
    if (!model_) return Fail(StatusCode::kInvalidInput, "a worker is sent a net before it is asked to run one");
    if (const auto found = tails_.find(cut); found != tails_.end()) return found->second.get();
    if (tails_.size() >= kMostTails) tails_.clear();
    GraphSource source{.path = model_->source};
    if (cut == kCutAtInput) {
      TW_ASSIGN(source.model, WithoutExits(*model_));
    } else {
      TW_ASSIGN(SplitGraph split, SplitAt(*model_, cut));
      source.model = std::move(split.tail);
    }
    TW_ASSIGN(std::unique_ptr<GraphRunner> runner, OpenGraph(source, options_));
    if (runner->inputs().size() != 1) return Fail(StatusCode::kUnsupported, "what is behind '" + cut + "' takes more than one value");
    return tails_.emplace(cut, std::move(runner)).first->second.get();
  }

  Result<Tensor> InputOf(const RunRequest& request, const GraphRunner& tail) const {
    if (request.coded.empty() || request.coded[0] != static_cast<std::byte>(Coding::kJpeg))
      return DecodeTensor(request.coded, socket_peer_);
    if (request.cut != kCutAtInput) return Fail(StatusCode::kInvalidInput, "a JPEG picture is no activation of '" + request.cut + "'");
    TW_ASSIGN(const Image image, DecodeImage(request.coded.subspan(1), "the picture that was sent"));
    return PictureTensor(image, picture_, tail.inputs()[0]);
  }

  Result<Reply> Run(const RunRequest& request) {
    TW_ASSIGN(GraphRunner * tail, TailAt(request.cut));
    const TimePoint start = RealClock().Now();
    TW_ASSIGN(const Tensor input, InputOf(request, *tail));
    TW_ASSIGN(const std::vector<Tensor> outputs, tail->Run({&input, 1}));
    if (outputs.empty() || outputs[0].type != ElementType::kFloat || outputs[0].values() < 1)
      return Fail(StatusCode::kUnsupported, "what is behind '" + request.cut + "' gives no singles");
    RanReply reply;
    std::vector<std::byte> coded;
    if (request.best > 0) {
      reply.scores = ScoresOf(outputs[0], request.best);
    } else {
      TW_ASSIGN(coded, EncodeTensor(outputs[0], Coding::kF32));
      reply.outputs = coded;
    }
    Stretch(start);
    reply.busy = RealClock().Now() - start;
    return Reply{SplitMessage::kRan, Write(reply)};
  }

  Result<Reply> Measure(const MeasureRequest& request) {
    TW_ASSIGN(GraphRunner * tail, TailAt(request.cut));
    const GraphEdge& edge = tail->inputs()[0];
    for (const int64_t dim : edge.shape) {
      if (dim < 1) return Fail(StatusCode::kUnsupported, "the shape at '" + request.cut + "' is not known");
    }
    const Tensor zeros = Tensor::Make(edge.type, edge.shape);
    std::vector<Duration> times;
    for (uint32_t run = 0; run < request.runs; ++run) {
      const TimePoint start = RealClock().Now();
      TW_RETURN_IF_ERROR(tail->Run({&zeros, 1}));
      Stretch(start);
      times.push_back(RealClock().Now() - start);
    }
    std::sort(times.begin(), times.end());
    return Reply{SplitMessage::kRan, Write(RanReply{.busy = times[times.size() / 2]})};
  }

  // A loaded machine takes longer for the same: by sleeping, so that whoever shares this one is not slowed down with it.
  void Stretch(TimePoint start) const {
    if (load_ <= 1) return;
    const Duration worked = RealClock().Now() - start;
    std::this_thread::sleep_for(std::chrono::nanoseconds(static_cast<int64_t>(static_cast<double>(worked.ns) * (load_ - 1))));
  }

  ShapedSocket socket_;
  std::string socket_peer_ = socket_.socket().peer();
  double load_ = 1;
  std::optional<OnnxModel> model_{};
  GraphOptions options_{};
  PictureInput picture_{};
  std::map<std::string, std::unique_ptr<GraphRunner>> tails_{};
};

}  // namespace

Result<void> ServeSplit(Socket socket) {
  SplitWorker worker(std::move(socket));
  return worker.Serve();
}

}  // namespace tradewind
