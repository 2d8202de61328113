// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/token_windows.h"

#include <gmock/gmock.h>

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int32_t kBos = -1;

// A letter is a token.
class Letters final : public Instance {
 public:
  explicit Letters(bool bos) : bos_(bos) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return {}; }
  uint64_t memory_bytes() const override { return 0; }
  Result<std::vector<int32_t>> Tokenize(const Prompt& prompt) const override {
    std::vector<int32_t> ids(prompt.raw->begin(), prompt.raw->end());
    if (ids.size() > 9) return Fail(StatusCode::kInvalidInput, "too long");
    if (bos_) ids.insert(ids.begin(), kBos);
    return ids;
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions&) override { return Fail(StatusCode::kUnsupported, "no sessions"); }

 private:
  bool bos_;
  Setting setting_;
};

TEST(TokenWindows, CutTheTextAndLeaveTheRest) {
  EXPECT_THAT(*TokenWindows(Letters(false), "abcdefgh", 3), ElementsAre(ElementsAre('a', 'b', 'c'), ElementsAre('d', 'e', 'f')));
  EXPECT_THAT(*TokenWindows(Letters(false), "abc", 3), ElementsAre(ElementsAre('a', 'b', 'c')));
  EXPECT_THAT(*TokenWindows(Letters(false), "ab", 3), IsEmpty());
  EXPECT_THAT(*TokenWindows(Letters(false), "", 3), IsEmpty());
}

// The stream begins with the BOS; each later window's takes the place of a token.
TEST(TokenWindows, EachBeginsAsATextDoes) {
  EXPECT_THAT(*TokenWindows(Letters(true), "abcdefg", 3), ElementsAre(ElementsAre(kBos, 'a', 'b'), ElementsAre(kBos, 'd', 'e')));
}

TEST(TokenWindows, AnErrorOfTheTokenizerIsPassedOn) {
  EXPECT_FALSE(TokenWindows(Letters(false), "abcdefghijk", 3));
}

}  // namespace
}  // namespace tradewind
