// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Of admission.cc and forecast.cc: on a machine whose times are sums, with what comes out worked out by hand.
#include "sched/admission.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

constexpr TimePoint AdmitAt(double s) {
  return TimePoint{} + Duration::Seconds(s);
}

// A token read takes 1 ms, and nothing else takes time: times are sums.
class AdmissionTest : public testing::Test {
 protected:
  AdmissionOptions options_;
  SchedulerOptions scheduler_{.pages = 1000, .running = 64, .step_tokens = 100, .prefill_tokens_while_decoding = 100};
  StepCost cost_{{.prefill_token_ms = 1}};
  SchedulerLoad load_;
  TimePoint now_ = AdmitAt(100);
  std::optional<Admission> admission_;

  AdmissionAnswer Ask(const std::string& tenant, int64_t tokens, std::optional<double> ttft_s = {}, int priority = 0) {
    if (!admission_) admission_.emplace(options_, scheduler_);
    AdmissionRequest request{.tokens = tokens, .max_output = 10, .tenant = tenant, .priority = priority};
    if (ttft_s) request.first_token = now_ + Duration::Seconds(*ttft_s);
    return admission_->Ask(request, load_, cost_, now_);
  }
};

TEST_F(AdmissionTest, LimitsOfTheQueue) {
  options_.queued = 3;
  options_.queued_tokens = 1000;
  const uint64_t first = Ask("a", 400).ticket;
  EXPECT_FALSE(Ask("b", 400).refused);
  AdmissionAnswer answer = Ask("c", 300);
  EXPECT_EQ(answer.refused, AdmissionRefusal::kQueueFull) << "of tokens";
  EXPECT_NEAR(answer.retry_after.seconds(), 0.1, 1e-6) << "the hundred that are too many, a millisecond each";
  EXPECT_TRUE(answer.ever);
  EXPECT_FALSE(Ask("c", 1001).ever);
  EXPECT_FALSE(Ask("c", 200).refused);
  EXPECT_EQ(Ask("d", 1).refused, AdmissionRefusal::kQueueFull) << "of requests";
  admission_->Began(first, now_);
  EXPECT_EQ(admission_->queued(), 2);
  EXPECT_EQ(admission_->queued_tokens(), 600);
  EXPECT_FALSE(Ask("d", 1).refused);
}

TEST_F(AdmissionTest, LimitsOfATenantAreItsOwn) {
  options_.tenant_queued = 2;
  options_.tenant_queued_tokens = 1000;
  Ask("a", 400);
  EXPECT_EQ(Ask("a", 700).refused, AdmissionRefusal::kTenantLimit);
  Ask("a", 1);
  EXPECT_EQ(Ask("a", 1).refused, AdmissionRefusal::kTenantLimit);
  EXPECT_FALSE(Ask("b", 700).refused);
}

TEST_F(AdmissionTest, RatesOfATenant) {
  options_.tenant_requests_a_minute = 60;
  options_.tenant_tokens_a_minute = 6000;
  const uint64_t ticket = Ask("a", 5990).ticket;
  AdmissionAnswer answer = Ask("a", 90);
  EXPECT_EQ(answer.refused, AdmissionRefusal::kTenantLimit);
  EXPECT_NEAR(answer.retry_after.seconds(), 1, 1e-6) << "100 tokens, output included, at 100 a second";
  EXPECT_FALSE(Ask("a", 6000).ever);
  now_ = now_ + answer.retry_after;
  EXPECT_FALSE(Ask("a", 90).refused) << "as it was told";
  admission_->Ended(ticket, 4, true, now_);
  EXPECT_NEAR(Ask("a", 90).retry_after.seconds(), 0.94, 1e-6) << "the six that it did not draw are given back";
}

TEST_F(AdmissionTest, TheFirstTokenByWhatIsAhead) {
  EXPECT_NEAR(Ask("a", 500, 0.5).first_token.seconds(), 0.5, 1e-6);
  AdmissionAnswer answer = Ask("a", 500, 0.9);
  EXPECT_EQ(answer.refused, AdmissionRefusal::kCannotMeetTtft);
  EXPECT_NEAR(answer.retry_after.seconds(), 0.1 * 1.25, 1e-6) << "and a quarter, for caution";
  EXPECT_TRUE(answer.ever);
  EXPECT_FALSE(Ask("a", 500, 1.1).refused);
  EXPECT_FALSE(Ask("a", 500, 0.4).ever) << "not even alone";
  EXPECT_FALSE(Ask("a", 500).refused) << "who wants no time gets in";
}

TEST_F(AdmissionTest, LesserPrioritiesAreNotAhead) {
  Ask("a", 5000, {}, 0);
  EXPECT_NEAR(Ask("a", 100, {}, 1).first_token.seconds(), 0.1, 1e-6);
  EXPECT_NEAR(Ask("a", 100, {}, 0).first_token.seconds(), 5.2, 1e-6);
}

// As much as its own, and one request more: these are not cut.
TEST_F(AdmissionTest, OfOtherTenantsNoMoreIsAheadThanOfOnesOwn) {
  for (int i = 0; i < 50; ++i) Ask("a", 100);
  Ask("c", 50);
  EXPECT_NEAR(Ask("b", 20).first_token.seconds(), 0.02 + (0.02 + 0.1) + 0.05, 1e-6);
}

