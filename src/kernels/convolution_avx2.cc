// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pair_sums_avx2.h"
#include "kernels/vec16_avx2.h"
// The vector types come first.
#include "kernels/convolution_float_inl.h"
#include "kernels/convolution_integer_inl.h"
#include "kernels/convolution_tables.h"

namespace tradewind {

const ConvolutionKernels& ConvolutionKernelsAvx2() {
  static const ConvolutionKernels table = {Isa::kAvx2, ConvolveFloat, DepthwiseFloat, ConvolveInteger, DepthwiseInteger, AddIntegers};
  return table;
}

}  // namespace tradewind
