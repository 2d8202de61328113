// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/simd_ops.h"

namespace tradewind {

const KernelTable& TRADEWIND_AVX512(KernelTable)() {
  static const KernelTable table = [] {
    KernelTable filled{};
    filled.isa = Isa::kAvx512;
    TRADEWIND_AVX512(FillQuantize)(filled);
    TRADEWIND_AVX512(FillElementwise)(filled);
    TRADEWIND_AVX512(FillAttention)(filled);
    TRADEWIND_AVX512(FillMatmulFloat)(filled);
    TRADEWIND_AVX512(FillMatmulQuantized)(filled);
    TRADEWIND_AVX512(FillBurst)(filled);
    return filled;
  }();
  return table;
}

}  // namespace tradewind
