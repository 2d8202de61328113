// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/simd_ops.h"

namespace tradewind {

const KernelTable& KernelTableAvx2() {
  static const KernelTable table = [] {
    KernelTable filled{};
    filled.isa = Isa::kAvx2;
    FillQuantizeAvx2(filled);
    FillElementwiseAvx2(filled);
    FillAttentionAvx2(filled);
    FillMatmulFloatAvx2(filled);
    FillMatmulQuantizedAvx2(filled);
    FillBurstAvx2(filled);
    return filled;
  }();
  return table;
}

}  // namespace tradewind
