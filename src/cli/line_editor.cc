// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/line_editor.h"

#include <histedit.h>
#include <langinfo.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstring>
#include <cwchar>

#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr int kRemembered = 1000;
constexpr wchar_t kReplacement = 0xFFFD;

// Wide characters of Linux are Unicode's; bytes that are no UTF-8 become U+FFFD.
std::wstring Widened(std::string_view text) {
  std::wstring wide;
  for (size_t i = 0; i < text.size();) {
    const std::optional<size_t> length = Utf8Length(text, i);
    wide += length ? static_cast<wchar_t>(Utf8Value(text, i, *length)) : kReplacement;
    i += length.value_or(1);
  }
  return wide;
}

std::string Narrowed(std::wstring_view wide) {
  std::string text;
  for (const wchar_t c : wide) AppendUtf8(static_cast<char32_t>(c), text);
  return text;
}

// libedit asks the locale which characters it can draw; without UTF-8 it would draw codes.
void UseUtf8Characters() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

class LibeditSource final : public LineSource {
 public:
  LibeditSource(ChatSignals& signals, const std::vector<std::string>& history, std::FILE* out) : signals_(signals), out_(out) {
    UseUtf8Characters();
    history_ = history_winit();
    HistEventW event;
    history_w(history_, &event, H_SETSIZE, kRemembered);
    history_w(history_, &event, H_SETUNIQUE, 1);
    for (const std::string& line : history) Remember(line);
    edit_ = el_init("tradewind", stdin, out, stderr);
    if (edit_ == nullptr) return;
    el_wset(edit_, EL_CLIENTDATA, this);
    el_wset(edit_, EL_SIGNAL, 0);
    el_wset(edit_, EL_EDITOR, L"emacs");
    el_wset(edit_, EL_BIND, L"^R", L"em-inc-search-prev", nullptr);
    el_wset(edit_, EL_PROMPT, &Prompt);
    el_wset(edit_, EL_HIST, history_w, history_);
    el_wset(edit_, EL_GETCFN, &ReadCharacter);
  }
  ~LibeditSource() override {
    if (edit_ != nullptr) el_end(edit_);
    history_wend(history_);
  }
  bool works() const { return edit_ != nullptr; }

  ChatLine Next(bool continued) override {
    prompt_ = Widened(ChatPrompt(continued));
    stopped_ = ChatLine::Kind::kText;
    int count = 0;
    const wchar_t* line = el_wgets(edit_, &count);
    if (stopped_ != ChatLine::Kind::kText) {
      const LineInfoW* typed = el_wline(edit_);
      ChatLine stopped{stopped_, Narrowed({typed->buffer, static_cast<size_t>(typed->lastchar - typed->buffer)})};
      std::fputc('\n', out_);
      std::fflush(out_);
      return stopped;
    }
    if (line == nullptr || count <= 0) {
      std::fputc('\n', out_);
      std::fflush(out_);
      return {ChatLine::Kind::kEnd, ""};
    }
    std::wstring_view text(line, static_cast<size_t>(count));
    if (text.ends_with(L'\n')) text.remove_suffix(1);
    return {ChatLine::Kind::kText, Narrowed(text)};
  }

  void Remember(const std::string& line) override {
    HistEventW event;
    history_w(history_, &event, H_ENTER, Widened(line).c_str());
  }

 private:
  static LibeditSource* Of(EditLine* edit) {
    void* self = nullptr;
    el_wget(edit, EL_CLIENTDATA, &self);
    return static_cast<LibeditSource*>(self);
  }
  static wchar_t* Prompt(EditLine* edit) { return Of(edit)->prompt_.data(); }
  static int ReadCharacter(EditLine* edit, wchar_t* out) { return Of(edit)->Read(out); }

  // One character for libedit: 1; 0 at the end; -1 where a signal ends the line.
  int Read(wchar_t* out) {
    char bytes[4];
    for (size_t have = 0; have < 4;) {
      const int got = ReadByte(&bytes[have]);
      if (got <= 0 && have == 0) return got;
      if (got <= 0) break;
      ++have;
      if (const std::optional<size_t> length = Utf8Length({bytes, have}, 0)) {
        *out = static_cast<wchar_t>(Utf8Value({bytes, have}, 0, *length));
        return 1;
      }
      const bool may_go_on = static_cast<unsigned char>(bytes[0]) >= 0xC2 && (bytes[have - 1] & 0xC0) == (have == 1 ? 0xC0 : 0x80);
      if (may_go_on) continue;
      if (have > 1) pushed_back_ = bytes[have - 1];
      break;
    }
    *out = kReplacement;
    return 1;
  }

  int ReadByte(char* byte) {
    if (pushed_back_) {
      *byte = *pushed_back_;
      pushed_back_.reset();
      return 1;
    }
    while (true) {
      if (signals_.Wait(STDIN_FILENO) == ChatSignals::Wake::kSignal) {
        if (signals_.TakeResize()) el_resize(edit_);
        if (!signals_.interrupted() && !signals_.terminated()) continue;
        stopped_ = signals_.terminated() ? ChatLine::Kind::kTerminated : ChatLine::Kind::kInterrupted;
        errno = EINTR;
        return -1;
      }
      const ssize_t got = read(STDIN_FILENO, byte, 1);
      if (got >= 0) return static_cast<int>(got);
      if (errno != EINTR && errno != EAGAIN) return 0;  // the terminal is gone
    }
  }

  ChatSignals& signals_;
  std::FILE* out_;
  EditLine* edit_ = nullptr;
  HistoryW* history_ = nullptr;
  std::wstring prompt_;
  std::optional<char> pushed_back_;
  ChatLine::Kind stopped_ = ChatLine::Kind::kText;
};

}  // namespace

std::unique_ptr<LineSource> MakeLineEditor(ChatSignals& signals, const std::vector<std::string>& history, std::FILE* out) {
  auto source = std::make_unique<LibeditSource>(signals, history, out);
  if (!source->works()) return PlainLines(STDIN_FILENO, signals, out);
  return source;
}

LineEditing DescribeLineEditing() {
  return {true, "libedit"};
}

}  // namespace tradewind
