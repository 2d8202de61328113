// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind net: the ONNX file that a description of a net makes, with weights of a PyTorch file or drawn ones; or the twin of a TFLite or
// ONNX file, in real numbers, that surgery and trainers take.
#include <charconv>
#include <cstdio>

#include "base/file.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/run_picture.h"
#include "graph/native/from_onnx.h"
#include "graph/net_library.h"
#include "graph/surgery.h"
#include "vision/float_net.h"

namespace tradewind {
namespace {

struct NetCommand {
  std::string net;
  std::vector<std::string> parameters;
  std::string weights;
  std::string prefix;
  std::string card;
  int64_t seed = 1;
  bool fold = false;
  bool json = false;
  std::optional<std::string> out;

  void Declare(Arguments& args) {
    args.Positional(
        "net", &net,
        "a net of data/nets, a .lua file (docs/nets.md), or a .tflite or .onnx file, of which the twin in real numbers is made; "
        "without one, what there is");
    args.Option("--set", &parameters, "parameter=number; may be repeated");
    args.Option("--weights", &weights, "a file of PyTorch's (.pth, .th, .pt) [drawn weights]");
    args.Option("--prefix", &prefix, "what stands before each parameter's name in that file (state_dict.module.)");
    args.Option("--card", &card, "of a .tflite or .onnx file: what goes in and comes out (docs/cards.md) [the file's own]");
    args.Option("--seed", &seed, "of drawn weights [1]");
    args.Flag("--fold", &fold, "put batch norms into the convolutions before them");
    args.Output("-o,--out", &out, "the .onnx file to write");
    args.Flag("--json", &json, "what was made, as JSON");
  }

  Result<std::map<std::string, double>> Parameters() const {
    std::map<std::string, double> values;
    for (const std::string& text : parameters) {
      const size_t equals = text.find('=');
      double value = 0;
      const char* begin = text.data() + (equals == std::string::npos ? text.size() : equals + 1);
      const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
      if (equals == std::string::npos || error != std::errc() || end != text.data() + text.size()) {
        return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is not parameter=number").At("--set"));
      }
      values[text.substr(0, equals)] = value;
    }
    return values;
  }
};

// The twin of a file; beside where it is written goes what its pictures are.
Result<OnnxModel> TwinOf(const NetCommand& command) {
  if (!command.parameters.empty() || !command.weights.empty())
    return Fail(Status(StatusCode::kInvalidInput, "--set and --weights are of descriptions; a file has its numbers").At(command.net));
  TW_ASSIGN(FloatNet twin, ReadFloatNet(command.net, command.card));
  if (command.out) TW_RETURN_IF_ERROR(WriteNet(twin.model, twin.card, *command.out));
  return std::move(twin.model);
}

Result<OnnxModel> Build(const NetCommand& command) {
  if (IsGraphFile(command.net)) return TwinOf(command);
  TW_ASSIGN(const auto parameters, command.Parameters());
  if (command.weights.empty()) return BuildNet(command.net, parameters, *RandomWeightSource(static_cast<uint64_t>(command.seed)));
  TW_ASSIGN(const TorchFile file, TorchFile::Open(command.weights));
  return BuildNet(command.net, parameters, *TorchWeightSource(file, command.prefix));
}

Result<int> NetMain(int argc, char** argv) {
  NetCommand command;
  Arguments args("net", "Makes a net of its description.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (command.net.empty()) {
    if (command.json) PrintJson(Json(NetNames()));
    for (const std::string& name : command.json ? std::vector<std::string>() : NetNames()) std::printf("%s\n", name.c_str());
    return 0;
  }
  if (!command.prefix.empty() && command.weights.empty()) {
    return Fail(Status(StatusCode::kInvalidInput, "a prefix is of a file of weights; give --weights too").At("--prefix"));
  }
  TW_ASSIGN(OnnxModel model, Build(command));
  if (command.fold) TW_RETURN_IF_ERROR(FoldBatchNorms(model));
  int64_t parameters = 0;
  for (const OnnxTensor& t : model.graph.initializers) parameters += t.type == OnnxType::kFloat ? t.values() : 0;
  const auto native = NativeFromOnnx(model, {});
  if (command.out && !IsGraphFile(command.net)) {
    TW_ASSIGN(const std::vector<std::byte> bytes, WriteOnnx(model));
    TW_RETURN_IF_ERROR(WriteFileAtomically(*command.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  }
  if (command.json) {
    Json json = {{"net", command.net}, {"nodes", model.graph.nodes.size()}, {"parameters", parameters}};
    if (native) json["multiply_adds"] = native->multiply_adds();
    if (command.out) json["file"] = *command.out;
    PrintJson(json);
    return 0;
  }
  std::printf("%s: %zu nodes, %.3f million parameters", command.net.c_str(), model.graph.nodes.size(),
              static_cast<double>(parameters) * 1e-6);
  if (native) std::printf(", %.1f million multiply-adds a picture", native->multiply_adds() * 1e-6);
  std::printf("%s\n", command.out ? (", in " + *command.out).c_str() : "; -o FILE.onnx writes it");
  return 0;
}

}  // namespace

void RegisterNetCommand(Registry<Command>& registry) {
  registry.Add("net", {.summary = "make a net of its description", .run = NetMain});
}

}  // namespace tradewind
