// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/forest.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>

#include "base/random.h"
#include "learn/table.h"

namespace tradewind {
namespace {

constexpr size_t kMostForestCells = size_t{1} << 26;   // rows x columns; what is sorted once a forest is that many indices
constexpr size_t kMostForestPlaces = size_t{1} << 28;  // rows x trees: each tree keeps where every row fell

// What all trees of a forest share.
struct TrainingData {
  size_t n = 0, d = 0;
  std::vector<double> values;     // column after column
  std::vector<double> y;          // less its mean, so that sums of squares keep their digits
  std::vector<uint32_t> ordered;  // of each column, the rows by rising value
  double mean = 0;
};

TrainingData Prepare(std::span<const double> rows, size_t columns, std::span<const double> y) {
  TrainingData data;
  data.n = y.size();
  data.d = columns;
  data.mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
  data.y.reserve(y.size());
  for (const double value : y) data.y.push_back(value - data.mean);
  data.values.resize(rows.size());
  data.ordered.resize(rows.size());
  for (size_t j = 0; j < columns; ++j) {
    double* column = data.values.data() + j * data.n;
    for (size_t i = 0; i < data.n; ++i) column[i] = rows[i * columns + j];
    const auto order = data.ordered.begin() + static_cast<std::ptrdiff_t>(j * data.n);
    std::iota(order, order + static_cast<std::ptrdiff_t>(data.n), 0U);
    std::stable_sort(order, order + static_cast<std::ptrdiff_t>(data.n), [&](uint32_t a, uint32_t b) { return column[a] < column[b]; });
  }
  return data;
}

// A node yet to be split: the drawn rows [begin, end) of every column's order.
struct Open {
  size_t node = 0, begin = 0, end = 0;
  int depth = 0;
};

// How often a row was drawn, and so many times its y: side by side, as they are read together.
struct Drawn {
  double count = 0, sum = 0;
};

struct Split {
  double gain = -1;
  size_t column = 0;
  double threshold = 0;
};

// Grows one tree. The drawn rows are kept sorted by every column, and a split parts each order in two without sorting again.
class Grower {
 public:
  Grower(const TrainingData& data, const ForestOptions& options, uint64_t seed)
      : data_(data),
        options_(options),
        random_(seed),
        drawn_rows_(data.n, Drawn{options.bootstrap ? 0.0 : 1.0, 0}),
        left_(data.n),
        columns_(data.d) {
    if (options.bootstrap) {
      for (size_t i = 0; i < data.n; ++i) drawn_rows_[random_.Below(data.n)].count += 1;
    }
    for (size_t i = 0; i < data.n; ++i) {
      drawn_rows_[i].sum = drawn_rows_[i].count * data.y[i];
      drawn_ += drawn_rows_[i].count > 0 ? 1 : 0;
    }
    order_.reserve(drawn_ * data.d);
    for (const uint32_t row : data.ordered) {
      if (drawn_rows_[row].count > 0) order_.push_back(row);
    }
    spare_.resize(drawn_);
    std::iota(columns_.begin(), columns_.end(), size_t{0});
    looked_at_ = std::max<size_t>(1, static_cast<size_t>(std::lround(options.column_share * static_cast<double>(data.d))));
  }

  ForestTree Grow() {
    ForestTree tree;
    tree.nodes.emplace_back();
    std::vector<Open> open = {{0, 0, drawn_, 0}};
    int32_t leaves = 0;
    while (!open.empty()) {
      const Open at = open.back();
      open.pop_back();
      const bool mixed = Describe(at, tree.nodes[at.node]);
      Split split;
      if (mixed && at.depth < options_.max_depth) split = Best(at);
      if (split.gain < 0) {
        tree.nodes[at.node].left = leaves++;
        continue;
      }
      const size_t middle = Part(at, split);
      const size_t left = tree.nodes.size();
      tree.nodes[at.node].column = static_cast<int32_t>(split.column);
      tree.nodes[at.node].threshold = split.threshold;
      tree.nodes[at.node].left = static_cast<int32_t>(left);
      tree.nodes.resize(left + 2);
      open.push_back({left + 1, middle, at.end, at.depth + 1});
      open.push_back({left, at.begin, middle, at.depth + 1});
    }
    return tree;
  }

