// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_message.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace tradewind {
namespace {

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsHttpToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const char low = LowerAscii(c);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool IsHttpText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool IsTheServers(std::string_view name) {
  for (const std::string_view own : {"content-length", "transfer-encoding", "connection", "date", "trailer", "upgrade"}) {
    if (HttpEqual(name, own)) return true;
  }
  return false;
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // Not strftime's names of days and months, which follow the locale.
  std::array<char, 32> clock{};
  std::array<char, 8> day{};
  (void)std::strftime(day.data(), day.size(), "%d", &utc);
  (void)std::strftime(clock.data(), clock.size(), "%Y %H:%M:%S GMT", &utc);
  return std::string(kDays[static_cast<size_t>(utc.tm_wday)]) + ", " + day.data() + " " + kMonths[static_cast<size_t>(utc.tm_mon)] + " " +
         clock.data();
}

}  // namespace

bool HttpEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

const std::string* HttpRequest::Find(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (HttpEqual(header.name, name)) return &header.value;
  }
  return nullptr;
}

HttpResponse HttpJsonResponse(int status, std::string json) {
  HttpResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = std::move(json);
  return response;
}

HttpResponse HttpErrorResponse(int status, std::string_view message, std::string_view type, std::string_view code) {
  nlohmann::ordered_json error;
  error["message"] = message;
  error["type"] = type;
  error["code"] = code;
  error["param"] = nullptr;
  nlohmann::ordered_json answer;
  answer["error"] = std::move(error);
  return HttpJsonResponse(status, answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::string_view HttpReason(int status) {
  static constexpr std::pair<int, std::string_view> kReasons[] = {{200, "OK"},
                                                                  {201, "Created"},
                                                                  {202, "Accepted"},
                                                                  {204, "No Content"},
                                                                  {301, "Moved Permanently"},
                                                                  {302, "Found"},
                                                                  {304, "Not Modified"},
                                                                  {307, "Temporary Redirect"},
                                                                  {308, "Permanent Redirect"},
                                                                  {400, "Bad Request"},
                                                                  {401, "Unauthorized"},
                                                                  {403, "Forbidden"},
                                                                  {404, "Not Found"},
                                                                  {405, "Method Not Allowed"},
                                                                  {406, "Not Acceptable"},
                                                                  {408, "Request Timeout"},
                                                                  {409, "Conflict"},
                                                                  {411, "Length Required"},
                                                                  {413, "Content Too Large"},
                                                                  {414, "URI Too Long"},
                                                                  {415, "Unsupported Media Type"},
                                                                  {417, "Expectation Failed"},
                                                                  {422, "Unprocessable Content"},
                                                                  {429, "Too Many Requests"},
                                                                  {431, "Request Header Fields Too Large"},
                                                                  {499, "Client Closed Request"},
                                                                  {500, "Internal Server Error"},
                                                                  {501, "Not Implemented"},
                                                                  {503, "Service Unavailable"},
                                                                  {504, "Gateway Timeout"},
                                                                  {505, "HTTP Version Not Supported"}};
  for (const auto& [number, reason] : kReasons) {
    if (number == status) return reason;
  }
  return "Unknown";
}

Result<std::string> HttpResponseHead(const HttpResponse& response, HttpFraming framing, bool keep_alive) {
  if (response.status < 200 || response.status > 599)
    return Fail(StatusCode::kInvalidInput, "an answer cannot have the status " + std::to_string(response.status) + ": 200 to 599");
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(HttpReason(response.status)) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (!IsHttpToken(name)) return Fail(Status(StatusCode::kInvalidInput, "the name of a header of the answer is no token").At("headers"));
    if (!IsHttpText(value))
      return Fail(
          Status(StatusCode::kInvalidInput, "the value of a header of the answer has a line end or another control character").At(name));
    if (IsTheServers(name)) continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head += "Date: " + HttpDate() + "\r\n";
  if (framing == HttpFraming::kLength) head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  if (framing == HttpFraming::kChunked) head += "Transfer-Encoding: chunked\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

}  // namespace tradewind
