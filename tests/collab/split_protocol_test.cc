// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the two sides say comes as it was meant, and lies are refused (and class_scores.cc).
#include "collab/split_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "vision/scorers/classification.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::span<const std::byte> Raw(std::string_view text) {
  return std::as_bytes(std::span(text));
}
std::string TextOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(SplitProtocol, ComesAsItWasMeant) {
  const auto open = Write(OpenRequest{
      .backend = "native", .threads = 3, .picture = {.blue_first = true, .mean = {1, 2, 3}, .deviation = {4, 5, 6}}, .onnx = Raw("onnx")});
  const auto opened = ParseOpen(open, "X");
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_EQ(opened->threads, 3);
  EXPECT_TRUE(opened->picture.blue_first);
  EXPECT_EQ(opened->picture.mean[2], 3);
  EXPECT_EQ(opened->picture.deviation[1], 5);
  EXPECT_EQ(TextOf(opened->onnx), "onnx");

  const auto bytes = Write(ConditionsRequest{.link = {.bandwidth_bytes_per_s = 1e6, .delay_ms = 5, .loss = 0.1}, .seed = 9, .load = 2});
  const auto conditions = ParseConditions(bytes, "X");
  ASSERT_TRUE(conditions) << conditions.error().ToString();
  EXPECT_EQ(conditions->link.delay_ms, 5);
  EXPECT_EQ(conditions->link.loss, 0.1);
  EXPECT_EQ(conditions->seed, 9u);
  EXPECT_EQ(conditions->load, 2);

  const auto run_bytes = Write(RunRequest{.cut = "Relu_3", .best = 4, .coded = Raw("coded")});
  const auto run = ParseRun(run_bytes, "X");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->cut, "Relu_3");
  EXPECT_EQ(run->best, 4u);
  EXPECT_EQ(TextOf(run->coded), "coded");
  const auto measure_bytes = Write(MeasureRequest{.cut = "a", .runs = 7});
  EXPECT_EQ(ParseMeasure(measure_bytes, "X")->runs, 7u);
  const auto echo_bytes = Write(EchoRequest{.reply_bytes = 5, .bytes = Raw("abc")});
  EXPECT_EQ(ParseEcho(echo_bytes, "X")->reply_bytes, 5u);
  EXPECT_EQ(ParseEcho(echo_bytes, "X")->bytes.size(), 3u);

  const auto ran_bytes = Write(RanReply{.busy = {1234}, .scores = {.best = {{3, 0.5f}, {1, 0.25f}}, .log_sum = 2}, .outputs = Raw("xy")});
  const auto ran = ParseRan(ran_bytes, "X");
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->busy.ns, 1234);
  EXPECT_EQ(ran->scores.best[1].number, 1u);
  EXPECT_EQ(ran->scores.log_sum, 2);
  EXPECT_EQ(TextOf(ran->outputs), "xy");

  const Status failed = ParseFailed(Write(Status(StatusCode::kNotFound, "no such cut")), "the worker");
  EXPECT_EQ(failed.code(), StatusCode::kNotFound);
  EXPECT_THAT(failed.message(), AllOf(HasSubstr("the worker"), HasSubstr("no such cut")));
}

TEST(SplitProtocol, LiesAreRefused) {
  const auto says = [](const auto& result, const std::string& what) {
    ASSERT_FALSE(result) << what;
    EXPECT_THAT(result.error().ToString(), HasSubstr(what));
  };
  says(ParseOpen(Write(OpenRequest{.protocol = 99}), "X"), "same version of tradewind");
  says(ParseOpen(Write(OpenRequest{.threads = 0}), "X"), "0 threads");
  says(ParseOpen(Write(OpenRequest{.picture = {.deviation = {1, 0, 1}}}), "X"), "deviation of 0");
  says(ParseOpen(Write(OpenRequest{.picture = {.mean = {NAN, 0, 1}}}), "X"), "not finite");
  says(ParseConditions(Write(ConditionsRequest{.load = 0.5}), "X"), "load");
  says(ParseConditions(Write(ConditionsRequest{.load = NAN}), "X"), "load");
  says(ParseConditions(Write(ConditionsRequest{.link = {.loss = 0.99}}), "X"), "loss");
  says(ParseRun(Write(RunRequest{.best = 100'000}), "X"), "100000 classes");
  says(ParseRun(Write(RunRequest{.cut = std::string(5000, 'x')}), "X"), "at most 4096");
  says(ParseMeasure(Write(MeasureRequest{.runs = 0}), "X"), "0 runs");
  says(ParseEcho(Write(EchoRequest{.reply_bytes = 1u << 31}), "X"), "bytes back");
  says(ParseRan(Write(RanReply{.busy = {-1}}), "X"), "below 0");
  auto trailing = Write(MeasureRequest{.cut = "a"});
  trailing.push_back({});
  says(ParseMeasure(trailing, "X"), "1 bytes too many");
  EXPECT_EQ(ParseFailed({}, "X").code(), StatusCode::kInvalidInput);
  const auto whole = Write(RanReply{.scores = {.best = {{3, 0.5f}}}});
  for (size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(ParseRan(std::span(whole).first(n), "X")) << n;
}

TEST(ClassScores, AreWhatTheTaskReads) {
  Tensor logits = Tensor::Of<float>({1, 50});
  Random random(2);
  for (float& x : logits.Values<float>()) x = static_cast<float>(3 * random.Normal());
  const std::vector<float> softmax = SoftmaxOf(logits.Values<float>());
  ModelCard card;
  card.first_label = -1;
  const VisionResult result = ResultOf(ScoresOf(logits, 5), card);
  const std::vector<int64_t> best = BestClasses(softmax, 5);
  ASSERT_EQ(result.labels.size(), 5u);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(result.labels[i].label, best[i] - 1);
    EXPECT_NEAR(result.labels[i].score, softmax[static_cast<size_t>(best[i])], 1e-5);
  }
  EXPECT_NEAR(ConfidenceOf(ScoresOf(logits, 1), false), softmax[static_cast<size_t>(best[0])], 1e-5);
  card.probabilities = true;
  EXPECT_EQ(ResultOf(ScoresOf(logits, 1), card).labels[0].score, logits.Values<float>()[static_cast<size_t>(best[0])]);
  EXPECT_EQ(ScoresOf(logits, 100).best.size(), 50u);
}

}  // namespace
}  // namespace tradewind
