// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of convolutions of each instruction set, one translation unit each; ConvolutionsFor picks among them. AMX has none of its own.
#pragma once

#include "kernels/convolution.h"
#include "kernels/simd_ops.h"

namespace tradewind {

const ConvolutionKernels& ConvolutionKernelsRef();
const ConvolutionKernels& ConvolutionKernelsAvx2();
const ConvolutionKernels& TRADEWIND_AVX512(ConvolutionKernels)();

}  // namespace tradewind
