// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How far what was found in a picture agrees with what a reference found in it: quality where no truth is known. A pure function.
#pragma once

#include <map>
#include <string>

#include "vision/vision_result.h"

namespace tradewind {

// The metric's name.
inline constexpr const char* kAgreement = "agreement";
// What a reference run found, by the sample's id.
using ReferenceLooks = std::map<std::string, VisionResult>;

// From 0 to 1. Of masks the mean overlap of their classes; of points the share that lies within a tenth of the reference's extent of its
// points (as PCK has it: Yang and Ramanan, "Articulated human detection with flexible mixtures of parts", section 6.1), those that only one
// of the two has counted as missed; of labels 1 if the best is the same; of boxes COCO's average precision with the reference's as the
// truth, 1 where there are none in either.
double AgreementOf(const VisionResult& found, const VisionResult& reference);

}  // namespace tradewind
