// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/vec16_avx512.h"
// The vector type comes first.
#include "kernels/elementwise_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {

void TRADEWIND_AVX512(FillElementwise)(KernelTable& table) {
  FillElementwise(table);
}

}  // namespace tradewind
