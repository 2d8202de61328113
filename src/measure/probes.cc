// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/probes.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/thread_pool.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr Duration kShortestRound = Duration::Millis(20);

void AddUp(const std::byte* data, int64_t bytes) {
  const auto* words = reinterpret_cast<const uint64_t*>(data);
  const auto count = static_cast<size_t>(bytes) / 8;
  uint64_t sums[8] = {};
  for (size_t i = 0; i + 8 <= count; i += 8) {
    for (size_t k = 0; k < 8; ++k) sums[k] += words[i + k];
  }
  uint64_t sum = 0;
  for (const uint64_t s : sums) sum += s;
  asm volatile("" : : "r"(sum));
}

Measurement MedianWithInterval(const char* metric, const std::vector<double>& values) {
  return {.metric = metric,
          .value = Median(values),
          .interval = BootstrapInterval(values, {.statistic = Statistic::kMedian, .resamples = 1000}),
          .count = static_cast<int64_t>(values.size())};
}

}  // namespace

BandwidthProbe ProbeReadBandwidth(uint64_t bytes, int threads, int rounds, BufferReader read) {
  if (read == nullptr) read = AddUp;
  const size_t words = bytes / 8;
  const auto buffer = std::make_unique<uint64_t[]>(words);
  ThreadPool pool(threads);
  const size_t part = words / static_cast<size_t>(threads);
  std::vector<double> rates;
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    const TimePoint start = RealClock().Now();
    pool.ParallelFor(threads, [&](int64_t i, int) {
      read(reinterpret_cast<const std::byte*>(buffer.get() + static_cast<size_t>(i) * part), static_cast<int64_t>(part * 8));
    });
    const double seconds = (RealClock().Now() - start).seconds();
    if (round >= 0) rates.push_back(static_cast<double>(part * 8) * threads / seconds * 1e-9);
  }
  return {part * 8 * static_cast<size_t>(threads), threads, MedianWithInterval("read_bandwidth_gb_per_s", rates)};
}

Measurement ProbeRate(Burst burst, int threads, int rounds) {
  ThreadPool pool(threads);
  std::vector<int64_t> operations(static_cast<size_t>(threads));
  const auto round = [&](int64_t steps) {
    const TimePoint start = RealClock().Now();
    pool.ParallelFor(threads, [&](int64_t i, int) { operations[static_cast<size_t>(i)] = burst(steps); });
    return RealClock().Now() - start;
  };
  int64_t steps = 1;
  while (round(steps) < kShortestRound) steps *= 2;
  std::vector<double> rates;
  for (int r = 0; r < rounds; ++r) {
    const double seconds = round(steps).seconds();
    double all = 0;
    for (const int64_t n : operations) all += static_cast<double>(n);
    rates.push_back(all / seconds);
  }
  return MedianWithInterval("operations_per_s", rates);
}

Measurement ProbeCoreToCore(int rounds) {
  constexpr int kTurns = 2000;
  alignas(64) std::atomic<int> ball{0};
  std::vector<double> times;
  std::thread other([&] {
    for (int turn = 0; turn < rounds * kTurns; ++turn) {
      for (int spins = 0; ball.load(std::memory_order_acquire) != 2 * turn + 1; ++spins) {
        if (spins > 10000) std::this_thread::yield();
      }
      ball.store(2 * turn + 2, std::memory_order_release);
    }
  });
  for (int round = 0, turn = 0; round < rounds; ++round) {
    const TimePoint start = RealClock().Now();
    for (int i = 0; i < kTurns; ++i, ++turn) {
      ball.store(2 * turn + 1, std::memory_order_release);
      for (int spins = 0; ball.load(std::memory_order_acquire) != 2 * turn + 2; ++spins) {
        if (spins > 10000) std::this_thread::yield();
      }
    }
    times.push_back(static_cast<double>((RealClock().Now() - start).ns) / (2.0 * kTurns));
  }
  other.join();
  return MedianWithInterval("core_to_core_ns", times);
}

}  // namespace tradewind
