// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Frames and their fields over real sockets (and socket.cc).
#include "net/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace tradewind {
namespace {

using testing::HasSubstr;

TimePoint Soon(double seconds = 20) {
  return RealClock().Now() + Duration::Seconds(seconds);
}
std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text));
}

TEST(WireMessage, ComesAsItWasSent) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends) << ends.error().ToString();
  WireWriter out;
  out.Put<uint32_t>(3).PutText("Relu_12").Put(2.5).Put(int64_t{-4}).PutRaw(BytesOf("xyz"));
  ASSERT_TRUE(SendMessage(ends->first, 7, out.bytes(), Soon()));
  const auto message = ReceiveMessage(ends->second, 1 << 20, Soon());
  ASSERT_TRUE(message) << message.error().ToString();
  EXPECT_EQ(message->kind, 7);
  WireReader in(message->bytes, "the test");
  EXPECT_EQ(*in.Get<uint32_t>(), 3u);
  EXPECT_EQ(*in.GetText(100), "Relu_12");
  EXPECT_EQ(*in.Get<double>(), 2.5);
  EXPECT_FALSE(in.End()) << "bytes are left";
  EXPECT_EQ(*in.Get<int64_t>(), -4);
  EXPECT_EQ(in.Rest().size(), 3u);
  EXPECT_TRUE(in.End());
  EXPECT_FALSE(in.Get<uint8_t>());
}

TEST(WireMessage, ManyMegabytesGoThroughASmallBuffer) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends);
  std::vector<std::byte> many(5'000'000);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::byte>(i * 7 % 251);
  std::thread sender([&] { EXPECT_TRUE(SendMessage(ends->first, 1, many, Soon())); });
  const auto message = ReceiveMessage(ends->second, 1 << 23, Soon());
  sender.join();
  ASSERT_TRUE(message) << message.error().ToString();
  EXPECT_EQ(message->bytes, many);
}

TEST(WireMessage, FieldsThatLie) {
  WireWriter out;
  out.Put<uint32_t>(1'000'000).PutRaw(BytesOf("abc"));
  EXPECT_THAT(WireReader(out.bytes(), "X").GetText(100).error().ToString(), HasSubstr("of at most 100"));
  EXPECT_THAT(WireReader(out.bytes(), "X").GetText(2'000'000).error().ToString(), HasSubstr("ends too early"));
  WireReader in(out.bytes(), "X");
  ASSERT_TRUE(in.Get<uint32_t>());
  const auto beyond = in.GetRaw(4);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().offset(), 4u);
}

// What is received of a peer that sends `raw` and closes.
Status Refusal(std::span<const std::byte> raw) {
  auto ends = Socket::Pair();
  EXPECT_TRUE(ends);
  EXPECT_TRUE(ends->first.Send(raw, Soon()));
  ends->first.Shutdown();
  ends->second.Name("the peer");
  const auto message = ReceiveMessage(ends->second, 1000, Soon());
  EXPECT_FALSE(message);
  return message ? Status(StatusCode::kInternal, "taken") : message.error();
}

TEST(WireMessage, GarbageIsRefused) {
  const Status http = Refusal(BytesOf("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(http.code(), StatusCode::kInvalidInput);
  EXPECT_THAT(http.ToString(), AllOf(HasSubstr("the peer"), HasSubstr("TWM1")));
  std::vector<std::byte> frame = FrameMessage(3, BytesOf("abcdef"));
  frame[6] = std::byte{1};
  EXPECT_THAT(Refusal(frame).ToString(), HasSubstr("must be zero"));
  frame = FrameMessage(3, BytesOf("abcdef"));
  frame[11] = std::byte{0x7f};
  const Status large = Refusal(frame);
  EXPECT_EQ(large.code(), StatusCode::kInvalidInput);
  EXPECT_THAT(large.ToString(), HasSubstr("over the limit of 1000"));
}

TEST(WireMessage, APeerThatEndsIsToldAtOnce) {
  std::vector<std::byte> frame = FrameMessage(3, BytesOf("abcdef"));
  frame.resize(frame.size() - 2);
  const Status cut = Refusal(frame);
  EXPECT_EQ(cut.code(), StatusCode::kUnavailable);
  EXPECT_THAT(cut.ToString(), HasSubstr("the peer closed the connection"));
  EXPECT_EQ(Refusal({}).code(), StatusCode::kUnavailable);
}

TEST(WireMessage, ASilentPeerIsWaitedForUntilTheDeadline) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends);
  const TimePoint deadline = Soon(0.05);
  const auto message = ReceiveMessage(ends->second, 1000, deadline);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code(), StatusCode::kUnavailable);
  EXPECT_GE(RealClock().Now(), deadline);
}

TEST(Socket, ConnectsByTcp) {
  auto listener = Listener::Open("127.0.0.1:0");
  ASSERT_TRUE(listener) << listener.error().ToString();
  EXPECT_THAT(listener->address(), testing::StartsWith("127.0.0.1:"));
  auto client = Socket::Connect(listener->address(), Soon());
  ASSERT_TRUE(client) << client.error().ToString();
  auto server = listener->Accept(Soon());
  ASSERT_TRUE(server) << server.error().ToString();
  ASSERT_TRUE(SendMessage(*client, 9, BytesOf("hello"), Soon()));
  EXPECT_TRUE(*server->WaitForMore(Soon()));
  EXPECT_EQ(ReceiveMessage(*server, 100, Soon())->kind, 9);
  client->Shutdown();
  EXPECT_FALSE(*server->WaitForMore(Soon())) << "the stream is at its end";
}

TEST(Socket, WhatCannotBeReachedIsNamed) {
  EXPECT_EQ(Socket::Connect("nowhere", Soon()).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(Listener::Open("127.0.0.1").error().code(), StatusCode::kInvalidInput);
  std::string address;
  {
    auto listener = Listener::Open("127.0.0.1:0");
    ASSERT_TRUE(listener);
    address = listener->address();
    EXPECT_EQ(Listener::Open(address).error().code(), StatusCode::kIo) << "the port is taken";
    EXPECT_EQ(listener->Accept(Soon(0.01)).error().code(), StatusCode::kUnavailable);
  }
  const auto refused = Socket::Connect(address, Soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(refused.error().ToString(), HasSubstr(address));
}

}  // namespace
}  // namespace tradewind
