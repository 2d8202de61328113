// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/vec16_avx2.h"
// The vector type comes first.
#include "kernels/attention_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {

void FillAttentionAvx2(KernelTable& table) {
  FillAttention(table);
}

}  // namespace tradewind
