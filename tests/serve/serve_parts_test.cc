// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The server's small parts: api_keys.cc, work_threads.cc, serve_metrics.cc, relevance.cc, by closed forms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <future>

#include "base/file.h"
#include "serve/api_keys.h"
#include "serve/relevance.h"
#include "serve/serve_metrics.h"
#include "serve/work_threads.h"
#include "temp_folder.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(ApiKeys, AKeyStandsForATenant) {
  const TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() + "/keys", "# ours\nalice=key-of-alice\n\n  plain-key-4  \n"));
  const ApiKeys keys = *ApiKeys::Load({"from-the-shell"}, folder.path() + "/keys");
  EXPECT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys.TenantOf("Bearer key-of-alice"), "alice");
  EXPECT_EQ(keys.TenantOf("bearer key-of-alice"), "alice");
  EXPECT_EQ(keys.TenantOf("key-of-alice"), "alice") << "as x-api-key has it";
  EXPECT_EQ(keys.TenantOf("Bearer plain-key-4"), "line-4");
  EXPECT_EQ(keys.TenantOf("Bearer from-the-shell"), "key-1");
  for (const char* wrong : {"Bearer key-of-alicf", "Bearer ", "", "Basic key-of-alice", "Bearer key-of-alice2"}) {
    EXPECT_EQ(keys.TenantOf(wrong), std::nullopt) << wrong;
  }
  EXPECT_FALSE(ApiKeys().needed());
}

TEST(ApiKeys, BadKeysAreNamed) {
  const TempFolder folder;
  const auto load = [&](const std::string& text) {
    EXPECT_TRUE(WriteFileAtomically(folder.path() + "/keys", text));
    const auto keys = ApiKeys::Load({}, folder.path() + "/keys");
    return keys ? std::string("taken") : keys.error().ToString();
  };
  EXPECT_THAT(load("good-key-1\nshort\n"), HasSubstr("line 2"));
  EXPECT_THAT(load("good-key-1\ngood-key-1\n"), HasSubstr("given before"));
  EXPECT_THAT(load("a=good-key-1\na=good-key-2\n"), HasSubstr("the name a"));
  EXPECT_THAT(load("# nothing\n"), HasSubstr("no keys"));
  EXPECT_THAT(load(std::string(600, 'k')), HasSubstr("600"));
  EXPECT_EQ(ApiKeys::Load({}, folder.path() + "/none").error().code(), StatusCode::kNotFound);
}

TEST(WorkThreads, TakeNoMoreThanTheyMayAndDoWhatTheyTook) {
  std::promise<void> open;
  const std::shared_future<void> gate = open.get_future().share();
  std::promise<void> started;
  std::atomic<int> done{0};
  {
    WorkThreads work(1, 2);
    ASSERT_TRUE(work.Post([&] {
      started.set_value();
      gate.wait();
      ++done;
    }));
    started.get_future().wait();
    EXPECT_TRUE(work.Post([&] { ++done; }));
    EXPECT_TRUE(work.Post([&] { ++done; }));
    EXPECT_FALSE(work.Post([&] { done += 100; })) << "two wait already";
    EXPECT_EQ(work.queued(), 2u);
    open.set_value();
  }
  EXPECT_EQ(done, 3);
}

TEST(ServeMetrics, SumsAndBucketsAreWhatWasCounted) {
  ServeMetrics metrics;
  for (const double ms : {3.0, 30.0, 300.0}) {
    metrics.Count({.model = "m",
                   .finish = "stop",
                   .prompt_tokens = 10,
                   .held_tokens = 4,
                   .output_tokens = 2,
                   .queued = Duration::Millis(1),
                   .prefill = Duration::Millis(ms),
                   .decode = Duration::Millis(1),
                   .whole = Duration::Millis(ms + 2),
                   .outside = Duration::Millis(1),
                   .ttft = Duration::Millis(ms),
                   .tpot = {}});
  }
  metrics.CountRefused(503, "queue_full");
  const ServedGauges gauges[] = {
      {.model = "m", .running = 2, .waiting = 1, .kv_usage = 0.25, .kv_kept = 0.5, .preemptions = 3, .passes = 9}};
  const std::string text = metrics.Text(gauges, {}, false);
  EXPECT_THAT(text, HasSubstr("tradewind:prompt_tokens_total{model_name=\"m\"} 30\n"));
  EXPECT_THAT(text, HasSubstr("tradewind:prefix_cache_hits_total{model_name=\"m\"} 12\n"));
  EXPECT_THAT(text, HasSubstr("tradewind:time_to_first_token_seconds_bucket{model_name=\"m\",le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tradewind:time_to_first_token_seconds_bucket{model_name=\"m\",le=\"0.04\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("tradewind:time_to_first_token_seconds_bucket{model_name=\"m\",le=\"+Inf\"} 3\n"));
  EXPECT_EQ(text.find("tradewind:time_per_output_token_seconds_count"), std::string::npos) << "none was given";
  EXPECT_THAT(text, HasSubstr("tradewind:request_refused_total{reason=\"queue_full\",status=\"503\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE tradewind:num_preemptions_total counter\n"));
  EXPECT_THAT(text, HasSubstr("tradewind:num_preemptions_total{model_name=\"m\"} 3\n"));
  EXPECT_THAT(metrics.Text(gauges, {}, true), HasSubstr("vllm:num_requests_running{model_name=\"m\"} 2\n"));
}

TEST(Relevance, OddsSumTheSpellings) {
  EXPECT_NEAR(YesLogOdds({{" yes", std::log(0.3)}, {"Yes", std::log(0.3)}, {"no", std::log(0.2)}}), std::log(0.6 / 0.2), 1e-9);
  EXPECT_NEAR(YesLogOdds({{"no", std::log(0.5)}, {"maybe", std::log(0.1)}}), std::log(0.1 / 0.5), 1e-9)
      << "yes is at most the least of them";
  EXPECT_NEAR(YesLogOdds({{"a", std::log(0.5)}, {"b", std::log(0.1)}}), 0, 1e-9);
}

}  // namespace
}  // namespace tradewind
