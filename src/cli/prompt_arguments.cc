// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/prompt_arguments.h"

#include <unistd.h>

#include "base/file.h"

namespace tradewind {
namespace {

constexpr uint64_t kPromptLimit = 64u << 20;

}  // namespace

void PromptArguments::Declare(Arguments& args) {
  args.Option("-p,--prompt", &prompt, "what to answer; without it and -f, standard input");
  args.Option("-f,--file", &file, "file with the prompt, taken byte for byte (- for standard input)");
  args.Option("--logprobs", &logprobs, "with --json: this many alternatives for each token");
  args.Flag("--echo", &echo, "with --json: the prompt's tokens too");
  DeclareDrawing(args);
}

void PromptArguments::DeclareDrawing(Arguments& args) {
  args.Option("--system-prompt", &system, "-sys: the system message");
  args.Option("-r,--stop", &stop, "end before this text; may be repeated");
  sampling.Declare(args);
  args.Flag("--raw", &raw, "continue the text as it is: no chat template");
  args.Flag("--shift", &shift, "when the context is full, drop its older half and go on (else the answer ends)");
}

Result<std::string> PromptArguments::ReadText() const {
  if (prompt && file) return Fail(Status(StatusCode::kInvalidInput, "give the prompt by -p or by -f, not both").At("-f"));
  if (prompt) return *prompt;
  if (!file && isatty(STDIN_FILENO)) {
    return Fail(Status(StatusCode::kInvalidInput, "there is no prompt; give one by -p TEXT, -f FILE or standard input").At("-p"));
  }
  return ReadFile(file ? *file : "-", kPromptLimit);
}

Result<Prompt> PromptArguments::ToPrompt(const std::string& text, bool has_template) const {
  Prompt out;
  if (raw || !has_template) {
    if (system)
      return Fail(
          Status(StatusCode::kInvalidInput, "a system prompt needs a chat template; this run continues plain text").At("--system-prompt"));
    out.raw = text;
  } else {
    if (system) out.messages.push_back({"system", *system});
    out.messages.push_back({"user", text});
  }
  TW_ASSIGN(out.sampling, sampling.ToSampling());
  TW_ASSIGN(out.grammar, sampling.ToGrammar());
  out.stop = stop;
  out.shift = shift;
  out.echo = echo;
  out.top_logprobs = static_cast<int>(logprobs);
  return out;
}

}  // namespace tradewind
