// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/shaped_socket.h"

#include <algorithm>
#include <chrono>

namespace tradewind {
namespace {

constexpr Duration kFlushing = Duration::Seconds(600);

std::chrono::nanoseconds Until(TimePoint when) {
  return std::chrono::nanoseconds(std::max<int64_t>(0, (when - RealClock().Now()).ns));
}

}  // namespace

ShapedSocket::ShapedSocket(Socket socket) : socket_(std::move(socket)), shaper_(Link{}), sender_([this] { SendInTime(); }) {}

ShapedSocket::~ShapedSocket() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  socket_.Shutdown();
  sender_.join();
}

Result<void> ShapedSocket::SetLink(const Link& link, uint64_t seed) {
  TW_RETURN_IF_ERROR(CheckLink(link));
  TW_RETURN_IF_ERROR(Flush(RealClock().Now() + kFlushing));
  const std::lock_guard lock(mutex_);
  shaper_ = Shaper(link, seed);
  return {};
}

Result<void> ShapedSocket::Send(uint16_t kind, std::span<const std::byte> bytes, TimePoint deadline) {
  if (bytes.size() > kMostMessageBytes)
    return Fail(StatusCode::kInvalidInput, "a message to " + socket_.peer() + " of " + std::to_string(bytes.size()) + " bytes is too long");
  const std::vector<std::byte> frame = FrameMessage(kind, bytes);
  const TimePoint now = RealClock().Now();
  std::unique_lock lock(mutex_);
  if (failed_) return Fail(*failed_);
  if (shaper_.immediate() && waiting_.empty()) {
    lock.unlock();
    return socket_.Send(frame, deadline);
  }
  const auto packet = static_cast<size_t>(shaper_.packet_bytes());
  for (size_t at = 0; at < frame.size(); at += packet) {
    const size_t count = std::min(packet, frame.size() - at);
    const bool room = changed_.wait_for(lock, Until(deadline), [&] { return failed_ || done_ || waiting_bytes_ + count <= kMostWaiting; });
    if (failed_) return Fail(*failed_);
    if (!room || done_) return Fail(StatusCode::kUnavailable, socket_.peer() + " takes no more bytes");
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(at);
    waiting_.push_back({.bytes = {begin, begin + static_cast<std::ptrdiff_t>(count)},
                        .arrival = shaper_.Arrival(now, static_cast<int64_t>(count)),
                        .deadline = deadline});
    waiting_bytes_ += count;
    if (waiting_.size() == 1) changed_.notify_all();
  }
  return {};
}

Result<void> ShapedSocket::Flush(TimePoint deadline) {
  std::unique_lock lock(mutex_);
  const bool empty = changed_.wait_for(lock, Until(deadline), [&] { return failed_ || waiting_.empty(); });
  if (failed_) return Fail(*failed_);
  if (!empty) return Fail(StatusCode::kUnavailable, socket_.peer() + " did not take all bytes in time");
  return {};
}

void ShapedSocket::SendInTime() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return done_ || !waiting_.empty(); });
    if (done_) return;
    const TimePoint arrival = waiting_.front().arrival;
    if (RealClock().Now() < arrival) {
      changed_.wait_for(lock, Until(arrival), [&] { return done_; });
      continue;
    }
    const Packet packet = waiting_.front();
    lock.unlock();
    const Result<void> sent = socket_.Send(packet.bytes, packet.deadline);
    lock.lock();
    if (!sent) {
      failed_ = sent.error();
      waiting_.clear();
      waiting_bytes_ = 0;
    } else {
      waiting_.pop_front();
      waiting_bytes_ -= packet.bytes.size();
    }
    changed_.notify_all();
  }
}

}  // namespace tradewind
