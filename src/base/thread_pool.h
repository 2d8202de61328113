// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A fixed team of threads that run one parallel loop at a time. The calling thread is member 0. Workers spin briefly after a
// loop (the next one of a forward pass comes within microseconds), then sleep. One caller at a time; not reentrant.
//
//   ThreadPool pool(2);
//   pool.ParallelFor(row_groups, [&](int64_t i, int member) { ... });
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace tradewind {

class ThreadPool {
 public:
  // `threads` >= 1 counts the caller.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Runs body(index, member) for every index in [0, count), each exactly once, in any order, and returns when all are done.
  // Indices are handed out one by one from a shared counter, so a thread that is behind is helped. `member` is in
  // [0, threads()) and names the running thread, for scratch memory. What a body throws
  // ends the loop, some indices left out, and is thrown again here; the first of several.
  template <typename Body>
  void ParallelFor(int64_t count, Body&& body) {
    Run(
        count, [](void* context, int64_t index, int member) { (*static_cast<std::remove_reference_t<Body>*>(context))(index, member); },
        const_cast<void*>(static_cast<const void*>(&body)));
  }

 private:
  using Task = void (*)(void* context, int64_t index, int member);
  void Run(int64_t count, Task task, void* context);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tradewind
