// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_nets.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "formats/torch_file.h"
#include "graph/net_library.h"
#include "graph/surgery.h"
#include "recorded/library.h"
#include "study/trained_nets.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

constexpr const char* kDataName = "vision";
constexpr std::string_view kTrained = "trained:";

struct NetSpec {
  std::string net;
  std::map<std::string, double> parameters{};
  std::string weights{}, prefix{};
};

Result<NetSpec> ParseNetSpec(const std::string& text) {
  const auto wrong = [&](const std::string& what) {
    return Fail(StatusCode::kInvalidInput, "the net \"" + text + "\": " + what + "; write name{parameter=number;...}@weights:prefix");
  };
  NetSpec spec;
  const size_t at = text.find('@');
  std::string net = text.substr(0, at);
  if (at != std::string::npos) {
    const size_t colon = text.find(':', at);
    spec.weights = text.substr(at + 1, colon == std::string::npos ? colon : colon - at - 1);
    if (colon != std::string::npos) spec.prefix = text.substr(colon + 1);
    if (spec.weights.empty()) return wrong("no weights behind '@'");
  }
  const size_t open = net.find('{');
  spec.net = net.substr(0, open);
  if (open == std::string::npos) return spec;
  if (!net.ends_with('}')) return wrong("'{' is not closed");
  std::string_view list = std::string_view(net).substr(open + 1, net.size() - open - 2);
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(';'));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    const size_t equals = one.find('=');
    double value = 0;
    const char* begin = one.data() + (equals == std::string::npos ? one.size() : equals + 1);
    const auto [end, error] = std::from_chars(begin, one.data() + one.size(), value);
    if (equals == std::string_view::npos || error != std::errc() || end != one.data() + one.size())
      return wrong("\"" + std::string(one) + "\" is not parameter=number");
    spec.parameters[std::string(one.substr(0, equals))] = value;
  }
  return spec;
}

Result<std::string> VisionDataFile(const std::string& file, const AnalysisContext& context) {
  const std::string path = RecordedFile(kDataName, file, context.data_folder);
  if (!std::filesystem::exists(path)) {
    return Fail(StatusCode::kNotFound,
                path + ": there is no such file; put the study's data there, or name the folder that holds " + file + " by TRADEWIND_DATA");
  }
  return path;
}

Result<OnnxModel> BuildOf(const NetSpec& spec, const AnalysisContext& context) {
  if (spec.weights.empty()) return BuildNet(spec.net, spec.parameters, *RandomWeightSource(1));
  TW_ASSIGN(const std::string weights, VisionDataFile(spec.weights, context));
  TW_ASSIGN(const TorchFile file, TorchFile::Open(weights));
  return BuildNet(spec.net, spec.parameters, *TorchWeightSource(file, spec.prefix));
}

}  // namespace

Result<std::string> StudyNetFile(const std::string& spec, const AnalysisContext& context) {
  if (spec.starts_with(kTrained)) return TrainedNetFile(spec.substr(kTrained.size()), context);
  if (spec.ends_with(".onnx") || spec.ends_with(".tflite")) return VisionDataFile(spec, context);
  TW_ASSIGN(const NetSpec parsed, ParseNetSpec(spec));
  TW_ASSIGN(const OnnxModel model, BuildOf(parsed, context));
  TW_ASSIGN(const std::vector<std::byte> bytes, WriteOnnx(model));
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(XXH3_64bits(bytes.data(), bytes.size())));
  const std::filesystem::path folder = std::filesystem::path(CacheDir()) / "nets";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = folder / (std::filesystem::path(parsed.net).stem().string() + "-" + hash + ".onnx");
  if (!std::filesystem::exists(path))
    TW_RETURN_IF_ERROR(WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  return path;
}

Result<FloatNet> ReadStudyNet(const std::string& spec, const AnalysisContext& context) {
  TW_ASSIGN(const std::string file, StudyNetFile(spec, context));
  TW_ASSIGN(FloatNet net, ReadFloatNet(file, ""));
  TW_ASSIGN(const int64_t logits, RemoveSoftmaxes(net.model));
  if (logits > 0) net.card.probabilities = false;
  return net;
}

Result<Workload> StudyPictures(const std::string& spec, const ModelCard& card, const AnalysisContext& context) {
  const size_t comma = spec.rfind(',');
  TW_ASSIGN(const std::string path, VisionDataFile(spec.substr(0, comma), context));
  return LoadPictures("pictures:" + path + (comma == std::string::npos ? "" : spec.substr(comma)), card);
}

}  // namespace tradewind
