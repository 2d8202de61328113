// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/train_net.h"

#include <algorithm>

#include "graph/calibrate_quantizers.h"
#include "train/frozen_features.h"
#include "train/train_files.h"
#include "train/training_session.h"

namespace tradewind {
namespace {

constexpr int64_t kJudgedAtOnce = 128;

Result<PictureSides> SidesOfInput(const OnnxModel& model) {
  if (model.graph.inputs.size() != 1 || !model.graph.inputs[0].shape || model.graph.inputs[0].shape->size() != 4)
    return Fail(StatusCode::kUnsupported, model.source + ": its input is not one picture (N, 3, rows, columns)");
  const std::vector<OnnxDimension>& shape = *model.graph.inputs[0].shape;
  if (shape[1].value != 3 || !shape[2].value || !shape[3].value)
    return Fail(StatusCode::kUnsupported, model.source + ": its input is no picture of 3 channels and known sides");
  return PictureSides{.width = *shape[3].value, .height = *shape[2].value, .channels_first = true};
}

// The net as it was, by our own executor.
Result<std::vector<OutputAccuracy>> JudgeOriginal(const OnnxModel& model, const ModelCard& card, const TrainingPictures& pictures,
                                                  const TrainOptions& options) {
  const std::string output = model.graph.outputs.back().name;
  OnnxModel named = model;
  named.graph.outputs = {model.graph.outputs.back()};
  const std::vector<FeatureNet> nets{{.model = &named, .values = {output}, .names = {output}}};
  TW_ASSIGN(FrozenFeatures features, FrozenFeatures::Make(pictures, "", nets, options.threads));
  OutputAccuracy accuracy{.output = output};
  for (int64_t at = 0; at < pictures.count(); at += kJudgedAtOnce) {
    std::vector<PictureUse> uses;
    for (int64_t i = at; i < std::min(pictures.count(), at + kJudgedAtOnce); ++i) uses.push_back({.picture = i});
    TW_ASSIGN(const std::vector<NamedTensor> given, features.Of(uses));
    const auto values = given.at(0).tensor.Values<float>();
    const size_t classes = values.size() / uses.size();
    const std::vector<int64_t> labels = pictures.LabelsOf(uses);
    for (size_t i = 0; i < uses.size(); ++i) {
      if (labels[i] < 0) continue;
      const auto row = values.subspan(i * classes, classes);
      accuracy.right += (std::max_element(row.begin(), row.end()) - row.begin()) + card.first_label == labels[i] ? 1 : 0;
      ++accuracy.judged;
    }
    const bool go_on =
        !options.progress || options.progress("judging the net as it was", static_cast<double>(at) / static_cast<double>(pictures.count()));
    if (!go_on) return Fail(StatusCode::kCancelled, "stopped while judging");
  }
  return std::vector<OutputAccuracy>{accuracy};
}

// Scales from an even share of the pictures.
Result<void> Calibrate(OnnxModel& model, const TrainingPictures& pictures, const QuantizeChoice& quantize, int threads) {
  const int64_t count = std::min(quantize.calibration, pictures.count());
  const auto input = [&](int64_t i) -> Result<Tensor> {
    const PictureUse use{.picture = i * pictures.count() / count};
    return pictures.Batch({&use, 1});
  };
  return CalibrateQuantizers(model, count, input, {.threads = threads});
}

int64_t CountOfParameters(const OnnxModel& model, const std::vector<std::string>& names) {
  int64_t count = 0;
  for (const OnnxTensor& t : model.graph.initializers) {
    if (std::find(names.begin(), names.end(), t.name) != names.end()) count += t.values();
  }
  return count;
}

}  // namespace

Result<TrainReport> TrainNet(const TrainRecipe& recipe, const TrainOptions& options) {
  TW_RETURN_IF_ERROR(TorchAvailable());
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(PreparedNet net, PrepareNet(recipe, options.data_folder));
  TrainReport report;
  TW_ASSIGN(report.card, FindCard(net.original.source, recipe.card));
  TW_ASSIGN(const PictureSides sides, SidesOfInput(net.model));
  std::optional<OnnxModel> teacher;
  if (recipe.teacher) {
    TW_ASSIGN(teacher, ChosenNet(*recipe.teacher, recipe.seed, options.data_folder));
  }
  const auto telling = [&](const char* what) {
    return [&options, what](double share) { return !options.progress || options.progress(what, share); };
  };
  TW_ASSIGN(const std::string train_spec, FindTrainPictures(recipe.data.train, options.data_folder));
  TW_ASSIGN(const std::string validate_spec, FindTrainPictures(recipe.data.validate, options.data_folder));
  TW_ASSIGN(const TrainingPictures train,
            TrainingPictures::Load(train_spec, report.card, recipe.data.classes, sides, telling("reading pictures")));
  TW_ASSIGN(const TrainingPictures validate,
            TrainingPictures::Load(validate_spec, report.card, recipe.data.classes, sides, telling("reading pictures to judge by")));
  report.data = train.id();
  report.validation = validate.id();
  if (train.count() < 2) return Fail(StatusCode::kInvalidInput, train_spec + ": a net is trained on more than one picture");
  if (recipe.quantize) TW_RETURN_IF_ERROR(Calibrate(net.model, train, *recipe.quantize, options.threads));
  if (recipe.quantize || recipe.bottleneck) {
    TW_ASSIGN(report.original, JudgeOriginal(net.original, report.card, validate, options));
  }
  TW_ASSIGN(TrainingSession session, TrainingSession::Make({.recipe = recipe,
                                                            .options = options,
                                                            .original = net.original,
                                                            .teacher = teacher ? &*teacher : nullptr,
                                                            .card = report.card,
                                                            .train = train,
                                                            .validate = validate},
                                                           std::move(net.model)));
  report.parameters = CountOfParameters(session.model(), session.parameters());
  TW_RETURN_IF_ERROR(session.KeepFeatures());
  TW_ASSIGN(report.before, session.Judge());
  TW_RETURN_IF_ERROR(session.Train(start, report));
  TW_ASSIGN(report.after, session.Judge());
  report.model = session.model();
  report.spent = RealClock().Now() - start;
  return report;
}

}  // namespace tradewind
