// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/simd_ops.h"

namespace tradewind {

// AVX-512's kernels, but for what tiles do.
const KernelTable& TRADEWIND_AMX(KernelTable)() {
  static const KernelTable table = [] {
    KernelTable filled = TRADEWIND_AVX512(KernelTable)();
    filled.isa = Isa::kAmx;
    TRADEWIND_AMX(FillMatmulQuantized)(filled);
    TRADEWIND_AMX(FillBurst)(filled);
    return filled;
  }();
  return table;
}

}  // namespace tradewind
