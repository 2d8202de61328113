// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Several sequences in one pass: each gets the bits that it gets alone, whatever else runs beside it. Tests forward.cc.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

#include "kernels/isa.h"
#include "llm/forward.h"
#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

// A hash of the logits of each of a sequence's tokens.
using Seen = std::vector<uint64_t>;

uint64_t HashOf(const float* logits, int64_t count) {
  uint64_t hash = 14695981039346656037u;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits = 0;
    std::memcpy(&bits, logits + i, 4);
    hash = (hash ^ bits) * 1099511628211u;
  }
  return hash;
}

struct Sequences {
  std::vector<std::vector<int32_t>> ids;
  std::vector<std::vector<AdapterUse>> adapters;  // none, or of each
};

// Sequences that start at different places of a text and end after different lengths; the last two are the longest.
Sequences Cut(const std::vector<int32_t>& ids, size_t count, size_t longest) {
  Sequences out;
  for (size_t s = 0; s < count; ++s) {
    std::vector<int32_t> one;
    const size_t length = s + 2 < count ? 1 + 7 * s % std::min<size_t>(longest, 48) : longest - 33 * (count - 1 - s);
    for (size_t i = 0; i < length; ++i) one.push_back(ids[(s * 37 + i) % ids.size()]);
    out.ids.push_back(std::move(one));
  }
  return out;
}

// Runs the sequences [first, first + count) together, each call taking of each sequence left from 1 token to `most` of them, in turn.
std::vector<Seen> RunTogether(const LanguageModelInstance& instance, const Sequences& all, size_t first, size_t count, int64_t most,
                              int threads) {
  const ModelSpec& spec = instance.model().spec();
  ThreadPool pool(threads);
  ForwardPass pass(instance.model(), instance.kernels(), 512);
  std::vector<KvCache> caches;
  for (size_t i = 0; i < count; ++i) {
    caches.emplace_back(spec, KvType::kF16, KvType::kBF16, 1024);
    EXPECT_TRUE(caches.back().Reserve(static_cast<int64_t>(all.ids[first + i].size())));
  }
  std::vector<Seen> seen(count);
  std::vector<size_t> done(count);
  for (int64_t turn = 0;; ++turn) {
    std::vector<SequencePart> parts;
    std::vector<size_t> which;
    for (size_t i = 0; i < count; ++i) {
      const std::span<const int32_t> ids = all.ids[first + i];
      const auto wanted = static_cast<size_t>(1 + (turn + static_cast<int64_t>(i)) % most);
      const size_t tokens = std::min(wanted, ids.size() - done[i]);
      if (tokens == 0) continue;
      SequencePart part = {.tokens = ids.subspan(done[i], tokens), .start = static_cast<int64_t>(done[i]), .cache = &caches[i]};
      if (!all.adapters.empty()) part.adapters = all.adapters[first + i];
      parts.push_back(part);
      which.push_back(i);
      done[i] += tokens;
    }
    if (parts.empty()) return seen;
    pass.Run(parts, pool, [&](size_t part, int64_t token, const float* logits) {
      Seen& to = seen[which[part]];
      EXPECT_EQ(static_cast<int64_t>(to.size()), parts[part].start + token) << "each token once, in order";
      to.push_back(HashOf(logits, spec.vocab));
    });
  }
}

std::vector<Seen> Alone(const LanguageModelInstance& instance, const Sequences& all) {
  std::vector<Seen> seen;
  for (size_t s = 0; s < all.ids.size(); ++s) seen.push_back(RunTogether(instance, all, s, 1, 300, 1).at(0));
  return seen;
}

std::string FirstDifference(const std::vector<Seen>& a, const std::vector<Seen>& b) {
  if (a.size() != b.size()) return "numbers of sequences";
  for (size_t s = 0; s < a.size(); ++s) {
    if (a[s].size() != b[s].size()) return "length of sequence " + std::to_string(s);
    for (size_t t = 0; t < a[s].size(); ++t) {
      if (a[s][t] != b[s][t]) return "sequence " + std::to_string(s) + ", token " + std::to_string(t);
    }
  }
  return "";
}

void ExpectBatchesToChangeNothing(const std::string& path, const std::vector<int32_t>& ids, size_t longest) {
  const char* forced = std::getenv("TRADEWIND_ISA");
  const std::string before = forced != nullptr ? forced : "";
  std::vector<Seen> expected;
  std::vector<Isa> isas(AvailableIsas().rbegin(), AvailableIsas().rend());  // the fastest makes what is expected
  for (const Isa isa : isas) {
    SCOPED_TRACE(IsaName(isa));
    setenv("TRADEWIND_ISA", std::string(IsaName(isa)).c_str(), 1);
    const auto instance = OpenModel(path);
    ASSERT_NE(instance, nullptr);
    const Sequences all = Cut(ids, 32, longest);
    if (expected.empty()) expected = Alone(*instance, all);
    for (const size_t count : {size_t{1}, size_t{2}, size_t{8}, size_t{32}}) {
      for (const int threads : {1, 2}) {
        if (isa == Isa::kGeneric && (count != 8 || threads != 2)) continue;  // the reference takes its time
        const std::vector<Seen> together = RunTogether(*instance, all, all.ids.size() - count, count, count == 32 ? 1 : 9, threads);
        const std::vector<Seen> alone(expected.end() - static_cast<std::ptrdiff_t>(count), expected.end());
        EXPECT_EQ(FirstDifference(together, alone), "") << count << " sequences, " << threads << " threads";
      }
    }
  }
  before.empty() ? unsetenv("TRADEWIND_ISA") : setenv("TRADEWIND_ISA", before.c_str(), 1);
}

class Batch : public testing::TestWithParam<const char*> {};

TEST_P(Batch, ChangesNoBitOfASequence) {
  const std::string base = SourcePath("tests/llm/golden/tiny-" + std::string(GetParam()));
  ExpectBatchesToChangeNothing(base + ".gguf", ReadGolden(base + ".bin").at(0).ids, 290);
}

TEST(BatchDeathTest, MoreTokensThanAPassIsMadeForAreNoAccident) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto instance = OpenModel(SourcePath("tests/llm/golden/tiny-qwen3.gguf"));
  ASSERT_NE(instance, nullptr);
  const std::vector<int32_t> ids = {1, 2, 3};
  KvCache cache(instance->model().spec(), KvType::kF16, KvType::kF16, 512);
  ASSERT_TRUE(cache.Reserve(3));
  EXPECT_DEATH(
      {
        ThreadPool pool(1);
        ForwardPass(instance->model(), instance->kernels(), 2)
            .Run({.tokens = ids, .cache = &cache}, pool, [](size_t, int64_t, const float*) {});
      },
      "a pass of 3 tokens, made for 2");
}

INSTANTIATE_TEST_SUITE_P(Architectures, Batch, testing::Values("qwen3", "granitemoe", "olmoe", "lfm2"),
                         [](const auto& param) { return std::string(param.param); });

TEST(BatchOfARealModel, ChangesNoBitOfASequence) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const auto instance = OpenModel(path);
  ASSERT_NE(instance, nullptr);
  const std::vector<int32_t> ids = ReadGolden(SourcePath("tests/llm/golden/smollm2-135m.bin"))[1].ids;
  const Sequences all = Cut(ids, 8, 40);
  EXPECT_EQ(FirstDifference(RunTogether(*instance, all, 0, 8, 3, 2), Alone(*instance, all)), "");
}

}  // namespace
}  // namespace tradewind
