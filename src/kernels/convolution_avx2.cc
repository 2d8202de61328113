// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/vec16_avx2.h"
// The vector type comes first.
#include "kernels/convolution_float_inl.h"
#include "kernels/convolution_integer_avx2.h"
#include "kernels/convolution_tables.h"

namespace tradewind {

const ConvolutionKernels& ConvolutionKernelsAvx2() {
  static const ConvolutionKernels table = {Isa::kAvx2, ConvolveFloat, DepthwiseFloat, ConvolveInteger, DepthwiseInteger};
  return table;
}

}  // namespace tradewind
