// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The HTTP server over real sockets (and http_connection.cc, http_answer.cc, http_loop.cc): what it answers, and that it stays open or
// closes.
#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "net/http_test_client.h"
#include "net/http_test_server.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

const std::string kGet = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";

std::string Post(const std::string& body, const std::string& path = "/echo") {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(HttpServer, AnswersAndStaysOpen) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(Post("hello " + std::to_string(i))));
    const HttpTestAnswer answer = client.ReadAnswer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /echo hello " + std::to_string(i));
    EXPECT_TRUE(answer.Has("Connection: keep-alive"));
  }
  EXPECT_EQ(server->Counts().requests, 3u);
  EXPECT_EQ(server->Counts().accepted, 1u);
  EXPECT_EQ(server->Counts().connections_now, 1u);
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server->Counts().connections_now == 0; }));
  EXPECT_EQ(server->Counts().held_bytes_now, 0u);
  EXPECT_EQ(server->Counts().cancelled, 0u);
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInTurn) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += Post(std::to_string(i), i % 2 == 0 ? "/echo" : "/later");
  ASSERT_TRUE(client.Send(all));
  for (int i = 0; i < 50; ++i) EXPECT_THAT(client.ReadAnswer().body, testing::EndsWith(" " + std::to_string(i)));
}

TEST(HttpServer, ClosesWhenAskedTo) {
  HttpTestServer server;
  for (const std::string request : {"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /echo HTTP/1.0\r\n\r\n"}) {
    HttpTestClient client(server.port());
    client.Send(request);
    const HttpTestAnswer answer = client.ReadAnswer();
    EXPECT_EQ(answer.body, "GET /echo ");
    EXPECT_TRUE(answer.Has("Connection: close"));
    EXPECT_TRUE(client.AtEnd());
  }
  HttpTestClient old(server.port());
  for (int i = 0; i < 2; ++i) {
    old.Send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.ReadAnswer().status, 200);
  }
  HttpTestServer few({.requests_per_connection = 2});
  HttpTestClient client(few.port());
  client.Send(kGet + kGet);
  EXPECT_TRUE(client.ReadAnswer().Has("Connection: keep-alive"));
  EXPECT_TRUE(client.ReadAnswer().Has("Connection: close"));
  EXPECT_TRUE(client.AtEnd());
}

TEST(HttpServer, SomeAnswersHaveNoBody) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  client.Send("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpTestAnswer head = client.ReadAnswer(true);
  EXPECT_TRUE(head.Has("Content-Length: 11"));
  client.Send("HEAD /stream/3 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.ReadAnswer(true).Has("Transfer-Encoding: chunked"));
  client.Send("GET /empty HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.ReadAnswer().status, 204);
  client.Send(kGet);
  EXPECT_EQ(client.ReadAnswer().body, "GET /echo ") << "nothing was left of the others";
}

TEST(HttpServer, StreamsInChunks) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.Send("GET /stream/5 HTTP/1.1\r\nHost: x\r\n\r\n");
    const HttpTestAnswer answer = client.ReadAnswer();
    EXPECT_TRUE(answer.whole);
    EXPECT_TRUE(answer.Has("Transfer-Encoding: chunked"));
    EXPECT_EQ(answer.body, "data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n");
  }
  HttpTestClient old(server.port());
  old.Send("GET /stream/2 HTTP/1.0\r\n\r\n");
  const HttpTestAnswer plain = old.ReadAnswer();
  EXPECT_EQ(plain.body, "data: 0\n\ndata: 1\n\n");
  EXPECT_THAT(plain.head, testing::Not(HasSubstr("chunked")));
}

TEST(HttpServer, ContinueIsSaidWhenTheHookAgrees) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  const std::string expect = " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  client.Send("POST /echo" + expect);
  EXPECT_EQ(client.ReadAnswer().status, 100);
  client.Send("ab");
  EXPECT_EQ(client.ReadAnswer().body, "POST /echo ab");
  client.Send("POST /echo" + expect + "cd");
  EXPECT_EQ(client.ReadAnswer().status, 200) << "who has sent the body waits for nothing";
  client.Send("POST /denied" + expect);
  EXPECT_EQ(client.ReadAnswer().status, 401);
  EXPECT_TRUE(client.AtEnd());
}

