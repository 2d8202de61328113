// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the processor and the operating system grant this process: instruction sets, cores, caches, memory. Read from cpuid, /proc, /sys
// and cgroup v1 and v2. All calls are cheap enough to repeat and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tradewind {

struct CpuFeatures {
  bool avx2 = false;         // AVX2, FMA and F16C, enabled by the OS
  bool avx512_vnni = false;  // AVX-512 F, BW, VL, DQ and VNNI, enabled by the OS
  bool amx_int8 = false;     // AMX tiles and int8 products, which the OS would grant (RequestTiles)
  bool avx_vnni = false;     // VNNI on 256 bits without AVX-512
};
const CpuFeatures& DetectCpuFeatures();
// Asks the OS for the tiles of AMX, for all threads of this process; false if it refuses. A first use without it is a signal.
bool RequestTiles();

struct CacheLevel {
  int level = 0;    // 1, 2, 3
  char type = 'U';  // 'D'ata, 'I'nstruction, 'U'nified
  uint64_t size_bytes = 0;
  int shared_by = 1;  // logical CPUs that share one instance
};

// How much memory this process may use, by whichever allows least: the machine, a control group above the process, RLIMIT_AS.
struct MemoryGrant {
  uint64_t limit_bytes = 0;      // in all; 0: unknown
  uint64_t available_bytes = 0;  // of it now
  std::string by;                // who leaves least now, in words: "the control group of this process"
};
// `root` stands before /proc and /sys: empty for the machine, a folder in tests.
MemoryGrant ReadMemoryGrant(const std::string& root = "");

struct Machine {
  std::string cpu_model;
  std::vector<int> allowed_cpus;  // by affinity, ascending
  double cgroup_cpus = 0;         // quota in CPUs; 0 = none
  // One group a core: the allowed CPUs that are its hardware threads, as the kernel sees it.
  std::vector<std::vector<int>> siblings;
  std::vector<CacheLevel> caches;
  uint64_t memory_total_bytes = 0;
  uint64_t memory_limit_bytes = 0;      // the least of physical memory, cgroup limit and RLIMIT_AS
  uint64_t memory_available_bytes = 0;  // what could be used now
};
Machine DetectMachine();

// Threads to use when none are asked for: allowed CPUs, at most the cgroup quota rounded down, at least 1.
int DefaultThreads();

// Peak resident set of this process so far, and the present one, in bytes.
uint64_t PeakResidentBytes();
uint64_t ResidentBytes();
// Starts a new peak where the kernel allows it (/proc/self/clear_refs); false where not.
bool ResetPeakResident();

}  // namespace tradewind
