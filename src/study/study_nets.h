// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Nets and pictures for analyses, as study files name them. Data lies where a table's does (recorded/library.h), under the name "vision".
//
//   cifar_resnet{n=3}@vision/resnet20.th:state_dict.module.    a description (data/nets), its parameters, weights, what stands before names
//   lcnet{width=0.5;excite=1}                                  without weights they are drawn
//   vision/coral/mobilenet_v1_0.25_128_quant.tflite            a file
//   trained:cifar_qat{quantize.weight_bits=8}                  what a recipe of the trainer makes (trained_nets.h)
//
//   TW_ASSIGN(const std::string file, StudyNetFile("cifar_resnet{n=3}@...", context));
//   TW_ASSIGN(VisionNet net, VisionNet::Open(file, "", {}));
#pragma once

#include <string>

#include "base/status.h"
#include "core/workload.h"
#include "graph/backend.h"
#include "study/analysis.h"
#include "vision/float_net.h"

namespace tradewind {

// A net's file. One that is built of a description is kept in the user's cache, named after the description, so that its card is found.
// kInvalidInput names the spec and what is wrong in it; kNotFound for a file that is nowhere, with what gets it.
Result<std::string> StudyNetFile(const std::string& spec, const AnalysisContext& context);

// As ReadFloatNet, with logits where the file gives probabilities.
Result<FloatNet> ReadStudyNet(const std::string& spec, const AnalysisContext& context);

// The pictures of "vision/cifar10/test.tar,1000": a folder or archive of the data, and how many of it.
Result<Workload> StudyPictures(const std::string& spec, const ModelCard& card, const AnalysisContext& context);

}  // namespace tradewind
