// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/subject.h"

#include <algorithm>

#include "cli/run_picture.h"
#include "collab/split_tunable.h"
#include "graph/backend.h"
#include "recorded/library.h"
#include "synthetic/closed_form.h"
#include "vision/cascade_tunable.h"
#include "vision/exit_tunable.h"
#include "vision/picture_set.h"
#include "vision/vision_tunable.h"

namespace tradewind {
namespace {

constexpr std::string_view kSplitPrefix = "split:";

// The base laid under a whole space: what the command line set is no dimension any more.
SearchSpace Narrowed(SearchSpace space, const Setting& base) {
  std::erase_if(space.dimensions, [&](const SearchDimension& d) { return base.Has(d.knob); });
  space.base = space.base.With(base);
  return space;
}

Result<Subject> OpenTable(const std::string& name, const ModelArguments& model, const std::string& device) {
  TW_ASSIGN(std::unique_ptr<RecordedTunable> table, OpenRecorded(name, device, ""));
  Subject subject;
  TW_ASSIGN(subject.base, model.ToSetting(table->knobs()));
  subject.workloads = table->workloads();
  subject.space = Narrowed(table->Space(), subject.base);
  subject.fidelity = table->fidelity();
  if (!subject.fidelity.empty()) subject.climbing_space = Narrowed(table->Space(true), subject.base);
  subject.tunable = std::move(table);
  return subject;
}

Result<Subject> OpenFormula(const std::string& name, const ModelArguments& model) {
  TW_ASSIGN(const ClosedForm form, FindClosedForm(name));
  Subject subject;
  TW_ASSIGN(subject.tunable, OpenClosedForm(name));
  TW_ASSIGN(subject.base, model.ToSetting(subject.tunable->knobs()));
  subject.workloads = {ClosedFormWorkload(form)};
  SearchSpace space;
  for (const Knob& knob : subject.tunable->knobs()) {
    space.dimensions.push_back({.knob = knob.name, .values = {}, .range = std::get<RealDomain>(knob.domain)});
  }
  subject.space = Narrowed(std::move(space), subject.base);
  return subject;
}

// Of a tunable that looks at pictures.
template <typename PictureTunable>
Result<Subject> OfPictures(std::unique_ptr<PictureTunable> tunable, SearchSpace space, const ModelArguments& model) {
  Subject subject;
  TW_ASSIGN(subject.base, model.ToSetting(tunable->knobs()));
  subject.space = Narrowed(std::move(space), subject.base);
  subject.card = tunable->card();
  subject.tunable = std::move(tunable);
  return subject;
}

Result<Subject> OpenNet(const std::string& path, const ModelArguments& model) {
  TW_ASSIGN(const GraphSource source, ReadGraph(path));
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  if (onnx != nullptr && HasExits(*onnx)) {
    TW_ASSIGN(auto net, ExitTunable::Make(path, ""));
    SearchSpace space = net->Space();
    return OfPictures(std::move(net), std::move(space), model);
  }
  TW_ASSIGN(auto net, VisionTunable::Make(path, ""));
  SearchSpace space = net->Space();
  VisionTunable* judge = net->spiking() ? nullptr : net.get();
  TW_ASSIGN(Subject subject, OfPictures(std::move(net), std::move(space), model));
  if (judge != nullptr) subject.judge = [judge](const Workload& workload) { return judge->JudgeByReference(workload); };
  return subject;
}

// "light.onnx+heavy.onnx". Its knobs are searched over the values that --over names.
Result<Subject> OpenCascade(const std::string& light, const std::string& heavy, const ModelArguments& model) {
  TW_ASSIGN(auto cascade, CascadeTunable::Make(light, heavy));
  return OfPictures(std::move(cascade), {}, model);
}

// "split:net.onnx". As for a cascade, --over names what is searched.
Result<Subject> OpenSplit(const std::string& path, const ModelArguments& model) {
  TW_ASSIGN(auto split, SplitTunable::Make(path, ""));
  return OfPictures(std::move(split), {}, model);
}

}  // namespace

Result<Subject> OpenSubject(const ModelArguments& model, const std::string& device) {
  const std::string name = model.model_option ? *model.model_option : model.model;
  if (IsRecorded(name)) return OpenTable(name, model, device);
  if (!device.empty()) {
    return Fail(
        Status(StatusCode::kUnsupported, "a device can be named for recorded tables alone; all else runs on this machine").At("--device"));
  }
  const std::vector<std::string> forms = ClosedFormNames();
  if (std::find(forms.begin(), forms.end(), name.substr(0, name.find(':'))) != forms.end() || FindClosedForm(name))
    return OpenFormula(name, model);
  if (const size_t plus = name.find(".onnx+"); plus != std::string::npos && IsGraphFile(name)) {
    return OpenCascade(name.substr(0, plus + 5), name.substr(plus + 6), model);
  }
  if (name.starts_with(kSplitPrefix)) return OpenSplit(name.substr(kSplitPrefix.size()), model);
  if (IsGraphFile(name)) return OpenNet(name, model);
  Subject subject;
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(subject.base, model.ToSetting(fallback));
  subject.tunable = std::make_unique<LanguageModel>(FindWeightsAndTell);
  return subject;
}

Result<void> CheckModelNamed(const Subject& subject, const ModelArguments& model) {
  const std::string name = model.model_option ? *model.model_option : model.model;
  if (!subject.language_model() || name.empty() || name == "auto") return {};
  const auto file = FindModelFile(name);
  if (file) return {};
  std::string tables;
  for (const std::string& table : RecordedNames()) tables += (tables.empty() ? "" : ", ") + table;
  return Fail(Status(file.error().code(), file.error().message() + "; recorded tables are: " + tables));
}

namespace {

// Pictures without labels are judged by a reference run where the subject can do so.
Result<Workload> PicturesFor(const Subject& subject, const std::string& spec) {
  TW_ASSIGN(Workload workload, LoadPictures(spec, *subject.card));
  if (workload.primary_metric == "top1" || !subject.judge) return workload;
  workload.primary_metric = kAgreement;
  workload.axes.insert(workload.axes.begin(), {kAgreement, Direction::kHigherIsBetter});
  return workload;
}

}  // namespace

Result<Workload> WorkloadFor(const Subject& subject, const MeasureArguments& measure, const ProfileStore& store) {
  if (subject.language_model()) return measure.ToWorkload(store);
  if (subject.card) {
    if (!measure.workload.empty()) return PicturesFor(subject, measure.workload);
    return Fail(Status(StatusCode::kInvalidInput, "a net of pictures is measured on a folder of them: --workload pictures:FOLDER")
                    .At("--workload"));
  }
  if (measure.workload.empty()) return subject.workloads.front();
  std::string known;
  for (const Workload& workload : subject.workloads) {
    if (workload.name == measure.workload || workload.id == measure.workload) return workload;
    known += (known.empty() ? "" : ", ") + workload.name;
  }
  return Fail(
      Status(StatusCode::kNotFound, std::string(subject.tunable->name()) + " has no workload \"" + measure.workload + "\"; it has " + known)
          .At("--workload"));
}

Result<Workload> JudgedWorkloadFor(const Subject& subject, const MeasureArguments& measure, const ProfileStore& store) {
  TW_ASSIGN(Workload workload, WorkloadFor(subject, measure, store));
  if (subject.judge && workload.primary_metric == kAgreement) TW_RETURN_IF_ERROR(subject.judge(workload));
  return workload;
}

}  // namespace tradewind
