// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One word, the gate, says which loop runs (generation), whether members may still join it (open) and how many workers are
// inside. A worker joins by a compare-and-swap that fails once the gate is closed, so the caller never waits for one that
// is still asleep: it closes the gate when the indices are used up and waits only for the workers inside.
#include "base/thread_pool.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/log.h"

namespace tradewind {
namespace {

// Loops of a forward pass follow each other within some 10 us; a sleeping thread takes about as long to wake as this.
constexpr Duration kSpin{80'000};

constexpr uint32_t kOpen = 1u << 15;
constexpr uint32_t kInside = kOpen - 1;     // mask of the count of workers inside
constexpr uint32_t kGeneration = 1u << 16;  // one step of the generation; it wraps, at worst costing a worker one loop
constexpr int kMaxThreads = 1024;

void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// True as soon as ready() is, false after the time of a spin.
template <typename Ready>
bool Spin(Duration limit, const Ready& ready) {
  if (ready()) return true;
  if (limit.ns <= 0) return false;
  const TimePoint end = RealClock().Now() + limit;
  do {
    for (int i = 0; i < 32; ++i) {
      if (ready()) return true;
      Pause();
    }
  } while (RealClock().Now() < end);
  return ready();
}

}  // namespace

struct ThreadPool::State {
  // Each on a cache line of its own: the counter is written by everyone, the gate is what spinning workers read.
  alignas(64) std::atomic<uint32_t> gate{0};
  alignas(64) std::atomic<int64_t> next{0};
  alignas(64) Task task = nullptr;  // these three are written only while the gate is closed and nobody is inside
  void* context = nullptr;
  int64_t count = 0;
  Duration spin;

  alignas(64) std::atomic<int> sleepers{0};
  std::atomic<bool> caller_sleeps{false};
  std::atomic<bool> stop{false};
  std::atomic<bool> busy{false};
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  std::vector<std::thread> workers;
  std::exception_ptr thrown;  // by a task of the loop that runs; guarded by the mutex

  // What a task throws (no memory) ends the loop and comes out of Run, whichever thread it was on; the first of several.
  void RunIndices(int member) {
    try {
      for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) task(context, i, member);
    } catch (...) {
      next.store(count, std::memory_order_relaxed);
      const std::lock_guard lock(mutex);
      if (!thrown) thrown = std::current_exception();
    }
  }
  void WorkerMain(int member);
  bool Join(uint32_t& last);
  void Leave();
  void WakeWorkers();
  void CloseAndWait();
};

// Enters the loop that runs now, unless it is closed or the one this worker was in last.
bool ThreadPool::State::Join(uint32_t& last) {
  uint32_t seen = gate.load(std::memory_order_relaxed);
  while ((seen & kOpen) && seen / kGeneration != last) {
    if (gate.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed)) {
      last = seen / kGeneration;
      return true;
    }
  }
  return false;
}

void ThreadPool::State::Leave() {
  const uint32_t before = gate.fetch_sub(1);  // seq_cst against caller_sleeps: one of the two sides sees the other
  if ((before & (kInside | kOpen)) == 1 && caller_sleeps.load()) {
    const std::lock_guard lock(mutex);
    done.notify_one();
  }
}

void ThreadPool::State::WorkerMain(int member) {
  uint32_t last = UINT32_MAX;  // no generation
  const auto work = [&] {
    const uint32_t now = gate.load();
    return ((now & kOpen) && now / kGeneration != last) || stop.load();
  };
  for (;;) {
    if (!Spin(spin, work)) {
      std::unique_lock lock(mutex);
      sleepers.fetch_add(1);
      wake.wait(lock, work);
      sleepers.fetch_sub(1);
    }
    if (stop.load()) return;
    if (!Join(last)) continue;
    RunIndices(member);
    Leave();
  }
}

void ThreadPool::State::WakeWorkers() {
  const int64_t asleep = sleepers.load();
  if (asleep == 0) return;
  {
    const std::lock_guard lock(mutex);
  }  // whoever counted itself asleep before the gate opened is now really waiting
  if (count > asleep) {
    wake.notify_all();
  } else {
    for (int64_t i = 1; i < count; ++i) wake.notify_one();
  }
}

void ThreadPool::State::CloseAndWait() {
  gate.fetch_and(~kOpen);
  const auto empty = [&] { return (gate.load() & kInside) == 0; };
  if (Spin(spin, empty)) return;
  std::unique_lock lock(mutex);
  caller_sleeps.store(true);
  done.wait(lock, empty);
  caller_sleeps.store(false);
}

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  assert(threads >= 1);
  threads = std::min(threads, kMaxThreads);
  // With more threads than CPUs a spinning thread only keeps another from working, or eats up the quota.
  state_->spin = threads <= DefaultThreads() ? kSpin : Duration{0};
  // Signals that end the program go to the caller's threads, which know what to do with them.
  sigset_t ending, before;
  sigemptyset(&ending);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&ending, signal);
  pthread_sigmask(SIG_BLOCK, &ending, &before);
  try {
    for (int member = 1; member < threads; ++member) {
      state_->workers.emplace_back([state = state_.get(), member] { state->WorkerMain(member); });
    }
  } catch (const std::exception&) {
    // There are no more threads, or no memory for one: the loops are as right with fewer, and threads() tells the truth.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop.store(true);
  }
  state_->wake.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::Run(int64_t count, Task task, void* context) {
  State& state = *state_;
  if (state.busy.exchange(true, std::memory_order_acquire)) {
    // The loop that runs now would lose its indices: a wrong answer somewhere, much later.
    Log(LogLevel::kError, "bug: a ThreadPool runs one loop at a time");
    std::abort();
  }
  state.task = task;
  state.context = context;
  state.count = count;
  state.next.store(0, std::memory_order_relaxed);
  if (count <= 1 || state.workers.empty()) {
    state.RunIndices(0);
  } else {
    state.gate.fetch_add(kGeneration | kOpen);  // releases the fields above to whoever joins
    state.WakeWorkers();
    state.RunIndices(0);
    state.CloseAndWait();
  }
  const std::exception_ptr thrown = std::exchange(state.thrown, nullptr);
  state.busy.store(false, std::memory_order_release);
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace tradewind
