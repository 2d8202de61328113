// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the command line share: a folder of their own that also stands for the user's, words as argv, environment variables.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"

namespace tradewind {

class CliTest : public testing::Test {
 protected:
  CliTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tradewind_cli_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) SetEnvironment(name, folder_);
    SetEnvironment("TRADEWIND_STORE", Path("profile.db"));
    SetEnvironment("TRADEWIND_DATA", "");
  }
  ~CliTest() override {
    for (auto last = changed_.rbegin(); last != changed_.rend(); ++last) {
      const auto& [name, old] = *last;
      old.second ? setenv(name.c_str(), old.first.c_str(), 1) : unsetenv(name.c_str());
    }
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  void SetEnvironment(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    changed_.push_back({name, {old ? old : "", old != nullptr}});
    setenv(name.c_str(), value.c_str(), 1);
  }
  static Result<bool> Parse(Arguments& args, std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return args.Parse(static_cast<int>(argv.size()), argv.data());
  }

 private:
  std::string folder_;
  std::vector<std::pair<std::string, std::pair<std::string, bool>>> changed_;
};

inline std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tradewind
