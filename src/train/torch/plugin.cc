// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Built as a library of its own where LibTorch is found (cmake/Torch.cmake). Its exceptions end here.
#include <malloc.h>
#include <torch/torch.h>

#include "train/torch/torch_graph.h"
#include "train/torch_trainer.h"

namespace tradewind {
namespace {

using Feeds = std::map<std::string, torch::Tensor>;

Result<torch::Tensor> ToTorch(const NamedTensor& from) {
  if (from.tensor.type != ElementType::kFloat)
    return Fail(StatusCode::kUnsupported, "'" + from.name + "' is of " + std::string(ElementName(from.tensor.type)) + "; singles go in");
  const torch::Tensor values = torch::from_blob(const_cast<std::byte*>(from.tensor.data.data()), from.tensor.shape, torch::kFloat);
  // Channels side by side: a third less time for a step of a convolutional net.
  return values.dim() == 4 ? values.contiguous(torch::MemoryFormat::ChannelsLast) : values;
}

Tensor Copied(const torch::Tensor& given) {
  const torch::Tensor from = given.detach().to(torch::kFloat).contiguous();
  Tensor out = Tensor::Of<float>(from.sizes().vec());
  std::memcpy(out.data.data(), from.data_ptr(), out.data.size());
  return out;
}

torch::Tensor CrossEntropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  // Over the pictures that have a label; none of them: 0, not 0 / 0.
  const torch::Tensor sum = torch::nll_loss(torch::log_softmax(logits, 1), labels, {}, at::Reduction::Sum, -1);
  return sum / std::max<int64_t>(1, (labels >= 0).sum().item<int64_t>());
}

torch::Tensor Distillation(const torch::Tensor& logits, const torch::Tensor& teacher, double temperature) {
  const torch::Tensor wanted = torch::log_softmax(teacher / temperature, 1);
  const torch::Tensor given = torch::log_softmax(logits / temperature, 1);
  return (wanted.exp() * (wanted - given)).sum(1).mean() * (temperature * temperature);
}

torch::Tensor EnergyMargins(const torch::Tensor& logits, const torch::Tensor& labels, double low, double high) {
  const torch::Tensor sureness = torch::logsumexp(logits, 1);
  const torch::Tensor inside = (labels >= 0).to(torch::kFloat);
  const torch::Tensor lacks = torch::relu(high - sureness).square() * inside, exceeds = torch::relu(sureness - low).square() * (1 - inside);
  return lacks.sum() / inside.sum().clamp_min(1) + exceeds.sum() / (1 - inside).sum().clamp_min(1);
}

class Trainer : public TorchTrainer {
 public:
  Trainer(const TrainerSpec& spec, TorchGraph graph) : spec_(spec), graph_(std::move(graph)) {
    std::vector<torch::Tensor> matrices, others;
    for (const std::string& name : graph_.trained()) {
      torch::Tensor& p = graph_.parameter(name);
      (p.dim() > 1 ? matrices : others).push_back(p);
    }
    std::vector<torch::optim::OptimizerParamGroup> groups{torch::optim::OptimizerParamGroup(matrices),
                                                          torch::optim::OptimizerParamGroup(others)};
    if (spec.optimizer == OptimizerKind::kSgd) {
      const auto options = torch::optim::SGDOptions(0).momentum(spec.momentum);
      groups[0].set_options(std::make_unique<torch::optim::SGDOptions>(torch::optim::SGDOptions(options).weight_decay(spec.weight_decay)));
      groups[1].set_options(std::make_unique<torch::optim::SGDOptions>(options));
      optimizer_ = std::make_unique<torch::optim::SGD>(groups, options);
    } else {
      const torch::optim::AdamWOptions options(0);
      groups[0].set_options(
          std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(options).weight_decay(spec.weight_decay)));
      groups[1].set_options(std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(options).weight_decay(0)));
      optimizer_ = std::make_unique<torch::optim::AdamW>(groups, options);
    }
  }

  Result<std::vector<double>> Step(const TrainBatch& batch, double learning_rate) override {
    return Guarded<std::vector<double>>([&]() -> Result<std::vector<double>> {
      for (auto& group : optimizer_->param_groups()) group.options().set_lr(learning_rate);
      optimizer_->zero_grad();
      TW_ASSIGN(const Losses losses, Compute(batch, true));
      losses.sum.backward();
      optimizer_->step();
      return losses.each;
    });
  }

  Result<double> LossOf(const TrainBatch& batch) override {
    return Guarded<double>([&]() -> Result<double> {
      const torch::NoGradGuard guard;
      TW_ASSIGN(const StatisticsKept kept, Keep());
      auto losses = Compute(batch, true);
      PutBack(kept);
      if (!losses) return Fail(losses.error());
      return losses->sum.item<double>();
    });
  }

  Result<std::vector<NamedTensor>> GradientsOf(const TrainBatch& batch) override {
    return Guarded<std::vector<NamedTensor>>([&]() -> Result<std::vector<NamedTensor>> {
      optimizer_->zero_grad();
      TW_ASSIGN(const StatisticsKept kept, Keep());
      TW_ASSIGN(const Losses losses, Compute(batch, true));
      losses.sum.backward();
      PutBack(kept);  // not before: going back reads them
      std::vector<NamedTensor> out;
      for (const std::string& name : graph_.trained()) {
        const torch::Tensor& p = graph_.parameter(name);
        out.push_back({name, Copied(p.grad().defined() ? p.grad() : torch::zeros_like(p))});
      }
      optimizer_->zero_grad();
      return out;
    });
  }

  Result<std::vector<Tensor>> Forward(std::span<const NamedTensor> feeds, const std::vector<std::string>& values) override {
    return Guarded<std::vector<Tensor>>([&]() -> Result<std::vector<Tensor>> {
      const torch::NoGradGuard guard;
      TW_ASSIGN(const Feeds given, FeedsOf(feeds));
      TW_ASSIGN(const std::vector<torch::Tensor> found, graph_.Run(given, values, false));
      std::vector<Tensor> out;
      for (const torch::Tensor& t : found) out.push_back(Copied(t));
      return out;
    });
  }

  std::vector<NamedTensor> Weights() const override {
    std::vector<NamedTensor> out;
    for (const auto* names : {&graph_.trained(), &graph_.statistics()}) {
      for (const std::string& name : *names) out.push_back({name, Copied(graph_.parameter(name))});
    }
    return out;
  }

 private:
  struct Losses {
    torch::Tensor sum;
    std::vector<double> each;
  };
  using StatisticsKept = std::vector<torch::Tensor>;

  template <typename T, typename Work>
  Result<T> Guarded(const Work& work) {
    try {
      torch::set_num_threads(spec_.threads);
      return work();
    } catch (const c10::Error& error) {
      return Fail(StatusCode::kInternal, spec_.model.source + ": LibTorch failed: " + error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
      return Fail(StatusCode::kResourceExhausted, spec_.model.source + ": not enough memory to train; take a smaller batch");
    } catch (const std::exception& error) {
      return Fail(StatusCode::kInternal, spec_.model.source + ": LibTorch failed: " + error.what());
    }
  }

  Result<StatisticsKept> Keep() const {
    StatisticsKept kept;
    for (const std::string& name : graph_.statistics()) kept.push_back(graph_.parameter(name).clone());
    return kept;
  }
  void PutBack(const StatisticsKept& kept) {
    const torch::NoGradGuard guard;
    for (size_t i = 0; i < kept.size(); ++i) graph_.parameter(graph_.statistics()[i]).copy_(kept[i]);
  }

  static Result<Feeds> FeedsOf(std::span<const NamedTensor> given) {
    Feeds feeds;
    for (const NamedTensor& feed : given) {
      TW_ASSIGN(feeds[feed.name], ToTorch(feed));
    }
    return feeds;
  }

  Result<Losses> Compute(const TrainBatch& batch, bool training) {
    TW_ASSIGN(const Feeds feeds, FeedsOf(batch.feeds));
    std::vector<std::string> wanted;
    for (const TrainerLoss& loss : spec_.losses) wanted.push_back(loss.output);
    TW_ASSIGN(const std::vector<torch::Tensor> values, graph_.Run(feeds, wanted, training));
    const torch::Tensor labels =
        torch::from_blob(const_cast<int64_t*>(batch.labels.data()), {static_cast<int64_t>(batch.labels.size())}, torch::kLong);
    Losses out{.sum = torch::zeros({})};
    for (size_t i = 0; i < values.size(); ++i) {
      const TrainerLoss& loss = spec_.losses[i];
      const auto target = feeds.find(loss.target);
      if (!loss.target.empty() && target == feeds.end())
        return Fail(StatusCode::kInvalidInput, "nothing was fed for the target '" + loss.target + "'");
      torch::Tensor value;
      switch (loss.kind) {
        case LossKind::kCrossEntropy: value = CrossEntropy(values[i], labels.clamp_min(-1)); break;
        case LossKind::kDistillation: value = Distillation(values[i], target->second, loss.temperature); break;
        case LossKind::kMatch: value = (values[i] - target->second).square().mean() / target->second.square().mean(); break;
        case LossKind::kEnergy: value = EnergyMargins(values[i], labels, loss.low, loss.high); break;
      }
      out.each.push_back(value.item<double>());
      out.sum = out.sum + value * loss.weight;
    }
    return out;
  }

  TrainerSpec spec_;
  TorchGraph graph_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

Result<void> CheckLosses(const TrainerSpec& spec, const TorchGraph& graph) {
  if (spec.losses.empty()) return Fail(StatusCode::kInvalidInput, spec.model.source + ": nothing to train towards: no losses");
  for (const TrainerLoss& loss : spec.losses) {
    if (!graph.Knows(loss.output))
      return Fail(Status(StatusCode::kInvalidInput, spec.model.source + ": the graph has no value '" + loss.output + "'").At("losses"));
    const bool needs = loss.kind == LossKind::kDistillation || loss.kind == LossKind::kMatch;
    if (needs == loss.target.empty()) {
      return Fail(Status(StatusCode::kInvalidInput, "a loss of kind " + std::string(needs ? "distillation or match has a target"
                                                                                          : "cross_entropy or energy has no target"))
                      .At("losses"));
    }
  }
  return {};
}

Result<std::unique_ptr<TorchTrainer>> Open(const TrainerSpec& spec) {
  try {
    torch::set_num_threads(spec.threads);
    TW_ASSIGN(TorchGraph graph, TorchGraph::Make(spec.model, spec.parameters));
    TW_RETURN_IF_ERROR(CheckLosses(spec, graph));
    return std::make_unique<Trainer>(spec, std::move(graph));
  } catch (const std::exception& error) {
    return Fail(StatusCode::kInternal, spec.model.source + ": LibTorch failed: " + error.what());
  }
}

}  // namespace

extern "C" [[gnu::visibility("default")]] void TradewindTorchOpen(const TrainerSpec& spec, Result<std::unique_ptr<TorchTrainer>>* out) {
  // Every step allocates the same tensors of megabytes anew: kept by the process, not given back to the system and cleared by it each time.
  constexpr int kMostKeptAlone = 32 << 20, kMostKept = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kMostKeptAlone);
  mallopt(M_TRIM_THRESHOLD, kMostKept);
  *out = Open(spec);
}

}  // namespace tradewind
