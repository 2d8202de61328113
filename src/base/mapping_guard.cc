// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/mapping_guard.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>

namespace tradewind {
namespace {

// Written under the mutex, read by the handler without. The numbers belong together if the version is even and the same before and after.
struct GuardedMapping {
  std::atomic<uint32_t> version{0};
  std::atomic<uintptr_t> begin{0};  // 0: free
  std::atomic<uintptr_t> end{0};    // of its last page
  std::atomic<bool> damaged{false};
};
static_assert(std::atomic<uintptr_t>::is_always_lock_free && std::atomic<uint32_t>::is_always_lock_free);

constinit GuardedMapping mappings[kMostMappings];
constinit std::atomic<int> mappings_used{0};  // all that were ever in use lie before
constinit std::mutex mappings_mutex;
struct sigaction sigbus_before;

uintptr_t PageBytes() {
  static const auto bytes = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

void SetMapping(GuardedMapping& mapping, uintptr_t begin, uintptr_t end) {
  ++mapping.version;
  mapping.begin = begin;
  mapping.end = end;
  mapping.damaged = false;
  ++mapping.version;
}

// Puts pages of zeros in the place of the one with the fault and of all that follow in its mapping: a file that ends before it ends before
// them. False if the address lies in no mapping.
bool PutZeros(void* fault) {
  const auto address = reinterpret_cast<uintptr_t>(fault);
  const int used = mappings_used;
  for (int i = 0; i < used; ++i) {
    GuardedMapping& mapping = mappings[i];
    const uint32_t version = mapping.version;
    const uintptr_t begin = mapping.begin;
    const uintptr_t end = mapping.end;
    // The mapping that was read stays as it is, so one that changes is another.
    if (version % 2 != 0 || version != mapping.version || address < begin || address >= end) continue;
    const uintptr_t into_page = address % PageBytes();
    // Before the zeros: another thread may meet them without a fault.
    mapping.damaged = true;
    void* const page = static_cast<char*>(fault) - into_page;
    return mmap(page, end - address + into_page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }
  return false;
}

void HandOn(int signal, siginfo_t* info, void* context) {
  if ((sigbus_before.sa_flags & SA_SIGINFO) != 0) return sigbus_before.sa_sigaction(signal, info, context);
  const bool sent = info->si_code <= 0;  // by a process; else by the kernel
  if (sigbus_before.sa_handler == SIG_IGN && sent) return;
  if (sigbus_before.sa_handler != SIG_DFL && sigbus_before.sa_handler != SIG_IGN) return sigbus_before.sa_handler(signal);
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  if (sent || info->si_code == BUS_MCEERR_AO) raise(signal);  // a fault comes again by itself
}

void OnBusError(int signal, siginfo_t* info, void* context) {
  const int kept = errno;
  if (info->si_code != BUS_ADRERR || !PutZeros(info->si_addr)) HandOn(signal, info, context);
  errno = kept;
}

}  // namespace

void GuardMappings() {
  static const bool installed = [] {
    PageBytes();
    sigaction(SIGBUS, nullptr, &sigbus_before);
    struct sigaction action = {};
    action.sa_sigaction = OnBusError;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    return sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  (void)installed;
}

int RegisterMapping(const void* begin, size_t size_bytes) {
  const auto first = reinterpret_cast<uintptr_t>(begin);
  const uintptr_t end = (first + size_bytes + PageBytes() - 1) / PageBytes() * PageBytes();
  const std::lock_guard lock(mappings_mutex);
  for (int i = 0; i < kMostMappings; ++i) {
    if (mappings[i].begin != 0) continue;
    SetMapping(mappings[i], first, end);
    if (i >= mappings_used) mappings_used = i + 1;
    return i;
  }
  return kNoMapping;
}

void ForgetMapping(int mapping) {
  const std::lock_guard lock(mappings_mutex);
  SetMapping(mappings[mapping], 0, 0);
}

void MarkMappingDamaged(int mapping) {
  mappings[mapping].damaged = true;
}

bool MappingDamaged(int mapping) {
  return mappings[mapping].damaged;
}

}  // namespace tradewind
