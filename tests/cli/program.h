// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the built program as a script would: words in, exit code, standard output and standard error out.
#pragma once

#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/cli_test_util.h"
#include "llm/stories_gguf.h"
#include "shared_data.h"

namespace tradewind {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
  nlohmann::json Json() const {
    auto value = nlohmann::json::parse(out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << "not one JSON value: " << out << err;
    return value;
  }
};

class CommandsTest : public CliTest {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    model_ = *path;
  }

  Ran Run(const std::vector<std::string>& words, const std::string& input = "", const std::string& program = TRADEWIND_BINARY) const {
    const std::string in = Write("stdin", input);
    std::string line = "'" + program + "'";
    for (const std::string& word : words) {
      line += " '";
      for (const char c : word) line += c == '\'' ? "'\\''" : std::string(1, c);
      line += "'";
    }
    line += " <'" + in + "' >'" + Path("stdout") + "' 2>'" + Path("stderr") + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), Contents(Path("stdout")), Contents(Path("stderr"))};
  }
  // A greedy run with JSON.
  Ran RunJson(std::vector<std::string> words, const std::string& input = "") const {
    words.insert(words.begin(), {"run", model_, "--json", "--temp", "0"});
    return Run(words, input);
  }

  std::string model_;
};

}  // namespace tradewind
