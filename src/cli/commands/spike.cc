// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind spike: a spiking net out of an ordinary one.
#include <cstdio>

#include "base/file.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json.h"
#include "graph/spiking.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

struct SpikeArguments {
  std::string in, out, pictures, card;
  std::string conversion = "percentile:99.9";
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("in", &in, "the net: an .onnx file", true);
    args.Positional("out", &out, "the .onnx file to write", true);
    args.Option("--pictures", &pictures, "pictures:FOLDER or pictures:FILE.tar, then ,COUNT: some hundred that the net was trained on");
    args.Option("--conversion", &conversion,
                "how thresholds are found: maximum, percentile:99.9 or least-error:STEPS; then :channel for one a channel, :floor for "
                "potentials that start at 0 [percentile:99.9]");
    args.Option("--card", &card, "what the net wants and means: a file, or the name of a built-in card [by the file's name]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

Result<int> SpikeMain(int argc, char** argv) {
  SpikeArguments given;
  Arguments args("spike", "Makes a spiking net of an ordinary one: rectifiers become neurons that integrate and fire, step by step.");
  given.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (given.pictures.empty())
    return Fail(
        Status(StatusCode::kInvalidInput, "thresholds are found from pictures: give --pictures pictures:FOLDER,256").At("--pictures"));
  auto options = ParseSpikingOptions(given.conversion);
  if (!options) return Fail(std::move(options.error()).At("--conversion"));
  TW_ASSIGN(const ModelCard card, FindCard(given.in, given.card));
  TW_ASSIGN(const OnnxModel model, ReadOnnx(given.in));
  TW_ASSIGN(const auto runner, OpenGraph({.path = given.in, .model = model}, {}));
  if (runner->inputs().size() != 1) return Fail(StatusCode::kUnsupported, given.in + ": a net that looks at a picture has one input");
  TW_ASSIGN(const Workload workload, LoadPictures(given.pictures, card));
  TW_ASSIGN(const PictureInputs pictures, ReadInputs(workload, card, runner->inputs()[0]));
  TW_ASSIGN(const OnnxModel spiking, ToSpiking(model, pictures.tensors, *options));
  TW_ASSIGN(const auto net, SpikingNet::Open(spiking, 1));
  TW_ASSIGN(const std::vector<std::byte> bytes, WriteOnnx(spiking));
  TW_RETURN_IF_ERROR(WriteFileAtomically(given.out, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  if (given.json) {
    PrintJson({{"file", given.out}, {"neurons", net->neurons()}, {"pictures", pictures.tensors.size()}, {"conversion", given.conversion}});
  } else {
    std::printf("%s: %lld neurons, thresholds (%s) from %zu pictures\n", given.out.c_str(), static_cast<long long>(net->neurons()),
                given.conversion.c_str(), pictures.tensors.size());
  }
  return 0;
}

}  // namespace

void RegisterSpikeCommand(Registry<Command>& registry) {
  registry.Add("spike", {.summary = "make a spiking net of an ordinary one", .run = SpikeMain});
}

}  // namespace tradewind
