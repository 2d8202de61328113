// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The HTTP server against clients that are slow, gone, many or greedy, and its end (and http_server.cc, http_connection.cc, http_tls.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>

#include "net/http_test_client.h"
#include "net/http_test_server.h"

namespace tradewind {
namespace {

const std::string kEcho = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kEndless = "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kWaiting = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

std::string GetOf(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

size_t ResidentBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

bool AllGone(HttpTestServer& server) {
  return Eventually([&] { return server->Counts().connections_now == 0; }) && server->Counts().held_bytes_now == 0;
}

TEST(HttpHardening, AClientThatLeavesIsNoticedWhileItIsAnswered) {
  HttpTestServer server;
  for (const bool reset : {false, true}) {
    HttpTestClient streams(server.port()), waits(server.port());
    streams.Send(kEndless);
    waits.Send(kWaiting);
    ASSERT_TRUE(streams.ReadMore());
    ASSERT_TRUE(Eventually([&] { return server.waiting() == 1; }));
    const int before = server.on_close();
    reset ? streams.Reset() : streams.Close();
    EXPECT_TRUE(Eventually([&] { return server.on_close() == before + 1; }));
    reset ? waits.Reset() : waits.Close();
    EXPECT_TRUE(Eventually([&] { return server.on_close() == before + 2; })) << "although nothing is written to it";
  }
  EXPECT_TRUE(Eventually([&] { return server.gave_up() == 2; })) << "Write says so";
  EXPECT_TRUE(AllGone(server));
  EXPECT_EQ(server->Counts().cancelled, 4u);
}

TEST(HttpHardening, AClientThatHasFilledItsPipelineIsNoticedToo) {
  HttpTestServer server({.linger_time = Duration::Millis(50)});
  HttpTestClient client(server.port());
  client.Send(kWaiting);
  ASSERT_TRUE(Eventually([&] { return server.waiting() == 1; }));
  client.Send(std::string(1000, 'x'));
  EXPECT_TRUE(Eventually([&] { return server->Counts().bytes_in == kWaiting.size() + 1000; })) << "a read is pending meanwhile";
  client.Send(std::string(60'000, 'x'));  // more than is kept, so that nobody reads; not more than the system takes
  EXPECT_LT(server->Counts().bytes_in, 50'000u);
  client.Close();
  EXPECT_TRUE(Eventually([&] { return server.on_close() == 1; }));
}

TEST(HttpHardening, ManyRandomDisconnectsLeaveNothing) {
  HttpTestServer server;
  (void)AnswerTo(server.port(), GetOf("/later"));
  ASSERT_TRUE(AllGone(server));
  const size_t descriptors = OpenDescriptors();
  const std::vector<std::string> requests = {kEcho,
                                             GetOf("/later"),
                                             kWaiting,
                                             GetOf("/big/100000"),
                                             GetOf("/half"),
                                             GetOf("/denied"),
                                             "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
                                             "GET /echo HT",
                                             "POST /ticket HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                                             "nonsense\r\n\r\n"};
  std::vector<std::thread> clients;
  for (unsigned i = 0; i < 32; ++i) {
    clients.emplace_back([&, i] {
      std::mt19937 random(i);
      for (int k = 0; k < 100; ++k) {
        HttpTestClient client(server.port());
        client.Send(requests[random() % requests.size()]);
        if (random() % 3 == 0) client.Send(kEcho.substr(0, random() % kEcho.size()));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 500));
        if (random() % 2 == 0) client.Reset();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_TRUE(Eventually([&] { return server->Counts().accepted == 3201; }));
  EXPECT_TRUE(AllGone(server));
  EXPECT_EQ(server.tickets(), 0);
  EXPECT_EQ(server.waiting(), 0u);
  EXPECT_TRUE(Eventually([&] { return OpenDescriptors() == descriptors; })) << OpenDescriptors() << " and not " << descriptors;
}

TEST(HttpHardening, AReaderThatDoesNotReadIsCancelledAndOthersGoOn) {
  HttpTestServer server({.response_buffer_bytes = 1 << 30, .write_time = Duration::Millis(200)});
  HttpTestClient slow(server.port(), 4096);
  slow.Send(kEndless);
  HttpTestClient other(server.port());
  const bool cancelled = Eventually([&] {
    slow.ReadByte();
    other.Send(kEcho);
    EXPECT_EQ(other.ReadAnswer().status, 200);
    return server.on_close() == 1;
  });
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(Eventually([&] { return server.gave_up() == 1; }));
  EXPECT_EQ(server->Counts().connections_now, 1u) << "the other";
}

TEST(HttpHardening, ALargeAnswerThatIsNotReadIsCancelled) {
  HttpTestServer server({.write_time = Duration::Millis(100)});
  HttpTestClient slow(server.port(), 4096);
  slow.Send(GetOf("/big/20000000"));
  ASSERT_TRUE(Eventually([&] { return server->Counts().held_bytes_now > 10'000'000; }));
  EXPECT_TRUE(Eventually([&] { return server->Counts().cancelled == 1; }));
  EXPECT_TRUE(AllGone(server));
  HttpTestClient reads(server.port());
  reads.Send(GetOf("/big/20000000"));
  EXPECT_EQ(reads.ReadAnswer().body.size(), 20'000'000u);
}

TEST(HttpHardening, AReaderThatTakesTooLittleIsCancelled) {
  HttpTestServer server({.write_time = Duration::Millis(200), .write_progress_bytes = size_t{1} << 30});
  HttpTestClient slow(server.port(), 4096);
  slow.Send(GetOf("/big/20000000"));
  while (server->Counts().cancelled == 0 && slow.received().size() < 20'000'000) {
    ASSERT_TRUE(slow.ReadMore() || server->Counts().cancelled == 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(server->Counts().cancelled, 1u) << "although something was sent all the time";
}

TEST(HttpHardening, NoMoreThanItsBufferIsKeptForAReader) {
  HttpTestServer server({.response_buffer_bytes = 50'000, .write_time = Duration::Seconds(1000)});
  HttpTestClient slow(server.port(), 4096);
  slow.Send(kEndless);
  uint64_t most = 0;
  EXPECT_TRUE(Eventually([&] {
    most = std::max(most, server->Counts().held_bytes_now);
    return server.on_close() == 1;
  }));
  EXPECT_LE(most, 60'000u);
  EXPECT_TRUE(AllGone(server));
}

TEST(HttpHardening, WhoSendsTooSlowlyIsTold) {
  HttpTestServer server({.header_time = Duration::Millis(150), .body_time = Duration::Millis(150), .linger_time = Duration::Millis(50)});
  HttpTestClient silent(server.port()), head(server.port()), body(server.port());
  head.Send("GET / HTTP/1.1\r\nHo");
  body.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(head.ReadAnswer().status, 408);
  EXPECT_EQ(body.ReadAnswer().status, 408);
  EXPECT_TRUE(silent.AtEnd()) << "who has asked nothing is told nothing";
  EXPECT_TRUE(AllGone(server));
}

TEST(HttpHardening, AnIdleConnectionIsClosed) {
  HttpTestServer server({.idle_time = Duration::Millis(100)});
  HttpTestClient client(server.port());
  client.Send(kEcho);
  EXPECT_TRUE(client.ReadAnswer().whole);
  EXPECT_TRUE(client.AtEnd());
}

TEST(HttpHardening, FiveHundredSlowOnesCostLittle) {
  HttpTestServer server({.header_time = Duration::Seconds(100)});
  (void)AnswerTo(server.port(), kEcho);
  const size_t before = ResidentBytes();
  std::vector<std::unique_ptr<HttpTestClient>> slow;
  for (int i = 0; i < 500; ++i) {
    slow.push_back(std::make_unique<HttpTestClient>(server.port()));
    ASSERT_TRUE(slow.back()->Send("GET / HTTP/1.1\r\nHost: x\r\nX-A: b"));
  }
  for (int round = 0; round < 20; ++round) {
    for (const auto& client : slow) ASSERT_TRUE(client->Send("b"));
    EXPECT_EQ(AnswerTo(server.port(), kEcho).status, 200);
  }
  EXPECT_GE(server->Counts().connections_now, 500u);
  EXPECT_LT(server->Counts().held_bytes_now, 500u * 4096);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(ResidentBytes(), before + 500 * 32768);
#else
  (void)before;
#endif
}

TEST(HttpHardening, HundredsOfMegabytesThatAreRefusedTakeNoMemory) {
  HttpTestServer server({.linger_bytes = uint64_t{1} << 40});
  const size_t before = ResidentBytes();
  const std::string block(size_t{1} << 20, 'a');
  const auto send = [&](const std::string& begin, const std::string& repeated) {
    HttpTestClient client(server.port());
    client.Send(begin);
    for (int i = 0; i < 300 && client.Send(repeated); ++i) EXPECT_LT(server->Counts().held_bytes_now, 20'000'000u);
    return client.ReadAnswer().status;
  };
  EXPECT_EQ(send("GET / HTTP/1.1\r\nX: ", block), 431);
  EXPECT_EQ(send("GET /", block), 414);
  EXPECT_EQ(send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "100000\r\n" + block + "\r\n"), 413);
  EXPECT_EQ(send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 314572800\r\n\r\n", block), 413);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "A: b\r\n";
  EXPECT_EQ(send("GET / HTTP/1.1\r\n", many), 431);
  EXPECT_EQ(server.handled(), 0);
  EXPECT_TRUE(AllGone(server));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(ResidentBytes(), before + (size_t{32} << 20));
#else
  (void)before;
#endif
}

TEST(HttpHardening, AllBodiesTogetherHaveALimit) {
  HttpTestServer server({.held_bytes = 1'000'000});
  HttpTestClient holds(server.port());
  holds.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
  holds.Send(std::string(1'100'000, 'x'));
  const HttpTestAnswer full = holds.ReadAnswer();
  EXPECT_EQ(full.status, 503);
  EXPECT_TRUE(full.Has("Retry-After: 1"));
  holds.Close();
  EXPECT_TRUE(AllGone(server));
  EXPECT_EQ(AnswerTo(server.port(), "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx").status, 200);
}

TEST(HttpHardening, TooManyConnectionsAreTold) {
  HttpTestServer server({.connections = 2});
  auto first = std::make_unique<HttpTestClient>(server.port());
  HttpTestClient second(server.port());
  first->Send(kEcho);
  second.Send(kEcho);
  EXPECT_EQ(first->ReadAnswer().status, 200);
  EXPECT_EQ(second.ReadAnswer().status, 200);
  {
    HttpTestClient third(server.port());
    third.Send(kEcho);
    const HttpTestAnswer refused = third.ReadAnswer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.Has("Retry-After: 1"));
    EXPECT_TRUE(third.AtEnd());
  }
  first.reset();
  ASSERT_TRUE(Eventually([&] { return server->Counts().connections_now == 1; }));
  EXPECT_EQ(AnswerTo(server.port(), kEcho).status, 200);
  EXPECT_EQ(server->Counts().refused, 1u);
  HttpTestServer per_address({.connections_per_address = 1});
  HttpTestClient one(per_address.port());
  one.Send(kEcho);
  EXPECT_EQ(one.ReadAnswer().status, 200);
  EXPECT_EQ(AnswerTo(per_address.port(), kEcho).status, 503);
}

TEST(HttpShutdown, WaitsForThoseThatAreAnswered) {
  HttpTestServer server;
  HttpTestClient idle(server.port()), busy(server.port());
  idle.Send(kEcho);
  EXPECT_TRUE(idle.ReadAnswer().whole);
  busy.Send(kWaiting);
  ASSERT_TRUE(Eventually([&] { return server.waiting() == 1; }));
  bool answered = false;
  std::thread ends([&] { answered = server->Shutdown(RealClock().Now() + Duration::Seconds(20)); });
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_FALSE(HttpTestClient(server.port()).connected());
  server.Release();
  const HttpTestAnswer answer = busy.ReadAnswer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.Has("Connection: close"));
  busy.Close();
  ends.join();
  EXPECT_TRUE(answered);
}

TEST(HttpShutdown, WaitsNoLongerThanItsDeadline) {
  HttpTestServer server;
  HttpTestClient busy(server.port());
  busy.Send(kWaiting);
  ASSERT_TRUE(Eventually([&] { return server.waiting() == 1; }));
  EXPECT_FALSE(server->Shutdown(RealClock().Now() + Duration::Millis(20)));
  EXPECT_TRUE(busy.AtEnd());
  EXPECT_TRUE(Eventually([&] { return server.on_close() == 1; }));
}

TEST(HttpShutdown, AnExchangeMayOutliveTheServer) {
  std::shared_ptr<HttpExchange> kept;
  std::atomic<bool> has{false};
  std::atomic<int> closed{0};
  auto server = HttpServer::Start({}, nullptr, [&](const HttpRequest&, std::shared_ptr<HttpExchange> exchange) {
    exchange->OnClose([&] { ++closed; });
    kept = std::move(exchange);
    has = true;
  });
  ASSERT_TRUE(server);
  HttpTestClient client((*server)->port());
  client.Send(kEcho);
  ASSERT_TRUE(Eventually([&] { return has.load(); }));
  server->reset();
  EXPECT_EQ(closed, 1);
  EXPECT_TRUE(kept->closed());
  EXPECT_EQ(kept->Send({}).error().code(), StatusCode::kCancelled);
  EXPECT_FALSE(kept->Write("x"));
  kept->OnClose([&] { ++closed; });
  EXPECT_EQ(closed, 2) << "told at once";
}

}  // namespace
}  // namespace tradewind
