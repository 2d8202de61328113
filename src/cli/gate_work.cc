// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_work.h"

#include <algorithm>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "cli/roofline.h"
#include "llm/products.h"
#include "measure/probes.h"

namespace tradewind {
namespace {

constexpr int kRounds = 15;
constexpr int kMoreRounds = 45;  // of what seemed slower
constexpr Duration kShortestRound = Duration::Millis(2);

// What a token's and a prompt's products look like. The matrix of the first does not fit into a core's own caches; that of the second does
// when it is quantised.
struct ProductShape {
  const char* name;
  int64_t rows;  // of activations
  int64_t out, in;
};
constexpr ProductShape kShapes[] = {{"1 row", 1, 4096, 2048}, {"128 rows", 128, 512, 2048}};

Result<PackedMatrix> RandomMatrix(TensorType type, const ProductShape& shape) {
  TW_ASSIGN(PackedMatrix matrix, PackedMatrix::Allocate(type, shape.out, shape.in));
  Random random(1);
  // Bits that leave halves and singles finite and normal.
  std::vector<std::byte> rows(static_cast<size_t>(shape.out) * *RowBytes(type, static_cast<uint64_t>(shape.in)));
  for (std::byte& b : rows) b = static_cast<std::byte>(random.Next() & 0x3B);
  for (int64_t g = 0; g < matrix.groups(); ++g) matrix.PackGroup(g, rows.data());
  return matrix;
}

// The engine's product of one matrix.
class ProductWork {
 public:
  ProductWork(const PackedMatrix& weights, const ProductShape& shape, Isa isa, ThreadPool& pool)
      : shape_(shape),
        pool_(pool),
        products_(KernelsFor(isa), shape.rows, shape.in),
        input_(static_cast<size_t>(shape.rows * shape.in)),
        out_(static_cast<size_t>(shape.rows * weights.padded_rows())),
        product_{&weights, out_.data()} {
    Random random(2);
    for (float& x : input_) x = static_cast<float>(random.Normal());
  }
  void Run() { products_.Run(input_.data(), shape_.rows, shape_.in, {&product_, 1}, pool_, {}); }

 private:
  ProductShape shape_;
  ThreadPool& pool_;
  Products products_;
  std::vector<float> input_, out_;
  Product product_;
};

OpWork WorkOf(const PackedMatrix& w, int64_t rows) {
  const double operations = 2.0 * static_cast<double>(rows * w.rows() * w.cols());
  return {.bytes = static_cast<double>(w.size_bytes()),
          .int8_ops = w.quantized() ? operations : 0,
          .float_ops = w.quantized() ? 0 : operations};
}

// Some queries over one page of keys and values of heads of 128.
class AttentionWork {
 public:
  AttentionWork(int64_t queries, Isa isa)
      : kernels_(KernelsFor(isa)),
        cache_(static_cast<size_t>(kKvPage * KvRowBytes(KvType::kF16, kDim))),
        values_(static_cast<size_t>(std::max(queries, kKvPage) * kDim)),
        out_(static_cast<size_t>(queries * kDim)),
        queries_(static_cast<size_t>(queries)),
        scratch_(AttentionScratch(kDim)) {
    Random random(3);
    for (float& x : values_) x = static_cast<float>(random.Normal());
    for (int64_t j = 0; j < kKvPage; ++j) {
      kernels_.kv_store(KvType::kF16, values_.data() + j * kDim, kDim, cache_.data() + j * KvRowBytes(KvType::kF16, kDim));
    }
  }
  void Run() {
    for (size_t i = 0; i < queries_.size(); ++i) {
      const size_t at = i * static_cast<size_t>(kDim);
      queries_[i] = {.query = values_.data() + at, .out = out_.data() + at, .end = kKvPage};
    }
    const AttentionPage page = {cache_.data(), cache_.data(), KvType::kF16, KvType::kF16, kDim, 0.1F};
    kernels_.attention_page(page, queries_.data(), static_cast<int64_t>(queries_.size()), scratch_.get());
  }
  OpWork work() const {
    return {.bytes = 2.0 * static_cast<double>(cache_.size()),
            .float_ops = 4.0 * static_cast<double>(queries_.size()) * static_cast<double>(kKvPage * kDim)};
  }

 private:
  static constexpr int64_t kDim = 128;
  const KernelTable& kernels_;
  std::vector<std::byte> cache_;
  std::vector<float> values_, out_;
  std::vector<AttentionQuery> queries_;
  Buffer<float> scratch_;
};

// One way of doing the work. Of it and the first way one must not be slower.
struct Way {
  std::string name;
  std::unique_ptr<ProductWork> work;
  bool beats_first;  // it is this one that must not be slower
};

class Gates {
 public:
  Gates(int threads, Isa isa, GateResult& result) : isa_(isa), one_(1), all_(threads), result_(result) {
    const KernelTable& kernels = KernelsFor(isa);
    peaks_ = MeasureLimits(kernels, 1, uint64_t{1} << 20);
  }