TEST(HttpServer, TheHookAnswersBeforeTheBody) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  client.Send("POST /denied HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  const HttpTestAnswer denied = client.ReadAnswer();
  EXPECT_EQ(denied.status, 401) << "and nobody waits for it";
  EXPECT_TRUE(denied.Has("Connection: close"));
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(client.Send(std::string(10'000, 'x'))) << "it is read and dropped";
  EXPECT_TRUE(client.AtEnd());
  EXPECT_LT(server->Counts().held_bytes_now, 100'000u);
  HttpTestClient bare(server.port());
  bare.Send("GET /denied HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  EXPECT_EQ(bare.ReadAnswer().status, 401);
  EXPECT_EQ(bare.ReadAnswer().status, 200) << "without a body the connection stays";
  EXPECT_EQ(server.handled(), 1);
}

TEST(HttpServer, TheTicketLivesAsLongAsItsRequest) {
  HttpTestServer server;
  HttpTestClient client(server.port());
  client.Send("POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab");
  EXPECT_TRUE(Eventually([&] { return server.tickets() == 1; }));
  client.Send("c");
  EXPECT_EQ(client.ReadAnswer().body, "POST /ticket abc");
  EXPECT_TRUE(Eventually([&] { return server.tickets() == 0; }));
  client.Send("POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab");
  EXPECT_TRUE(Eventually([&] { return server.tickets() == 1; }));
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server.tickets() == 0; })) << "its body never came";
}

TEST(HttpServer, NoRequestStaysWithoutAnAnswer) {
  HttpTestServer server;
  EXPECT_EQ(AnswerTo(server.port(), "GET /dropped HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  EXPECT_EQ(AnswerTo(server.port(), "GET /throws HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  EXPECT_EQ(AnswerTo(server.port(), "GET /hook-throws HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  const HttpTestAnswer split = AnswerTo(server.port(), "GET /splits HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(split.status, 500);
  EXPECT_THAT(split.head + split.body, testing::Not(HasSubstr("Set-Cookie")));
  const HttpTestAnswer half = AnswerTo(server.port(), "GET /half HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(half.status, 200);
  EXPECT_FALSE(half.whole) << "a stream that ends early must not look complete";
}

TEST(HttpServer, RefusalsAreAnsweredAndClose) {
  HttpTestServer server;
  const std::map<std::string, int> refused = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
      {"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nabcde\r\n0\r\n\r\n", 413},
  };
  for (const auto& [request, status] : refused) {
    HttpTestClient client(server.port());
    client.Send(request);
    const HttpTestAnswer answer = client.ReadAnswer();
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_TRUE(answer.Has("Content-Type: application/json")) << request;
    EXPECT_THAT(answer.body, testing::StartsWith("{\"error\":{\"message\":"));
    EXPECT_TRUE(client.AtEnd()) << request;
  }
  EXPECT_EQ(server.handled(), 0);
  EXPECT_EQ(server->Counts().malformed, refused.size());
}

TEST(HttpServer, WhatCannotBeStartedIsNamed) {
  HttpTestServer server;
  const auto nothing = [](const HttpRequest&, const std::shared_ptr<HttpExchange>&) {};
  const auto taken = HttpServer::Start({.port = server.port()}, nullptr, nothing);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), StatusCode::kIo);
  EXPECT_THAT(taken.error().message(), HasSubstr(std::to_string(server.port())));
  const auto nowhere = HttpServer::Start({.host = "300.0.0.1"}, nullptr, nothing);
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message(), HasSubstr("300.0.0.1"));
  EXPECT_FALSE(HttpServer::Start({.threads = 0}, nullptr, nothing));
}

TEST(HttpServer, SeveralThreadsShareTheConnections) {
  HttpTestServer server({}, 3);
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      HttpTestClient client(server.port());
      for (int k = 0; k < 50; ++k) {
        client.Send(k % 2 == 0 ? Post("a") : "GET /stream/3 HTTP/1.1\r\nHost: x\r\n\r\n");
        if (client.ReadAnswer().whole) ++answered;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 400);
}

}  // namespace
}  // namespace tradewind
