// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WorkThreads: a few threads that do tasks in the order of their coming, from a bounded queue. Thread-safe; the destructor does what is
// queued and then ends them.
//
//   WorkThreads work(1, 256);
//   if (!work.Post([=] { ... })) refuse();
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tradewind {

class WorkThreads {
 public:
  WorkThreads(int threads, size_t queued);
  ~WorkThreads();
  WorkThreads(const WorkThreads&) = delete;
  WorkThreads& operator=(const WorkThreads&) = delete;

  // False if the queue is full: nothing was taken.
  bool Post(std::function<void()> task);
  size_t queued() const;

 private:
  void Run();
  const size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tradewind
