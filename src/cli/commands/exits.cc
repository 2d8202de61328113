// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind exits: a classifier with early exits out of a stock one.
#include <cstdio>

#include "base/cpu.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json.h"
#include "graph/surgery.h"
#include "vision/fit_exits.h"
#include "vision/float_net.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

struct ExitsArguments {
  std::string in, out, pictures, card;
  int64_t most = 4;
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("in", &in, "the classifier: an .onnx or .tflite file", true);
    args.Positional("out", &out, "the .onnx file to write; its card is written beside it", true);
    args.Option("--pictures", &pictures,
                "pictures:FOLDER or pictures:FILE.tar, then ,COUNT: some thousand like those that will come; no labels are needed");
    args.Option("--exits", &most, "how many, spread evenly over the net's work [4]");
    args.Option("--card", &card, "what the net wants and means: a file, or the name of a built-in card [by the file's name]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

Result<int> ExitsMain(int argc, char** argv) {
  ExitsArguments given;
  Arguments args("exits", "Puts early exits into a classifier: its weights stay, and each exit learns to say what the whole net says.");
  given.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (given.pictures.empty())
    return Fail(Status(StatusCode::kInvalidInput, "exits learn from pictures: give --pictures pictures:FOLDER,2000").At("--pictures"));
  if (given.most < 1 || given.most > 64) return Fail(Status(StatusCode::kInvalidInput, "from 1 to 64 exits").At("--exits"));
  TW_ASSIGN(FloatNet net, ReadFloatNet(given.in, given.card));
  TW_ASSIGN(const int64_t logits, RemoveSoftmaxes(net.model));
  if (logits > 0) net.card.probabilities = false;
  TW_ASSIGN(const Workload workload, LoadPictures(given.pictures, net.card));
  std::vector<Image> images;
  for (const Sample& sample : workload.recalled) {
    TW_ASSIGN(Image image, ReadPicture(ParseSampleId(sample.id)));
    images.push_back(std::move(image));
  }
  TW_ASSIGN(const OnnxModel model,
            FitExits(net.model, net.card, images, {.most = static_cast<int>(given.most), .threads = DefaultThreads()}));
  TW_RETURN_IF_ERROR(WriteNet(model, net.card, given.out));
  const size_t exits = model.graph.outputs.size() - 1;
  if (given.json) {
    PrintJson({{"file", given.out}, {"exits", exits}, {"pictures", images.size()}});
  } else {
    std::printf("%s: %zu exits, fitted to %zu pictures; exit.0.threshold and so on say who leaves (1: nobody)\n", given.out.c_str(), exits,
                images.size());
  }
  return 0;
}

}  // namespace

void RegisterExitsCommand(Registry<Command>& registry) {
  registry.Add("exits", {.summary = "put early exits into a classifier", .run = ExitsMain});
}

}  // namespace tradewind
