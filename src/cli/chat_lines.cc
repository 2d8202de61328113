// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace tradewind {
namespace {

constexpr std::string_view kQuotes = "\"\"\"";
constexpr std::string_view kBlanks = " \t\r";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

class PlainLineSource final : public LineSource {
 public:
  PlainLineSource(int fd, ChatSignals& signals, std::FILE* prompt) : fd_(fd), signals_(signals), prompt_(prompt) {}

  ChatLine Next(bool continued) override {
    if (prompt_ != nullptr) {
      std::fputs(ChatPrompt(continued), prompt_);
      std::fflush(prompt_);
    }
    bool too_long = false;
    size_t looked = 0;
    while (true) {
      const size_t end = buffer_.find('\n', looked);
      if (end != std::string::npos) {
        if (end > kChatLineBytes) too_long = true;
        const ChatLine line = too_long ? ChatLine{ChatLine::Kind::kTooLong, ""} : ChatLine{ChatLine::Kind::kText, buffer_.substr(0, end)};
        buffer_.erase(0, end + 1);
        return line;
      }
      if (buffer_.size() > kChatLineBytes) {
        too_long = true;
        buffer_.clear();
      }
      looked = buffer_.size();
      if (ended_) return Last(too_long);
      if (signals_.Wait(fd_) == ChatSignals::Wake::kSignal) {
        if (signals_.terminated()) return {ChatLine::Kind::kTerminated, ""};
        if (signals_.interrupted()) return {ChatLine::Kind::kInterrupted, ""};
        signals_.TakeResize();
        continue;
      }
      Fill();
    }
  }

 private:
  ChatLine Last(bool too_long) {
    if (too_long) return {ChatLine::Kind::kTooLong, ""};
    if (buffer_.empty()) return {ChatLine::Kind::kEnd, ""};
    return {ChatLine::Kind::kText, std::exchange(buffer_, {})};
  }
  void Fill() {
    char bytes[1 << 16];
    const ssize_t got = read(fd_, bytes, sizeof bytes);
    if (got > 0) buffer_.append(bytes, static_cast<size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) ended_ = true;
  }

  int fd_;
  ChatSignals& signals_;
  std::FILE* prompt_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace

const char* ChatPrompt(bool continued) {
  return continued ? ". " : "> ";
}

std::unique_ptr<LineSource> PlainLines(int fd, ChatSignals& signals, std::FILE* prompt) {
  return std::make_unique<PlainLineSource>(fd, signals, prompt);
}

bool SaidText::AddQuoted(std::string_view line) {
  const std::string_view trimmed = Trimmed(line);
  const bool closes = trimmed.ends_with(kQuotes);
  if (closes) line = line.substr(0, line.rfind(kQuotes));
  if (!closes || !Trimmed(line).empty()) {
    if (begun_) text_ += '\n';
    text_ += line;
    begun_ = true;
  }
  open_ = !closes;
  return closes;
}

bool SaidText::Add(std::string_view line) {
  if (quoted_) return AddQuoted(line);
  if (!open_ && Trimmed(line).starts_with(kQuotes)) {
    quoted_ = open_ = true;
    const std::string_view rest = line.substr(line.find(kQuotes) + kQuotes.size());
    return Trimmed(rest).empty() ? false : AddQuoted(rest);
  }
  if (open_) text_ += '\n';
  const size_t last = line.find_last_not_of('\\');
  const size_t backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  open_ = backslashes % 2 == 1;
  text_ += line.substr(0, line.size() - (open_ ? 1 : 0));
  return !open_;
}

std::string SaidText::Take() {
  std::string text = std::move(text_);
  *this = {};
  return text;
}

}  // namespace tradewind
