// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/cut_profile.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr int kSmallEchoes = 5;
constexpr size_t kFirstProbe = 4096, kLastProbe = size_t{4} << 20;
constexpr double kTellingTime_ms = 12;  // beyond the round trip: then scheduling is a few per cent of it
constexpr double kUnlimited = 2e9;      // bytes a second that no probe here tells from no limit
constexpr int kLoadRuns = 5;

// Those worth it by what they send of the first picture.
Result<std::vector<std::string>> EdgesOf(SplitNet& net, const Image& picture, Coding coding, size_t most) {
  const std::vector<std::string>& cuts = net.model().cuts;
  if (coding == Coding::kJpeg) return std::vector<std::string>{};
  std::vector<std::string> wanted = cuts;
  wanted.emplace_back(kCutAtInput);
  TW_ASSIGN(const std::vector<Tensor> crossing, net.Activations(picture, wanted));
  std::vector<double> bytes;
  for (const Tensor& tensor : crossing) {
    TW_ASSIGN(const std::vector<std::byte> coded, EncodeTensor(tensor, coding));
    bytes.push_back(static_cast<double>(coded.size()));
  }
  std::vector<std::string> edges;
  for (const size_t i : WorthwhileCuts(std::span(bytes).first(cuts.size()), bytes.back(), most)) edges.push_back(cuts[i]);
  return edges;
}

Result<CutCost> CostOf(SplitNet& net, std::span<const Image> pictures, const SplitPlan& plan, int runs) {
  TW_RETURN_IF_ERROR(net.Look(pictures[0], plan));  // opens both parts
  std::vector<double> device, worker, overhead, sent, received;
  const int rounds = std::max<int>(runs, static_cast<int>(pictures.size()));
  for (int run = 0; run < rounds; ++run) {
    TW_ASSIGN(const SplitAnswer answer, net.Look(pictures[static_cast<size_t>(run) % pictures.size()], plan));
    device.push_back(answer.device.ms());
    worker.push_back(answer.worker.ms());
    overhead.push_back((answer.whole - answer.device - answer.worker).ms());
    sent.push_back(static_cast<double>(answer.sent_bytes));
    received.push_back(static_cast<double>(answer.received_bytes));
  }
  return CutCost{.cut = plan.cut,
                 .device_ms = Median(device),
                 .worker_ms = Median(worker),
                 .sent_bytes = Mean(sent),
                 .received_bytes = Mean(received),
                 .overhead_ms = std::max(0.0, Median(overhead))};
}

Result<CutProfile> ProfileUnloaded(SplitNet& net, std::span<const Image> pictures, Coding coding, const ProfileOptions& options) {
  std::vector<std::string> edges = options.edges;
  if (edges.empty()) {
    TW_ASSIGN(edges, EdgesOf(net, pictures[0], coding, options.most_edges));
  }
  CutProfile profile{.coding = coding};
  std::vector<std::string> cuts{std::string(kCutNone), std::string(kCutAtInput)};
  cuts.insert(cuts.end(), edges.begin(), edges.end());
  for (const std::string& cut : cuts) {
    TW_ASSIGN(CutCost cost, CostOf(net, pictures, {.cut = cut, .coding = coding}, options.runs));
    profile.costs.push_back(std::move(cost));
  }
  TW_ASSIGN(const Duration there, net.worker().Measure(std::string(kCutAtInput), static_cast<uint32_t>(options.runs)));
  profile.whole_on_worker_ms = there.ms();
  profile.whole_on_device_ms = profile.costs[0].device_ms;
  return profile;
}

Result<double> RoundTrip_ms(SplitNet& net) {
  std::vector<double> times;
  for (int i = 0; i < kSmallEchoes; ++i) {
    TW_ASSIGN(const Duration took, net.worker().Echo(0, 0));
    times.push_back(took.ms());
  }
  return *std::min_element(times.begin(), times.end());
}

}  // namespace

Result<CutProfile> ProfileCuts(SplitNet& net, std::span<const Image> pictures, Coding coding, const ProfileOptions& options) {
  const SplitConditions before = net.conditions();
  TW_RETURN_IF_ERROR(net.SetConditions({}));
  Result<CutProfile> profile = ProfileUnloaded(net, pictures, coding, options);
  TW_RETURN_IF_ERROR(net.SetConditions(before));
  return profile;
}

Result<PathState> ProbePath(SplitNet& net, const CutProfile& profile, const Image& picture) {
  PathState state;
  TW_ASSIGN(state.round_trip_ms, RoundTrip_ms(net));
  for (size_t bytes = kFirstProbe; bytes <= kLastProbe; bytes *= 4) {
    TW_ASSIGN(const Duration took, net.worker().Echo(bytes, 0));
    const double more_ms = took.ms() - state.round_trip_ms;
    if (more_ms < kTellingTime_ms && bytes * 4 <= kLastProbe) continue;
    state.bytes_per_s = more_ms > 0 ? 1e3 * static_cast<double>(bytes) / more_ms : 0;
    break;
  }
  if (state.bytes_per_s > kUnlimited) state.bytes_per_s = 0;
  // What the exchange itself takes is in the costs already.
  double overhead = 0;
  for (const CutCost& cost : profile.costs) {
    if (cost.sent_bytes > 0) overhead = overhead == 0 ? cost.overhead_ms : std::min(overhead, cost.overhead_ms);
  }
  state.round_trip_ms = std::max(0.0, state.round_trip_ms - overhead);
  TW_ASSIGN(const Duration there, net.worker().Measure(std::string(kCutAtInput), kLoadRuns));
  state.worker_load = std::max(1.0, there.ms() / profile.whole_on_worker_ms);
  std::vector<double> here;
  for (int run = 0; run < kLoadRuns; ++run) {
    TW_ASSIGN(const SplitAnswer answer, net.Look(picture, {.cut = std::string(kCutNone)}));
    here.push_back(answer.device.ms());
  }
  state.device_load = std::max(1.0, Median(here) / profile.whole_on_device_ms);
  return state;
}

Image TestPicture(int64_t side) {
  Image image = Image::Make(side, side);
  Random random(1);
  for (int64_t y = 0; y < side; ++y) {
    for (int64_t x = 0; x < side; ++x) {
      const double u = static_cast<double>(x) / static_cast<double>(side), v = static_cast<double>(y) / static_cast<double>(side);
      const bool inside = std::hypot(u - 0.55, v - 0.45) < 0.3;
      const double grey = 60 + 100 * u + (inside ? 70 * std::sin(40 * v) : 0) + 12 * random.Normal();
      const double tints[] = {1, 0.9 - 0.3 * v, inside ? 0.6 : 1.1};
      for (int c = 0; c < 3; ++c) image.At(y, x)[c] = static_cast<uint8_t>(std::clamp(grey * tints[c], 0.0, 255.0));
    }
  }
  return image;
}

}  // namespace tradewind
