// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/fit_exits.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "graph/backend.h"
#include "graph/native/from_onnx.h"
#include "graph/onnx_walk.h"
#include "graph/surgery.h"
#include "learn/softmax.h"
#include "vision/scorers/classification.h"

namespace tradewind {
namespace {

constexpr size_t kFewestPictures = 20;
constexpr int64_t kMostColumns = 1024;     // that an exit sees
constexpr int64_t kPicturesForColumn = 4;  // at least: with fewer it learns the pictures by heart
constexpr int kSteps = 150;                // of the search for its weights
// A class that the whole net never thinks so likely is none that an exit learns: its score is constant, and low.
constexpr double kWorthLearning = 0.02;
constexpr double kNever = -1e4;

std::string ExitName(size_t number) {
  return "exit." + std::to_string(number);
}

// The finest grid up to the asked one that parts both sides evenly, and does not give too much to see.
int64_t GridFor(const OnnxValue& value, int64_t most, int64_t columns_at_most) {
  const int64_t channels = (*value.shape)[1].value.value_or(1), rows = (*value.shape)[2].value.value_or(1),
                columns = (*value.shape)[3].value.value_or(1);
  for (int64_t grid = most; grid > 1; --grid) {
    if (rows % grid == 0 && columns % grid == 0 && channels * grid * grid <= columns_at_most) return grid;
  }
  return 1;
}

Result<std::vector<std::string>> ChoosePlaces(const OnnxModel& model, const ExitOptions& options) {
  if (!options.at.empty()) return options.at;
  TW_ASSIGN(const std::vector<ExitPlace> places, ExitPlaces(model));
  std::vector<std::string> chosen;
  for (int k = 1; k <= options.most && !places.empty(); ++k) {
    const double share = static_cast<double>(k) / (options.most + 1);
    const auto nearest = std::min_element(places.begin(), places.end(), [&](const ExitPlace& x, const ExitPlace& y) {
      return std::abs(x.share - share) < std::abs(y.share - share);
    });
    if (chosen.empty() || chosen.back() != nearest->at) chosen.push_back(nearest->at);
  }
  if (chosen.empty())
    return Fail(StatusCode::kUnsupported,
                model.source + ": nowhere in this graph goes one picture alone on, so that no exit can stand there");
  return chosen;
}

// What the exits see of each picture, and what the whole net says of it.
struct Seen {
  std::vector<std::vector<double>> rows;  // an exit
  std::vector<double> shares;             // [picture][class]
  size_t classes = 0;
};

Result<Seen> LookAtAll(OnnxModel model, size_t exits, const ModelCard& card, std::span<const Image> pictures, int threads) {
  const OnnxValue whole = model.graph.outputs.back();
  model.graph.outputs.clear();
  for (size_t k = 0; k < exits; ++k) model.graph.outputs.push_back({.name = ExitName(k) + ".flat", .type = OnnxType::kFloat});
  model.graph.outputs.push_back(whole);
  TW_ASSIGN(const auto runner, OpenGraph({.path = model.source, .model = std::move(model)}, {.threads = threads}));
  Seen seen{.rows = std::vector<std::vector<double>>(exits), .shares = {}};
  for (const Image& picture : pictures) {
    TW_ASSIGN(const Tensor input, PictureTensor(picture, card.input, runner->inputs()[0]));
    TW_ASSIGN(const std::vector<Tensor> outputs, runner->Run({&input, 1}));
    for (size_t k = 0; k < exits; ++k) {
      const auto values = outputs[k].Values<float>();
      seen.rows[k].insert(seen.rows[k].end(), values.begin(), values.end());
    }
    const auto answer = outputs.back().Values<float>();
    const std::vector<float> shares = card.probabilities ? std::vector<float>(answer.begin(), answer.end()) : SoftmaxOf(answer);
    seen.classes = shares.size();
    seen.shares.insert(seen.shares.end(), shares.begin(), shares.end());
  }
  return seen;
}

// A softmax model over all classes, fitted over those that some picture shows.
Result<SoftmaxModel> FitToShown(const Seen& seen, size_t exit, double l2) {
  const size_t pictures = seen.shares.size() / seen.classes, columns = seen.rows[exit].size() / pictures;
  std::vector<size_t> shown;
  for (size_t c = 0; c < seen.classes; ++c) {
    double most = 0;
    for (size_t p = 0; p < pictures; ++p) most = std::max(most, seen.shares[p * seen.classes + c]);
    if (most >= kWorthLearning) shown.push_back(c);
  }
  if (shown.size() < 2)
    return Fail(StatusCode::kInvalidInput, "the net says the same of all these pictures; fit its exits to pictures that differ");
  std::vector<double> shares;
  for (size_t p = 0; p < pictures; ++p) {
    double sum = 0;
    for (const size_t c : shown) sum += seen.shares[p * seen.classes + c];
    for (const size_t c : shown)
      shares.push_back(sum > 0 ? seen.shares[p * seen.classes + c] / sum : 1 / static_cast<double>(shown.size()));
  }
  TW_ASSIGN(const SoftmaxModel some, FitSoftmax(seen.rows[exit], columns, shares, shown.size(), {.l2 = l2, .steps = kSteps}));
  SoftmaxModel all = {.columns = columns, .classes = seen.classes};
  all.weights.resize(seen.classes * columns);
  all.intercepts.resize(seen.classes, kNever);
  for (size_t k = 0; k < shown.size(); ++k) {
    std::copy_n(some.weights.begin() + static_cast<std::ptrdiff_t>(k * columns), columns,
                all.weights.begin() + static_cast<std::ptrdiff_t>(shown[k] * columns));
    all.intercepts[shown[k]] = some.intercepts[k];
  }
  return all;
}

void SetWeights(OnnxModel& model, const std::string& exit, const SoftmaxModel& fitted) {
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name != exit + ".weight" && t.name != exit + ".bias") continue;
    const std::vector<double>& from = t.name.ends_with(".bias") ? fitted.intercepts : fitted.weights;
    t = OnnxTensor::Of(t.name, t.dims, std::vector<float>(from.begin(), from.end()));
  }
}

}  // namespace

