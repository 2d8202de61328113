// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A worker in a thread, asked what is right and what is wrong.
#include "collab/split_worker.h"

#include <gmock/gmock.h>

#include <thread>

#include "collab/split_testing.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class SplitWorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto ends = Socket::Pair();
    ASSERT_TRUE(ends);
    device_ = std::make_unique<Socket>(std::move(ends->first));
    thread_ = std::thread([this, socket = std::make_shared<Socket>(std::move(ends->second))]() mutable {
      socket->Name("the device");
      served_ = ServeSplit(std::move(*socket));
    });
  }
  void TearDown() override {
    if (device_) device_->Shutdown();
    if (thread_.joinable()) thread_.join();
  }
  static TimePoint Soon() { return RealClock().Now() + Duration::Seconds(20); }
  WireMessage Ask(SplitMessage kind, const std::vector<std::byte>& bytes) {
    EXPECT_TRUE(SendMessage(*device_, static_cast<uint16_t>(kind), bytes, Soon()));
    auto message = ReceiveMessage(*device_, 1 << 24, Soon());
    EXPECT_TRUE(message) << message.error().ToString();
    return message ? *std::move(message) : WireMessage{};
  }
  void Open() {
    const auto onnx = *WriteOnnx(SmallModel().graph);
    EXPECT_EQ(Ask(SplitMessage::kOpen, Write(OpenRequest{.onnx = onnx})).kind, static_cast<uint16_t>(SplitMessage::kDone));
  }
  void ExpectRefused(SplitMessage kind, const std::vector<std::byte>& bytes, const std::string& why) {
    const WireMessage message = Ask(kind, bytes);
    ASSERT_EQ(message.kind, static_cast<uint16_t>(SplitMessage::kFailed)) << why;
    EXPECT_THAT(ParseFailed(message.bytes, "the worker").ToString(), HasSubstr(why));
  }
  std::unique_ptr<Socket> device_;
  Result<void> served_;
  std::thread thread_;
};

TEST_F(SplitWorkerTest, WrongQuestionsAreAnsweredAndTheNextIsServed) {
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = "input"}), "sent a net before");
  ExpectRefused(SplitMessage::kOpen, Write(OpenRequest{}), "the net that was sent");
  const std::string junk = "no graph at all";
  ExpectRefused(SplitMessage::kOpen, Write(OpenRequest{.onnx = std::as_bytes(std::span(junk))}), "the net that was sent");
  Open();
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = "nowhere"}), "'nowhere'");
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = "input"}), "malformed");
  const auto wrong_shape = *EncodeTensor(Tensor::Of<float>({1, 3, 5, 5}), Coding::kF32);
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = "input", .coded = wrong_shape}), "1x3x12x12");
  const std::vector<std::byte> jpeg = {static_cast<std::byte>(Coding::kJpeg), std::byte{1}};
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = SmallModel().cuts[0], .coded = jpeg}), "no activation");
  ExpectRefused(SplitMessage::kRun, Write(RunRequest{.cut = "input", .coded = jpeg}), "the picture that was sent");
  ExpectRefused(static_cast<SplitMessage>(77), {}, "number 77");
  ExpectRefused(SplitMessage::kConditions, Write(ConditionsRequest{.load = 0}), "load");
  const auto right = *EncodeTensor(Tensor::Of<float>({1, 3, 12, 12}), Coding::kF32);
  EXPECT_EQ(Ask(SplitMessage::kRun, Write(RunRequest{.cut = "input", .coded = right})).kind, static_cast<uint16_t>(SplitMessage::kRan));
  device_->Shutdown();
  thread_.join();
  EXPECT_TRUE(served_) << "the device's end is no error";
}

TEST_F(SplitWorkerTest, GarbageEndsTheConnection) {
  ASSERT_TRUE(device_->Send(std::as_bytes(std::span("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27)), Soon()));
  const auto nothing = ReceiveMessage(*device_, 1 << 20, Soon());
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code(), StatusCode::kUnavailable);
  thread_.join();
  ASSERT_FALSE(served_);
  EXPECT_EQ(served_.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(served_.error().ToString(), HasSubstr("TWM1"));
}

TEST_F(SplitWorkerTest, LoadIsTimeThatItTakes) {
  Open();
  const auto busy = [&] {
    const WireMessage message = Ask(SplitMessage::kMeasure, Write(MeasureRequest{.cut = "input", .runs = 5}));
    return ParseRan(message.bytes, "the worker")->busy;
  };
  const Duration alone = busy();
  Ask(SplitMessage::kConditions, Write(ConditionsRequest{.load = 200}));
  EXPECT_GT(busy(), alone);
}

TEST(SplitWorker, ServesDevicesByTcpOneAfterTheOther) {
  auto listener = Listener::Open("127.0.0.1:0");
  ASSERT_TRUE(listener) << listener.error().ToString();
  std::thread worker([&] {
    for (int device = 0; device < 2; ++device) {
      auto socket = listener->Accept(RealClock().Now() + Duration::Seconds(20));
      ASSERT_TRUE(socket) << socket.error().ToString();
      EXPECT_TRUE(ServeSplit(*std::move(socket)));
    }
  });
  const Image picture = Image::Make(12, 12, kGreen);
  float first = 0;
  for (int device = 0; device < 2; ++device) {
    auto net = SplitNet::Open(SmallModel(), {.worker = listener->address()});
    ASSERT_TRUE(net) << net.error().ToString();
    EXPECT_EQ((*net)->worker().pid(), 0);
    const auto there = (*net)->Look(picture, {.cut = "input", .coding = Coding::kF32}), here = (*net)->Look(picture, {.cut = "none"});
    ASSERT_TRUE(there && here);
    EXPECT_EQ(there->scores.best[0].value, here->scores.best[0].value);
    EXPECT_TRUE(device == 0 || there->scores.best[0].value == first);
    first = there->scores.best[0].value;
  }
  worker.join();
}

}  // namespace
}  // namespace tradewind
