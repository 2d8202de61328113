// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pair_sums_avx512.h"
#include "kernels/vec16_avx512.h"
// The vector types come first.
#include "kernels/convolution_float_inl.h"
#include "kernels/convolution_integer_inl.h"
#include "kernels/convolution_tables.h"

namespace tradewind {

const ConvolutionKernels& TRADEWIND_AVX512(ConvolutionKernels)() {
  static const ConvolutionKernels table = {Isa::kAvx512, ConvolveFloat, DepthwiseFloat, ConvolveInteger, DepthwiseInteger, AddIntegers};
  return table;
}

}  // namespace tradewind
