// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/kernel_tables.h"
#include "kernels/kernels_ref.h"

namespace tradewind {

const KernelTable& KernelTableRef() {
  static const KernelTable table = {
      .isa = Isa::kGeneric,
      .quantize_rows = QuantizeRowsRef,
      .matmul_quantized = MatmulQuantizedRef,
      .matmul_quantized_many = MatmulQuantizedRef,
      .matmul_float = MatmulFloatRef,
      .rms_norm = RmsNormRef,
      .add = AddRef,
      .multiply_scalar = MultiplyScalarRef,
      .silu_mul = SiluMulRef,
      .gelu_mul = GeluMulRef,
      .rope = RopeRef,
      .kv_store = KvStoreRef,
      .attention_page = AttentionPageRef,
      .attention_join = AttentionJoinRef,
      .attention_finish = AttentionFinishRef,
      .max = MaxRef,
      .sum_exp = SumExpRef,
      .burst_int8 = BurstInt8Ref,
      .burst_float = BurstFloatRef,
      .burst_read = BurstReadRef,
  };
  return table;
}

}  // namespace tradewind
