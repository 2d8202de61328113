// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The built program while the file of its model is truncated: a message and exit code 1, and never a signal. Pipes decide the moment: the
// program is known to wait for one of its ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "cli/program.h"

namespace tradewind {
namespace {

// The program with pipes for standard input and output; errors go to a file.
class PipedProgram {
 public:
  PipedProgram(std::vector<std::string> words, const std::string& errors) {
    words.insert(words.begin(), TRADEWIND_BINARY);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int in[2], out[2];
    EXPECT_EQ(pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(out, O_CLOEXEC), 0);
    fcntl(out[1], F_SETPIPE_SZ, 4096);  // as little as there is: the program cannot run far ahead
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      dup2(open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~PipedProgram() {
    EndInput();
    close(out_);
  }
  void Say(const std::string& text) const { EXPECT_EQ(write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  void EndInput() {
    if (in_ >= 0) close(std::exchange(in_, -1));
  }
  // One byte, once there is one; 0 at the end.
  char Byte() const {
    char byte = 0;
    return read(out_, &byte, 1) == 1 ? byte : '\0';
  }
  std::string Line() const {
    std::string line;
    for (char c = Byte(); c != '\0' && c != '\n'; c = Byte()) line += c;
    return line;
  }
  std::string Rest() const {
    std::string rest;
    for (char c = Byte(); c != '\0'; c = Byte()) rest += c;
    return rest;
  }
  int Wait() {
    int status = 0;
    EXPECT_EQ(waitpid(child_, &status, 0), child_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t child_ = -1;
  int in_ = -1, out_ = -1;
};

class TruncatedModelTest : public CommandsTest {
 protected:
  void SetUp() override {
    CommandsTest::SetUp();
    if (IsSkipped()) return;
    copy_ = Path("copy.gguf");
    Restore();
  }
  void Restore() const { std::filesystem::copy_file(model_, copy_, std::filesystem::copy_options::overwrite_existing); }
  void Truncate() const { std::filesystem::resize_file(copy_, 0); }
  std::string Lost() const { return "'" + copy_ + "' became shorter while it was read"; }
  std::string copy_;
};

// Far more text than fits into the pipe, of which one byte is read: the program waits amid its answer.
TEST_F(TruncatedModelTest, AmidAnAnswer) {
  PipedProgram program({"run", copy_, "--raw", "-p", "Once upon a time", "-n", "20000", "--shift", "--logit-bias", "2-100", "--temp", "0"},
                       Path("errors"));
  ASSERT_NE(program.Byte(), '\0') << Contents(Path("errors"));
  Truncate();
  program.Rest();  // what it had said before
  EXPECT_EQ(program.Wait(), 1);
  EXPECT_THAT(Contents(Path("errors")), testing::HasSubstr(Lost()));
}

// A conversation waits for the next line. The question after the loss fails; once the file is back, the one after that is answered.
TEST_F(TruncatedModelTest, BetweenTwoQuestions) {
  PipedProgram program({"chat", copy_, "--temp", "0", "--set", "max_tokens=8"}, Path("errors"));
  program.Say("Once upon a time\n");
  EXPECT_NE(program.Line(), "") << Contents(Path("errors"));
  Truncate();
  program.Say("there was a dog\n/help\n");
  const auto errors_have = [&](const std::string& text) {
    for (int tries = 0; tries < 60000; ++tries) {
      if (Contents(Path("errors")).find(text) != std::string::npos) return true;
      usleep(1000);
    }
    return false;
  };
  ASSERT_TRUE(errors_have(Lost())) << Contents(Path("errors"));
  Restore();
  program.Say("there was a cat\n");
  EXPECT_NE(program.Line(), "") << Contents(Path("errors"));
  program.EndInput();
  EXPECT_EQ(program.Wait(), 1) << "what failed is told at the end";
}

}  // namespace
}  // namespace tradewind
