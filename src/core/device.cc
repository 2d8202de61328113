// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/device.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>
#include <cstdlib>

#include "base/cpu.h"

namespace tradewind {
namespace {

// The instruction set that kernels run: the best one that this machine has, unless TRADEWIND_ISA forces another. Whether the machine has
// the forced one is the kernels' to check: they fail loudly.
std::string IsaInUse(const CpuFeatures& features) {
  const char* forced = std::getenv("TRADEWIND_ISA");
  if (forced && *forced) return forced;
  if (features.avx512_vnni && features.amx_int8) return "amx";
  if (features.avx512_vnni) return "avx512";
  if (features.avx2) return "avx2";
  return "generic";
}

// 12 hex digits of a hash of everything that changes what is measured. Memory is rounded, as firmware and kernel take a little of it.
std::string Fingerprint(const Device& device, const Machine& machine, const CpuFeatures& features) {
  const uint64_t gib = (machine.memory_total_bytes + (uint64_t{1} << 29)) >> 30;
  const std::string text = "model=" + device.cpu_model + "\ncpus=" + std::to_string(device.cpus) +
                           "\ncores=" + std::to_string(machine.siblings.size()) + "\nmemory_gib=" + std::to_string(gib) +
                           "\nfeatures=" + (features.avx2 ? "avx2 " : "") + (features.avx512_vnni ? "avx512_vnni " : "") +
                           (features.amx_int8 ? "amx_int8 " : "") + (features.avx_vnni ? "avx_vnni " : "") + "\nisa=" + device.isa;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return std::string(hex, 12);
}

Device Detect() {
  const Machine machine = DetectMachine();
  const CpuFeatures& features = DetectCpuFeatures();
  Device device;
  device.cpu_model = machine.cpu_model;
  device.cpus = static_cast<int>(machine.allowed_cpus.size());
  device.isa = IsaInUse(features);
  device.memory_bytes = machine.memory_limit_bytes;
  device.origin = "measured";
  device.id = Fingerprint(device, machine, features);
  return device;
}

}  // namespace

const Device& ThisDevice() {
  static const Device device = Detect();
  return device;
}

}  // namespace tradewind
