// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/convolution.h"

#include "kernels/convolution_tables.h"

namespace tradewind {

const ConvolutionKernels& ConvolutionsFor(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::kAmx || isa == Isa::kAvx512) return ConvolutionKernelsAvx512();
  if (isa == Isa::kAvx2) return ConvolutionKernelsAvx2();
#endif
  (void)isa;
  return ConvolutionKernelsRef();
}

}  // namespace tradewind
