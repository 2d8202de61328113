// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Heads of answers, errors as OpenAI's clients read them, and targets (http_target.cc).
#include "net/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "net/http_target.h"

namespace tradewind {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(HttpMessage, TheHeadOfAnAnswer) {
  HttpResponse response = HttpJsonResponse(429, "{}");
  response.headers.push_back({"Retry-After", "3"});
  response.headers.push_back({"content-length", "77"});
  response.headers.push_back({"Transfer-Encoding", "gzip"});
  const auto head = HttpResponseHead(response, HttpFraming::kLength, true);
  ASSERT_TRUE(head);
  EXPECT_THAT(*head, StartsWith("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 3\r\nDate: "));
  EXPECT_THAT(*head, testing::EndsWith(" GMT\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_THAT(*head, testing::ContainsRegex("Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n"));
  EXPECT_THAT(*head, Not(HasSubstr("77")));
  EXPECT_THAT(*head, Not(HasSubstr("gzip")));
  EXPECT_THAT(*HttpResponseHead(response, HttpFraming::kChunked, false),
              HasSubstr("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(*HttpResponseHead(response, HttpFraming::kUntilEnd, false), Not(HasSubstr("Transfer-Encoding")));
}

TEST(HttpMessage, AnAnswerCannotBeSplit) {
  const std::vector<std::string> values = {"a\r\nSet-Cookie: x", "a\nb", "a\rb", std::string("a\0b", 3), "\x7f", "a\r"};
  for (const std::string& value : values) {
    HttpResponse response;
    response.headers.push_back({"X-Model", value});
    const auto head = HttpResponseHead(response, HttpFraming::kLength, true);
    ASSERT_FALSE(head);
    EXPECT_EQ(head.error().code(), StatusCode::kInvalidInput);
    EXPECT_EQ(head.error().where(), "X-Model");
  }
  for (const std::string name : {"", "A B", "A:", "A\r\n", "\xc3\xa4"}) {
    HttpResponse response;
    response.headers.push_back({name, "x"});
    EXPECT_FALSE(HttpResponseHead(response, HttpFraming::kLength, true)) << name;
  }
  HttpResponse response;
  for (const int status : {0, 100, 199, 600, -1}) {
    response.status = status;
    EXPECT_FALSE(HttpResponseHead(response, HttpFraming::kLength, true)) << status;
  }
}

TEST(HttpMessage, ErrorsAreJsonWhateverTheySay) {
  const HttpResponse response = HttpErrorResponse(404, "no \"model\"\n\x01 \\ \xff here", "invalid_request_error", "model_not_found");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.headers, testing::ElementsAre(HttpHeader{"Content-Type", "application/json"}));
  const auto json = nlohmann::json::parse(response.body);
  EXPECT_EQ(json["error"]["message"], "no \"model\"\n\x01 \\ \xEF\xBF\xBD here");
  EXPECT_EQ(json["error"]["type"], "invalid_request_error");
  EXPECT_EQ(json["error"]["code"], "model_not_found");
  EXPECT_TRUE(json["error"].contains("param") && json["error"]["param"].is_null());
}

TEST(HttpMessage, NamesDoNotMindTheCase) {
  EXPECT_TRUE(HttpEqual("X-API-Key", "x-api-kEY"));
  EXPECT_FALSE(HttpEqual("[", "{")) << "they differ by the same bit";
  EXPECT_FALSE(HttpEqual("a", "ab"));
}

TEST(HttpTarget, IsTakenApart) {
  const auto target = ParseHttpTarget("/a%2Fb/%C3%A9?x=%20?y", "GET");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b/\xC3\xA9");
  EXPECT_EQ(target->query, "x=%20?y");
  EXPECT_EQ(ParseHttpTarget("HTTPS://h:1/x", "GET")->path, "/x");
  EXPECT_EQ(ParseHttpTarget("http://h", "GET")->path, "/");
  EXPECT_EQ(ParseHttpTarget("http://h?q", "GET")->query, "q");
  EXPECT_EQ(ParseHttpTarget("http://h?q", "GET")->path, "/");
  EXPECT_EQ(ParseHttpTarget("*", "OPTIONS")->path, "*");
  for (const std::string bad : {"", "x", "*", "http://", "http:///x", "/%", "/%4", "/%4g", "/%00", "/ ", "/\"", "/\\", "/#x"})
    EXPECT_FALSE(ParseHttpTarget(bad, "GET")) << bad;
  EXPECT_EQ(ParseHttpTarget("/ab\"", "GET").error().offset(), 3u);
}

}  // namespace
}  // namespace tradewind
