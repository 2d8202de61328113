// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/quantize_net.h"

#include <cstdio>
#include <filesystem>

#include "base/units.h"
#include "cli/json.h"
#include "graph/int8_twin.h"
#include "vision/float_net.h"
#include "vision/picture_set.h"

namespace tradewind {

Result<int> QuantizeNet(const QuantizeNetOptions& given) {
  if (given.pictures.empty())
    return Fail(Status(StatusCode::kInvalidInput, "scales are found from pictures: give --pictures pictures:FOLDER,64").At("--pictures"));
  TW_ASSIGN(const FloatNet net, ReadFloatNet(given.in, given.card));
  const GraphOptions options{.threads = given.threads};
  TW_ASSIGN(const auto runner, OpenGraph({.path = given.in, .model = net.model}, options));
  if (runner->inputs().size() != 1) return Fail(StatusCode::kUnsupported, given.in + ": a net that looks at a picture has one input");
  TW_ASSIGN(const Workload workload, LoadPictures(given.pictures, net.card));
  TW_ASSIGN(const PictureInputs pictures, ReadInputs(workload, net.card, runner->inputs()[0]));
  TW_ASSIGN(const OnnxModel twin, MakeInt8Twin(net.model, pictures.tensors, options));
  TW_RETURN_IF_ERROR(WriteNet(twin, net.card, given.out));
  const auto before = std::filesystem::file_size(given.in), after = std::filesystem::file_size(given.out);
  if (given.json) {
    PrintJson({{"path", given.out}, {"type", "int8"}, {"bytes_in", before}, {"bytes", after}, {"pictures", pictures.tensors.size()}});
  } else {
    std::printf("%s -> %s, scales from %zu pictures\n  %s\n", FormatBytes(before).c_str(), FormatBytes(after).c_str(),
                pictures.tensors.size(), given.out.c_str());
  }
  return 0;
}

}  // namespace tradewind
