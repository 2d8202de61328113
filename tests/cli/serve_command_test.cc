// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The server as a user starts and stops it; `plan`; and the limits that doctor lists (cli/limits_list.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "cli/limits_list.h"
#include "cli/program.h"
#include "net/http_limits.h"
#include "net/http_test_client.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class ServeCommandTest : public CommandsTest {
 protected:
  ~ServeCommandTest() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  void Start(const std::string& more = {}) {
    child_ = fork();
    if (child_ == 0) {
      const std::string line =
          "exec '" + std::string(TRADEWIND_BINARY) + "' serve stories='" + model_ + "' --port 0 " + more + " 2>'" + Path("serve.log") + "'";
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    EXPECT_TRUE(Eventually([&] { return Contents(Path("serve.log")).find("serving on ") != std::string::npos; }))
        << Contents(Path("serve.log"));
    const std::string log = Contents(Path("serve.log"));
    port_ = static_cast<uint16_t>(std::atoi(log.c_str() + log.find("127.0.0.1:") + 10));
  }
  // The exit code after the signal.
  int End(int signal) {
    kill(child_, signal);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  HttpTestAnswer Ask(const std::string& body) const {
    HttpTestClient client(port_);
    client.Send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.ReadAnswer();
  }
  pid_t child_ = 0;
  uint16_t port_ = 0;
};

TEST_F(ServeCommandTest, AnswersUntilItIsToldToStop) {
  Start();
  const HttpTestAnswer answer = Ask(R"({"model":"stories","prompt":"Once upon","max_tokens":4})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(End(SIGTERM), 0);
}

TEST_F(ServeCommandTest, SigtermLetsTheAnswerEnd) {
  Start();
  HttpTestAnswer answer;
  std::thread client([&] { answer = Ask(R"({"prompt":"Once upon a time","max_tokens":400,"n":8,"temperature":0,"ignore_eos":true})"); });
  HttpTestClient watcher(port_);
  const auto running = [&] {
    watcher.Send("GET /slots HTTP/1.1\r\nHost: x\r\n\r\n");
    return watcher.ReadAnswer().body.find("\"running\":0") == std::string::npos;
  };
  EXPECT_TRUE(Eventually(running));
  EXPECT_EQ(End(SIGTERM), 0);
  client.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("\"completion_tokens\":3200"));
}

TEST_F(ServeCommandTest, WhatCannotServeIsTold) {
  EXPECT_EQ(Run({"serve", "no-such-model"}).code, 2);
  EXPECT_THAT(Run({"serve", model_, "--port", "99999"}).err, HasSubstr("--port"));
  EXPECT_THAT(Run({"serve", model_, "--api-key", "short"}).err, HasSubstr("--api-key"));
  EXPECT_THAT(Run({"serve", model_, "--port", "0", "--kv-memory", "1KiB"}).err, HasSubstr("--kv-memory"));
  EXPECT_THAT(Run({"serve", model_, "--port", "0", "--ssl-cert-file", Path("none.pem"), "--ssl-key-file", Path("none.pem")}).err,
              HasSubstr("none.pem"));
  Start();
  const Ran taken = Run({"serve", model_, "--port", std::to_string(port_)});
  EXPECT_NE(taken.code, 0);
  EXPECT_THAT(taken.err, HasSubstr(std::to_string(port_)));
}

TEST_F(ServeCommandTest, PlanSaysHowMuchIsCarried) {
  const auto plan =
      Run({"plan", model_, "--prompt", "16", "--output", "4", "--requests", "50", "--time", "1ms", "--deadline", "10s", "--json"});
  ASSERT_EQ(plan.code, 0) << plan.err;
  EXPECT_GT(plan.Json()["requests_per_s"], 0);
  EXPECT_GE(plan.Json()["kept_share"], 0.95);
  const auto given =
      Run({"plan", model_, "--prompt", "16", "--output", "4", "--requests", "50", "--time", "1ms", "--rate", "0.5", "--json"});
  EXPECT_EQ(given.Json()["requests_per_s"], 0.5);
  const std::string trace = Write("trace.csv", "at_s,prompt,output\n0,5,2\nsoon,5,2\n");
  const Ran bad = Run({"plan", model_, "--trace", trace});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("line 3"));
  for (const auto& [option, value] : {std::pair("--share", "2"), std::pair("--machines", "0"), std::pair("--parallel", "0")}) {
    const Ran wrong = Run({"plan", model_, option, value});
    EXPECT_EQ(wrong.code, 2) << option;
    EXPECT_THAT(wrong.err, HasSubstr(option));
  }
}

TEST_F(ServeCommandTest, DoctorListsEveryLimit) {
  const nlohmann::json limits = Run({"doctor", "--limits", "--json"}).Json();
  EXPECT_EQ(limits.size(), DefaultLimits().size());
  const auto find = [&](const std::string& name) {
    for (const auto& limit : limits) {
      if (limit["name"] == name) return limit["value"].get<double>();
    }
    return -1.0;
  };
  EXPECT_EQ(find("body_bytes"), static_cast<double>(HttpLimits{}.body_bytes));
  EXPECT_GT(find("queued_requests"), 0);
  for (const ListedLimit& limit : DefaultLimits()) {
    EXPECT_TRUE(limit.value > 0 || limit.name == "connections_per_address") << limit.name << " is off";
  }
}

}  // namespace
}  // namespace tradewind