TEST_F(AdmissionTest, WhatIsReadAlreadyIsNotAhead) {
  Ask("a", 1000);
  load_.running = 1;
  load_.running_unread = 300;
  load_.running_read = 700;
  // Half of the pass that runs is ahead as well.
  EXPECT_NEAR(Ask("a", 100).first_token.seconds(), 0.3 + 0.1 + 0.05, 1e-6);
}

TEST_F(AdmissionTest, TheLastTokenByTheDeadline) {
  cost_ = StepCost({.prefill_token_ms = 1, .decode_ms = 10});
  admission_.emplace(options_, scheduler_);
  AdmissionRequest request{.tokens = 100, .max_output = 11, .tenant = "a", .deadline = now_ + Duration::Seconds(0.15)};
  const AdmissionAnswer answer = admission_->Ask(request, load_, cost_, now_);
  EXPECT_EQ(answer.refused, AdmissionRefusal::kCannotMeetDeadline);
  EXPECT_NEAR(answer.last_token.seconds(), 0.1 + 10 * 0.01, 1e-6);
  request.deadline = now_ + Duration::Seconds(0.25);
  EXPECT_FALSE(admission_->Ask(request, load_, cost_, now_).refused);
}

// All places are taken by answers of ten passes: one ends every fifth of that.
TEST_F(AdmissionTest, APlaceComesFreeWhenAnAnswerEnds) {
  scheduler_.running = 5;
  const StepCost cost({.pass_ms = 10});
  const SchedulerLoad load{.running = 5, .decoding = 5, .positions = 50};
  const Forecast forecast = PredictTimes({.ahead_sequences = 2, .tokens = 10, .output = 10, .usual_output = 10}, scheduler_, load, cost);
  EXPECT_NEAR(forecast.first_token.ms(), 5 + 3 * 10 * 10 / 5.0 + 10, 1e-6);
  EXPECT_NEAR(forecast.per_start.ms(), 20, 1e-6);
}

TEST_F(AdmissionTest, TheMarginFollowsTheErrors) {
  for (int i = 0; i < 100; ++i) {
    const AdmissionAnswer answer = Ask("a", 100, 1000);
    admission_->Began(answer.ticket, now_ + Duration::Seconds(2 * answer.first_token.seconds()));
  }
  EXPECT_NEAR(admission_->first_token_margin(now_), 2, 1e-6);
  EXPECT_EQ(Ask("a", 100, 0.15).refused, AdmissionRefusal::kCannotMeetTtft) << "a tenth of a second is foreseen, and comes to be two";
  EXPECT_FALSE(Ask("a", 100, 0.21).refused);
  now_ = now_ + Duration::Seconds(61);
  EXPECT_EQ(admission_->first_token_margin(now_), 1) << "long ago";
}

// Nobody has got a token, so that nothing was seen: those who wait too long say it as well.
TEST_F(AdmissionTest, WhoWaitsTooLongCountsAlready) {
  for (int i = 0; i < 10; ++i) Ask("a", 1, 1000);
  now_ = now_ + Duration::Seconds(1);
  EXPECT_EQ(admission_->first_token_margin(now_), ErrorMargin::kMost);
}

TEST_F(AdmissionTest, NothingIsForeseenWhileNothingIsKnown) {
  cost_ = StepCost();
  EXPECT_FALSE(Ask("a", 500, 0.0001).refused);
}

TEST_F(AdmissionTest, WhileItDrainsNobodyGetsIn) {
  Ask("a", 1);
  admission_->Drain();
  const AdmissionAnswer answer = Ask("a", 1);
  EXPECT_EQ(answer.refused, AdmissionRefusal::kDraining);
  EXPECT_EQ(answer.retry_after, options_.drain_retry);
}

TEST_F(AdmissionTest, LearnsHowManyBytesATokenHas) {
  admission_.emplace(options_, scheduler_);
  for (int i = 0; i < 300; ++i) {
    const AdmissionAnswer answer = admission_->Ask({.bytes = 5000, .tenant = "a"}, load_, cost_, now_);
    admission_->Tokenised(answer.ticket, 1000);
    EXPECT_EQ(admission_->queued_tokens(), 1000);
    admission_->Ended(answer.ticket, 0, false, now_);
  }
  const AdmissionAnswer answer = admission_->Ask({.bytes = 5000, .tenant = "a"}, load_, cost_, now_);
  EXPECT_NEAR(answer.first_token.seconds(), 1, 0.01);
  EXPECT_EQ(admission_->queued(), 1);
}

TEST_F(AdmissionTest, RemembersABoundedNumberOfTenants) {
  options_.tenants = 10;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Ask(std::to_string(i), 1).refused);
  EXPECT_EQ(Ask("one more", 1).refused, AdmissionRefusal::kTenantLimit);
  EXPECT_FALSE(Ask("3", 1).refused);
  for (uint64_t ticket = 1; ticket <= 20; ++ticket) admission_->Ended(ticket, 10, true, now_);
  now_ = now_ + Duration::Seconds(61);
  EXPECT_FALSE(Ask("one more", 1).refused) << "the others have nothing left to be remembered for";
}

}  // namespace
}  // namespace tradewind