  Result<void> Products(TensorType type, const ProductShape& shape, const PackedMatrix& bf16) {
    TW_ASSIGN(const PackedMatrix weights, RandomMatrix(type, shape));
    const std::string what = std::string(InfoOf(type).name) + ", " + shape.name;
    std::vector<Way> ways;
    const auto add = [&](std::string name, const PackedMatrix& w, Isa isa, ThreadPool& pool, bool beats_first) {
      ways.push_back({std::move(name), std::make_unique<ProductWork>(w, shape, isa, pool), beats_first});
    };
    add("1 thread", weights, isa_, one_, false);
    if (weights.quantized()) add("BF16", bf16, isa_, one_, false);
    if (all_.threads() > 1) add(std::to_string(all_.threads()) + " threads", weights, isa_, all_, true);
    for (const Isa lower : AvailableIsas()) {
      if (lower < isa_ && lower != Isa::kGeneric) add(std::string(IsaName(lower)), weights, lower, one_, false);
    }
    const std::vector<std::vector<double>> seconds = Judge(what, ways, kRounds);
    const MachineLimits limits = LimitsAt(weights.size_bytes());
    result_.shares.push_back(ShareOfLimit(what, LimitSeconds(WorkOf(weights, shape.rows), limits), seconds[0]));
    return {};
  }

  void Attention(int64_t queries) {
    AttentionWork work(queries, isa_);
    const std::vector<std::vector<double>> seconds = TimeInTurns({[&] { work.Run(); }}, kRounds);
    result_.shares.push_back(
        ShareOfLimit("attention, " + std::to_string(queries) + " queries", LimitSeconds(work.work(), peaks_), seconds[0]));
  }

 private:
  // Times the ways and adds their claims; what seems broken once more with more rounds.
  std::vector<std::vector<double>> Judge(const std::string& what, const std::vector<Way>& ways, int rounds) {
    std::vector<std::function<void()>> runs;
    for (const Way& way : ways) runs.push_back([&work = *way.work] { work.Run(); });
    std::vector<std::vector<double>> seconds = TimeInTurns(runs, rounds);
    std::vector<GateClaim> claims;
    for (size_t i = 1; i < ways.size(); ++i) {
      claims.push_back(ways[i].beats_first ? JudgeClaim(what + ", " + ways[i].name, ways[0].name, seconds[i], seconds[0])
                                           : JudgeClaim(what, ways[i].name, seconds[0], seconds[i]));
    }
    const bool broken = std::any_of(claims.begin(), claims.end(), [](const GateClaim& c) { return !c.holds; });
    if (broken && rounds < kMoreRounds) return Judge(what, ways, kMoreRounds);
    result_.claims.insert(result_.claims.end(), claims.begin(), claims.end());
    return seconds;
  }

  MachineLimits LimitsAt(uint64_t bytes) {
    MachineLimits limits = peaks_;
    limits.bytes_per_s = 1e9 * ProbeReadBandwidth(bytes, 1, 5, KernelsFor(isa_).burst_read).gigabytes_per_s.value;
    return limits;
  }

  Isa isa_;
  ThreadPool one_, all_;
  MachineLimits peaks_;
  GateResult& result_;
};

}  // namespace

std::vector<std::vector<double>> TimeInTurns(const std::vector<std::function<void()>>& runs, int rounds) {
  const auto time = [](const std::function<void()>& run, int64_t calls) {
    const TimePoint start = RealClock().Now();
    for (int64_t i = 0; i < calls; ++i) run();
    return (RealClock().Now() - start).seconds() / static_cast<double>(calls);
  };
  std::vector<int64_t> calls;
  for (const auto& run : runs) {
    run();  // warms up
    calls.push_back(1 + static_cast<int64_t>(kShortestRound.seconds() / std::max(1e-9, time(run, 1))));
  }
  std::vector<std::vector<double>> seconds(runs.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t k = 0; k < runs.size(); ++k) {
      const size_t i = (k + static_cast<size_t>(round)) % runs.size();
      seconds[i].push_back(time(runs[i], calls[i]));
    }
  }
  return seconds;
}

Result<GateResult> MeasureGates(int threads, const std::function<void(double share, const std::string& what)>& told) {
  TW_ASSIGN(const Isa isa, SelectIsa());
  GateResult result;
  Gates gates(threads, isa, result);
  const auto works = static_cast<double>(std::size(kShapes) * AllTensorTypes().size());
  double done = 0;
  for (const ProductShape& shape : kShapes) {
    TW_ASSIGN(const PackedMatrix bf16, RandomMatrix(TensorType::kBF16, shape));
    for (const TensorTypeInfo& info : AllTensorTypes()) {
      told(done++ / works, std::string(info.name) + ", " + shape.name);
      TW_RETURN_IF_ERROR(gates.Products(info.type, shape, bf16));
    }
  }
  for (const int64_t queries : {1, 4, 32, 192}) gates.Attention(queries);
  return result;
}

}  // namespace tradewind
