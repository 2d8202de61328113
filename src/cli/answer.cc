// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/answer.h"

#include <atomic>
#include <csignal>

#include "cli/stop_signals.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

std::atomic<Session*> running{nullptr};
struct sigaction previous_int, previous_term;

// Whoever caught the signal before hears of it, too.
void OnInterrupt(int signal) {
  NoteStopSignal(signal);
  if (Session* session = running.load()) session->Cancel();
  const struct sigaction& previous = signal == SIGINT ? previous_int : previous_term;
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) previous.sa_handler(signal);
}

// Restores the signal's handler and forgets the session, however the run ends.
class InterruptScope {
 public:
  explicit InterruptScope(Session& session) {
    running = &session;
    sigaction(SIGINT, nullptr, &previous_int);
    sigaction(SIGTERM, nullptr, &previous_term);
    struct sigaction action = {};
    action.sa_handler = OnInterrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
  }
  ~InterruptScope() {
    sigaction(SIGINT, &previous_int, nullptr);
    sigaction(SIGTERM, &previous_term, nullptr);
    running = nullptr;
  }
};

}  // namespace

Result<Answer> RunPrompt(Session& session, Prompt prompt, TimePoint now, const std::function<void(std::string_view)>& show) {
  const InterruptScope interrupts(session);
  TW_RETURN_IF_ERROR(session.Push({now, std::move(prompt)}));
  Answer answer;
  size_t shown = 0;
  while (true) {
    TW_ASSIGN(OutputEvent event, session.Next());
    if (const End* end = std::get_if<End>(&event.body)) {
      answer.finish = end->reason;
      break;
    }
    Token token = std::get<Token>(std::move(event.body));
    if (token.from_prompt) {
      answer.prompt.push_back(std::move(token));
      continue;
    }
    answer.text += token.bytes;
    answer.tokens.push_back(std::move(token));
    const size_t whole = WholeUtf8Bytes(answer.text);
    if (show && whole > shown) show(std::string_view(answer.text).substr(shown, whole - shown));
    shown = std::max(shown, whole);
  }
  if (show && shown < answer.text.size()) show(std::string_view(answer.text).substr(shown));
  answer.outcome = session.outcome();
  return answer;
}

}  // namespace tradewind
