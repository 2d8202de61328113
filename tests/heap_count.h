// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Counts what the program's heap holds, by an operator new of its own. Included by one file of a test program, which cmake/Tests.cmake
// keeps out of unity builds: the compiler must not see the operators in the files beside it.
//
//   const HeapUse use = HeapUsedBy([&] { return Gguf::Open(path); });
//   EXPECT_LT(use.peak_bytes, kHostileHeap_bytes);
#pragma once

#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace tradewind {

// What a file that is refused may cost beside its mapping.
inline constexpr uint64_t kHostileHeap_bytes = uint64_t{16} << 20;

struct HeapUse {
  uint64_t peak_bytes = 0;       // that lived at once, beyond what lived before
  uint64_t allocated_bytes = 0;  // all together, freed or not: what the work is in proportion to
};

namespace heap {

inline std::atomic<int64_t> live_bytes{0};
inline std::atomic<int64_t> peak_live_bytes{0};
inline std::atomic<uint64_t> all_bytes{0};

inline void* Counted(void* memory) noexcept {
  if (memory == nullptr) return nullptr;
  const auto size = static_cast<int64_t>(malloc_usable_size(memory));
  all_bytes += static_cast<uint64_t>(size);
  const int64_t now = live_bytes += size;
  int64_t peak = peak_live_bytes;
  while (now > peak && !peak_live_bytes.compare_exchange_weak(peak, now)) continue;
  return memory;
}
inline void* OrThrow(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
inline void Freed(void* memory) {
  if (memory != nullptr) live_bytes -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}
inline void* CountedAligned(size_t size, std::align_val_t alignment) noexcept {
  const auto to = static_cast<size_t>(alignment);
  return Counted(std::aligned_alloc(to, (size + to - 1) / to * to));
}

}  // namespace heap

// The heap that a call uses, its result included.
template <typename Call>
HeapUse HeapUsedBy(const Call& call) {
  const int64_t live = heap::live_bytes;
  const uint64_t all = heap::all_bytes;
  heap::peak_live_bytes = live;
  [[maybe_unused]] const auto result = call();
  return {static_cast<uint64_t>(heap::peak_live_bytes - live), heap::all_bytes - all};
}

}  // namespace tradewind

void* operator new(size_t size) {
  return tradewind::heap::OrThrow(tradewind::heap::Counted(std::malloc(size != 0 ? size : 1)));
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return tradewind::heap::Counted(std::malloc(size != 0 ? size : 1));
}
void* operator new(size_t size, std::align_val_t alignment) {
  return tradewind::heap::OrThrow(tradewind::heap::CountedAligned(size, alignment));
}
void* operator new(size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return tradewind::heap::CountedAligned(size, alignment);
}
void operator delete(void* memory) noexcept {
  tradewind::heap::Freed(memory);
}
void operator delete(void* memory, size_t) noexcept {
  tradewind::heap::Freed(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  tradewind::heap::Freed(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  tradewind::heap::Freed(memory);
}
