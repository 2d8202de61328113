// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Subject: what a command works on, by the name on its command line: a language model, a net of pictures (an .onnx or .tflite file;
// "a.onnx+b.onnx": a cascade, "split:a.onnx": split over a link), a recorded table ("nasbench201", or a table file), or a closed form
// ("zdt1"). The latter bring a search space and workloads; a net of pictures brings a space and is measured on a folder of pictures; a
// language model asks for both.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/measure_arguments.h"
#include "cli/model_arguments.h"
#include "core/strategy.h"
#include "core/tunable.h"
#include "core/workload.h"
#include "vision/model_card.h"

namespace tradewind {

struct Subject {
  std::unique_ptr<Tunable> tunable;
  Setting base;                       // what the command line set
  std::vector<Workload> workloads{};  // its own, the default first; empty for a language model and for a net of pictures
  std::optional<ModelCard> card{};    // of a net of pictures
  // Of a net that can judge pictures without labels: makes ready for those of a workload. Empty: it cannot.
  std::function<Result<void>(const Workload&)> judge{};
  std::optional<SearchSpace> space{};  // all that its tables have, over the base; absent for a language model
  std::string fidelity{};              // the knob that buys truth with time; empty for none
  // The same with the fidelity as a dimension, for strategies that climb it; absent without one.
  std::optional<SearchSpace> climbing_space{};
  bool language_model() const { return workloads.empty() && !card; }
};

// `device`: one that the table was recorded on; empty for its default. Naming one for a language model is an error: it runs here.
Result<Subject> OpenSubject(const ModelArguments& model, const std::string& device);

// kNotFound, with the names there are, where a language model was named that is not here: said before anything else is asked for.
Result<void> CheckModelNamed(const Subject& subject, const ModelArguments& model);

// One of the subject's own workloads by name, or the text or pictures that `measure` names.
Result<Workload> WorkloadFor(const Subject& subject, const MeasureArguments& measure, const ProfileStore& store);
// The same for who measures on it: where pictures are judged by agreement, the subject has seen them.
Result<Workload> JudgedWorkloadFor(const Subject& subject, const MeasureArguments& measure, const ProfileStore& store);

}  // namespace tradewind
