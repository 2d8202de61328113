// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/kernel_table.h"

#include "kernels/kernel_tables.h"

namespace tradewind {

const KernelTable& KernelsFor(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAmx) return KernelTableAmx();
  if (isa == Isa::kAvx512) return KernelTableAvx512();
  if (isa == Isa::kAvx2) return KernelTableAvx2();
#endif
  (void)isa;
  return KernelTableRef();
}

}  // namespace tradewind
