// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/isa.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "base/cpu.h"

namespace tradewind {

std::string_view IsaName(Isa isa) {
  switch (isa) {
    case Isa::kGeneric: return "generic";
    case Isa::kAvx2: return "avx2";
    case Isa::kAvx512: return "avx512";
    case Isa::kAmx: return "amx";
  }
  return "generic";
}

std::span<const Isa> AvailableIsas() {
  static const std::vector<Isa> available = [] {
    std::vector<Isa> isas = {Isa::kGeneric};
#if defined(__x86_64__)
    if (DetectCpuFeatures().avx2) isas.push_back(Isa::kAvx2);
    if (DetectCpuFeatures().avx2 && DetectCpuFeatures().avx512_vnni) isas.push_back(Isa::kAvx512);
    if (isas.back() == Isa::kAvx512 && RequestTiles()) isas.push_back(Isa::kAmx);
#endif
    return isas;
  }();
  return available;
}

Result<Isa> SelectIsa() {
  const char* forced = std::getenv("TRADEWIND_ISA");
  if (forced == nullptr || *forced == '\0') return AvailableIsas().back();
  std::string names;
  for (const Isa isa : AvailableIsas()) {
    if (IsaName(isa) == forced) return isa;
    names += (names.empty() ? "" : ", ") + std::string(IsaName(isa));
  }
  return Fail(Status(StatusCode::kUnsupported, "the instruction set \"" + std::string(forced) +
                                                   "\" is unknown or this CPU lacks it; unset TRADEWIND_ISA or use one of: " + names)
                  .At("TRADEWIND_ISA"));
}

}  // namespace tradewind
