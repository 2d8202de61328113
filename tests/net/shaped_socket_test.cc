// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Real bytes over shaped sockets: a link is kept as a lower bound of time, whatever the machine does besides (and worker_process.cc).
#include "net/shaped_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "net/worker_process.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TimePoint Within(double seconds = 20) {
  return RealClock().Now() + Duration::Seconds(seconds);
}

TEST(ShapedSocket, TakesNoLessThanTheLink) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends);
  ShapedSocket there(std::move(ends->first));
  ASSERT_TRUE(there.SetLink({.bandwidth_bytes_per_s = 1e6, .delay_ms = 15}));
  std::vector<std::byte> bytes(20'000);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i % 251);
  const TimePoint start = RealClock().Now();
  ASSERT_TRUE(there.Send(1, bytes, Within()));
  ASSERT_TRUE(there.Send(2, {}, Within()));
  const auto first = ReceiveMessage(ends->second, 1 << 20, Within());
  const Duration took = RealClock().Now() - start;
  ASSERT_TRUE(first) << first.error().ToString();
  EXPECT_EQ(first->bytes, bytes);
  EXPECT_GE(took.ms(), 20.012 + 15);
  EXPECT_EQ(ReceiveMessage(ends->second, 1 << 20, Within())->kind, 2);
  EXPECT_TRUE(there.Flush(Within()));
  // The other direction is the other end's to shape.
  ASSERT_TRUE(SendMessage(ends->second, 3, {}, Within()));
  EXPECT_EQ(there.Receive(100, Within())->kind, 3);
}

TEST(ShapedSocket, WhatWaitsIsBounded) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends);
  ShapedSocket there(std::move(ends->first));
  ASSERT_TRUE(there.SetLink({.bandwidth_bytes_per_s = 1000}));
  const std::vector<std::byte> bytes(ShapedSocket::kMostWaiting + 100'000);
  const auto sent = there.Send(1, bytes, Within(0.05));
  ASSERT_FALSE(sent) << "more than may wait, on a link of two hours";
  EXPECT_EQ(sent.error().code(), StatusCode::kUnavailable);
  EXPECT_FALSE(there.Flush(Within(0.01)));
}

TEST(ShapedSocket, AnEndThatIsGoneIsToldByTheNextCall) {
  auto ends = Socket::Pair();
  ASSERT_TRUE(ends);
  ShapedSocket there(std::move(ends->first));
  there.socket().Name("the worker");
  ASSERT_TRUE(there.SetLink({.bandwidth_bytes_per_s = 1e6, .delay_ms = 1}));
  {
    const Socket gone = std::move(ends->second);
  }
  ASSERT_TRUE(there.Send(1, std::vector<std::byte>(10), Within()));
  const auto flushed = there.Flush(Within());
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(flushed.error().ToString(), HasSubstr("the worker"));
  EXPECT_FALSE(there.Send(1, {}, Within()));
  EXPECT_FALSE(there.SetLink({.loss = 2}));
}

TEST(WorkerProcess, HasTheSocketAsItsInput) {
  auto worker = StartWorker({"sh", "-c", "head -c 5 >&0"});
  ASSERT_TRUE(worker) << worker.error().ToString();
  ASSERT_TRUE(worker->socket.Send(std::as_bytes(std::span("hello", 5)), Within()));
  std::array<std::byte, 5> back{};
  ASSERT_TRUE(worker->socket.Receive(back, Within()));
  EXPECT_EQ(std::memcmp(back.data(), "hello", 5), 0);
  EXPECT_EQ(worker->process.HowItEnded(Duration::Seconds(20)), "ended with exit code 0");
}

TEST(WorkerProcess, HowItEndedIsKnown) {
  auto worker = StartWorker({"sh", "-c", "exit 3"});
  ASSERT_TRUE(worker);
  EXPECT_EQ(worker->process.HowItEnded(Duration::Seconds(20)), "ended with exit code 3");
  auto killed = StartWorker({"sleep", "1000"});
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->process.HowItEnded({}), "");
  ::kill(killed->process.pid(), SIGKILL);
  EXPECT_EQ(killed->process.HowItEnded(Duration::Seconds(20)), "was ended by signal 9");
  EXPECT_EQ(StartWorker({"/nowhere/tradewind"}).error().code(), StatusCode::kNotFound);
}

TEST(WorkerProcess, GoesWithItsOwner) {
  pid_t pid = 0;
  {
    auto worker = StartWorker({"sleep", "1000"});
    ASSERT_TRUE(worker);
    pid = worker->process.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(WorkerProcess, TheProgramIsNamedByTheEnvironment) {
  ::setenv("TRADEWIND_PROGRAM", "/opt/tradewind", 1);
  EXPECT_EQ(TradewindProgram(), "/opt/tradewind");
  ::unsetenv("TRADEWIND_PROGRAM");
  EXPECT_THAT(TradewindProgram(), testing::EndsWith("tradewind"));
}

}  // namespace
}  // namespace tradewind