 private:
  std::span<uint32_t> Order(size_t column, const Open& at) { return {order_.data() + column * drawn_ + at.begin, at.end - at.begin}; }

  // Fills in the node's mean and variance; whether its values differ at all.
  bool Describe(const Open& at, ForestNode& node) {
    weight_ = sum_ = 0;
    double low = data_.y[Order(0, at)[0]], high = low;
    for (const uint32_t row : Order(0, at)) {
      weight_ += drawn_rows_[row].count;
      sum_ += drawn_rows_[row].sum;
      low = std::min(low, data_.y[row]);
      high = std::max(high, data_.y[row]);
    }
    const double mean = sum_ / weight_;
    double squares = 0;
    for (const uint32_t row : Order(0, at)) squares += drawn_rows_[row].count * (data_.y[row] - mean) * (data_.y[row] - mean);
    node.mean = low < high ? mean + data_.mean : low + data_.mean;
    node.variance = low < high ? squares / weight_ : 0;
    return low < high;
  }

  // The best split over a random share of the columns; where those offer none, further ones are drawn until one does.
  Split Best(const Open& at) {
    Split best;
    for (size_t k = 0; k < data_.d && (k < looked_at_ || best.gain < 0); ++k) {
      std::swap(columns_[k], columns_[k + random_.Below(data_.d - k)]);
      Scan(at, columns_[k], best);
    }
    return best;
  }

  void Scan(const Open& at, size_t column, Split& best) {
    const double* values = data_.values.data() + column * data_.n;
    const std::span<const uint32_t> order = Order(column, at);
    if (values[order.front()] == values[order.back()]) return;
    const double least = options_.min_leaf;
    const double none = sum_ * sum_ / weight_;
    double weight = 0, sum = 0;
    for (size_t i = 0; i + 1 < order.size(); ++i) {
      const uint32_t row = order[i];
      weight += drawn_rows_[row].count;
      sum += drawn_rows_[row].sum;
      const double here = values[row], next = values[order[i + 1]];
      const double rest = weight_ - weight;
      if (here == next || weight < least) continue;
      if (rest < least) break;
      // Never below 0 but by rounding.
      const double gain = std::max(0.0, sum * sum / weight + (sum_ - sum) * (sum_ - sum) / rest - none);
      if (gain > best.gain) {
        const double middle = here + (next - here) / 2;
        best = {gain, column, middle < next ? middle : here};
      }
    }
  }

  // Parts every column's order, keeping it sorted; the place where the right side begins.
  size_t Part(const Open& at, const Split& split) {
    const double* values = data_.values.data() + split.column * data_.n;
    size_t middle = at.begin;
    for (const uint32_t row : Order(0, at)) {
      left_[row] = values[row] <= split.threshold ? 1 : 0;
      middle += left_[row];
    }
    for (size_t column = 0; column < data_.d; ++column) {
      if (column == split.column) continue;  // sorted by it already
      const std::span<uint32_t> order = Order(column, at);
      size_t kept = 0, moved = 0;
      for (const uint32_t row : order) {  // both stores every time: no branch to guess wrongly
        order[kept] = row;
        spare_[moved] = row;
        kept += left_[row];
        moved += 1U - left_[row];
      }
      std::copy_n(spare_.begin(), moved, order.begin() + static_cast<std::ptrdiff_t>(kept));
    }
    return middle;
  }