Result<std::vector<ExitPlace>> ExitPlaces(const OnnxModel& model) {
  TW_ASSIGN(const std::vector<std::string> points, CutPoints(model));
  TW_ASSIGN(const NativeNet whole, NativeFromOnnx(model, {}));
  std::vector<ExitPlace> places;
  for (const std::string& at : points) {
    const OnnxValue* value = Described(model.graph, at);
    if (value == nullptr || !value->shape || value->shape->size() != 4 || !(*value->shape)[1].value) continue;
    TW_ASSIGN(const GraphCut cut, CutGraph(model, at));
    TW_ASSIGN(const NativeNet head, NativeFromOnnx(cut.head, {}));
    const double share = head.multiply_adds() / std::max(1.0, whole.multiply_adds());
    // Of several values behind the same multiplications the last: what an activation or norm made of it.
    if (!places.empty() && share - places.back().share < 1e-3) places.pop_back();
    places.push_back({at, share});
  }
  return places;
}

Result<OnnxModel> FitExits(const OnnxModel& model, const ModelCard& card, std::span<const Image> pictures, const ExitOptions& options) {
  const OnnxGraph& graph = model.graph;
  if (graph.outputs.size() != 1 || !graph.outputs[0].shape || graph.outputs[0].shape->empty() || !graph.outputs[0].shape->back().value)
    return Fail(StatusCode::kUnsupported, model.source + ": exits are for graphs of one output, whose classes the file counts");
  if (pictures.size() < kFewestPictures)
    return Fail(StatusCode::kInvalidInput, "exits are fitted to at least " + std::to_string(kFewestPictures) + " pictures");
  TW_ASSIGN(const std::vector<std::string> places, ChoosePlaces(model, options));
  const int64_t classes = *graph.outputs[0].shape->back().value;
  OnnxModel with_exits = model;
  const auto nothing_yet = RandomWeightSource(1);
  const int64_t columns = std::min(kMostColumns, static_cast<int64_t>(pictures.size()) / kPicturesForColumn);
  for (size_t k = 0; k < places.size(); ++k) {
    const OnnxValue* value = Described(model.graph, places[k]);
    const int64_t grid = value != nullptr && value->shape && value->shape->size() == 4 ? GridFor(*value, options.grid, columns) : 1;
    TW_RETURN_IF_ERROR(InsertExit(with_exits, places[k], {.classes = classes, .name = ExitName(k), .grid = grid}, *nothing_yet));
  }
  TW_ASSIGN(const Seen seen, LookAtAll(with_exits, places.size(), card, pictures, options.threads));
  for (size_t k = 0; k < places.size(); ++k) {
    TW_ASSIGN(const SoftmaxModel fitted, FitToShown(seen, k, options.l2));
    SetWeights(with_exits, ExitName(k), fitted);
  }
  return with_exits;
}

}  // namespace tradewind