  const TrainingData& data_;
  const ForestOptions& options_;
  Random random_;
  std::vector<Drawn> drawn_rows_;
  std::vector<uint8_t> left_;
  std::vector<size_t> columns_;
  std::vector<uint32_t> order_, spare_;
  size_t drawn_ = 0, looked_at_ = 0;
  double weight_ = 0, sum_ = 0;  // of the node being split
};

// Drops all rows down the tree.
void Settle(std::span<const double> rows, size_t columns, ForestTree& tree) {
  const size_t n = rows.size() / columns;
  std::vector<uint32_t> leaf(n);
  size_t leaves = (tree.nodes.size() + 1) / 2;
  tree.starts.assign(leaves + 1, 0);
  for (size_t i = 0; i < n; ++i) {
    leaf[i] = static_cast<uint32_t>(tree.Leaf(rows.subspan(i * columns, columns)).left);
    ++tree.starts[leaf[i] + 1];
  }
  std::partial_sum(tree.starts.begin(), tree.starts.end(), tree.starts.begin());
  std::vector<uint32_t> next(tree.starts.begin(), tree.starts.end() - 1);
  tree.rows.resize(n);
  for (size_t i = 0; i < n; ++i) tree.rows[next[leaf[i]]++] = static_cast<uint32_t>(i);
}

}  // namespace

const ForestNode& ForestTree::Leaf(std::span<const double> x) const {
  const ForestNode* node = nodes.data();
  while (node->column >= 0) {
    const bool right = x[static_cast<size_t>(node->column)] > node->threshold;
    node = nodes.data() + node->left + (right ? 1 : 0);
  }
  return *node;
}

ForestPrediction Forest::Predict(std::span<const double> x) const {
  assert(x.size() == columns);
  // Welford's running mean and variance of the trees' means: no difference of large squares.
  ForestPrediction p;
  double between = 0, within = 0, count = 0;
  for (const ForestTree& tree : trees) {
    const ForestNode& leaf = tree.Leaf(x);
    const double step = leaf.mean - p.mean;
    p.mean += step / ++count;
    between += step * (leaf.mean - p.mean);
    within += leaf.variance;
  }
  p.variance = (between + within) / count;
  return p;
}

std::vector<double> Forest::Weights(std::span<const double> x) const {
  assert(x.size() == columns);
  std::vector<double> weights(y.size(), 0);
  for (const ForestTree& tree : trees) {
    const auto leaf = static_cast<size_t>(tree.Leaf(x).left);
    const size_t begin = tree.starts[leaf], end = tree.starts[leaf + 1];
    const double share = 1 / (static_cast<double>(end - begin) * static_cast<double>(trees.size()));
    for (size_t i = begin; i < end; ++i) weights[tree.rows[i]] += share;
  }
  return weights;
}

std::vector<double> Forest::Quantiles(std::span<const double> x, std::span<const double> p) const {
  const std::vector<double> weights = Weights(x);
  std::vector<double> quantiles(p.size());
  for (size_t k = 0; k < p.size(); ++k) {
    assert(p[k] >= 0 && p[k] <= 1);
    double share = 0;
    for (const uint32_t row : ascending) {
      if (weights[row] == 0) continue;
      share += weights[row];
      quantiles[k] = y[row];
      if (share >= p[k] - 1e-12) break;  // the weights sum to 1 but for rounding
    }
  }
  return quantiles;
}

Result<Forest> FitForest(std::span<const double> rows, size_t columns, std::span<const double> y, const ForestOptions& options) {
  TW_RETURN_IF_ERROR(CheckTable("a forest", rows, columns, y));
  const auto bad = [](const char* message) { return Fail(StatusCode::kInvalidInput, message); };
  if (rows.size() > kMostForestCells) return bad("a forest takes at most 67108864 cells: give it fewer rows");
  if (options.trees < 1 || options.trees > 10'000) return bad("a forest has 1 to 10000 trees");
  if (y.size() > kMostForestPlaces / static_cast<size_t>(options.trees)) {
    return bad("a forest takes at most 268435456 rows times trees: give it fewer of either");
  }
  if (options.min_leaf < 1) return bad("a leaf of a forest holds at least 1 row");
  if (options.max_depth < 0 || options.max_depth > 64) return bad("a forest's depth is 0 to 64");
  if (!(options.column_share > 0 && options.column_share <= 1)) return bad("the share of columns that a forest looks at lies in (0, 1]");
  const TrainingData data = Prepare(rows, columns, y);
  Forest forest;
  forest.columns = columns;
  forest.y.assign(y.begin(), y.end());
  forest.ascending.resize(y.size());
  std::iota(forest.ascending.begin(), forest.ascending.end(), 0U);
  std::stable_sort(forest.ascending.begin(), forest.ascending.end(), [&](uint32_t a, uint32_t b) { return y[a] < y[b]; });
  Random seeds(options.seed);
  for (int t = 0; t < options.trees; ++t) {
    forest.trees.push_back(Grower(data, options, seeds.Next()).Grow());
    Settle(rows, columns, forest.trees.back());
  }
  return forest;
}

}  // namespace tradewind
