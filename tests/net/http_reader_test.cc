// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Bytes to requests (and http_head.cc): what RFC 9110 and 9112 let stand, and one case for every lie.
#include "net/http_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tradewind {
namespace {

using testing::HasSubstr;

const std::string kHost = "Host: x\r\n";

struct ReadSoFar {
  std::vector<HttpRequest> requests;
  HttpRefusal refusal;
  size_t most_held = 0;
};

// Gives the bytes in pieces of that size.
ReadSoFar ReadPieces(std::string_view bytes, size_t piece, const HttpLimits& limits = {}) {
  HttpReader reader(limits);
  ReadSoFar read;
  for (size_t at = 0; at < bytes.size() && read.refusal.status == 0; at += piece) {
    reader.Append(bytes.substr(at, piece));
    for (HttpEvent event = reader.Next(); event != HttpEvent::kMore; event = reader.Next()) {
      if (event == HttpEvent::kRequest) read.requests.push_back(reader.TakeRequest());
      if (event == HttpEvent::kRefused) {
        read.refusal = reader.refusal();
        break;
      }
    }
    read.most_held = std::max(read.most_held, reader.held());
  }
  return read;
}

// All at once and byte by byte must be the same.
ReadSoFar ReadAll(std::string_view bytes, const HttpLimits& limits = {}) {
  const ReadSoFar whole = ReadPieces(bytes, bytes.size(), limits), bits = ReadPieces(bytes, 1, limits);
  const std::string_view shown = bytes.substr(0, 200);
  EXPECT_EQ(whole.refusal.status, bits.refusal.status) << shown;
  EXPECT_EQ(whole.requests.size(), bits.requests.size()) << shown;
  for (size_t i = 0; i < std::min(whole.requests.size(), bits.requests.size()); ++i) {
    EXPECT_EQ(whole.requests[i].target, bits.requests[i].target);
    EXPECT_EQ(whole.requests[i].headers, bits.requests[i].headers);
    EXPECT_EQ(whole.requests[i].body, bits.requests[i].body);
  }
  return whole;
}

// The status with which the bytes are refused; 0: they are taken or wait for more.
int Refused(std::string_view bytes, const HttpLimits& limits = {}) {
  return ReadAll(bytes, limits).refusal.status;
}
std::string Head(const std::string& headers, const std::string& line = "POST / HTTP/1.1") {
  return line + "\r\n" + kHost + headers + "\r\n";
}
int RefusedHead(const std::string& headers, const std::string& line = "POST / HTTP/1.1") {
  const ReadSoFar read = ReadAll(Head(headers, line));
  EXPECT_TRUE(read.refusal.status != 0 || read.requests.size() == 1) << headers;
  return read.refusal.status;
}

TEST(HttpReader, ARequestAndThoseBehindIt) {
  const ReadSoFar read = ReadAll(
      "POST /v1/chat%20x/completions?a=1&b=%41 HTTP/1.1\r\nhost: localhost:8080\r\nContent-Length: 11\r\nX-Empty:\r\nX-Two: a,  b "
      "\r\n\r\nhello\r\n\r\nyo"
      "\r\nGET http://h/models HTTP/1.1\r\nHost: h\r\nConnection: Keep-Alive, Close\r\n\r\n"
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\nExpect: "
      "100-Continue\r\n\r\n3;ext=\"v\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n"
      "HEAD / HTTP/1.0\r\n\r\n");
  ASSERT_EQ(read.refusal.status, 0) << read.refusal.message;
  ASSERT_EQ(read.requests.size(), 4u);
  const HttpRequest& first = read.requests[0];
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.path, "/v1/chat x/completions");
  EXPECT_EQ(first.query, "a=1&b=%41");
  EXPECT_EQ(first.content_length, 11u);
  EXPECT_EQ(first.body, "hello\r\n\r\nyo");
  ASSERT_NE(first.Find("HOST"), nullptr);
  EXPECT_EQ(*first.Find("x-empty"), "");
  EXPECT_EQ(*first.Find("x-two"), "a,  b");
  EXPECT_EQ(first.Find("x-three"), nullptr);
  EXPECT_TRUE(first.keep_alive);
  EXPECT_EQ(read.requests[1].path, "/models");
  EXPECT_FALSE(read.requests[1].keep_alive);
  EXPECT_EQ(read.requests[2].body, "abc0123456789");
  EXPECT_TRUE(read.requests[2].expects_continue && read.requests[2].chunked);
  EXPECT_EQ(read.requests[2].Find("x-sum"), nullptr) << "trailers are dropped";
  EXPECT_EQ(read.requests[3].minor_version, 0);
  EXPECT_FALSE(read.requests[3].keep_alive);
}

TEST(HttpReader, TheHeadComesBeforeTheBody) {
  const HttpLimits limits;
  HttpReader reader(limits);
  reader.Append(Head("Content-Length: 5\r\n") + "ab");
  ASSERT_EQ(reader.Next(), HttpEvent::kHead);
  EXPECT_EQ(reader.request().content_length, 5u);
  EXPECT_EQ(reader.request().body, "");
  EXPECT_EQ(reader.Next(), HttpEvent::kMore);
  EXPECT_EQ(reader.body_progress(), 2u);
  reader.Append("cdeGET");
  ASSERT_EQ(reader.Next(), HttpEvent::kRequest);
  EXPECT_EQ(reader.TakeRequest().body, "abcde");
  EXPECT_EQ(reader.waiting(), 3u);
}

TEST(HttpReader, TwoLengthsAreSmuggling) {
  EXPECT_EQ(RefusedHead("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(RefusedHead("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400);
  EXPECT_EQ(RefusedHead("Content-Length: 3\r\nContent-Length: 4\r\n"), 400);
  EXPECT_EQ(RefusedHead("Content-Length: 3\r\nContent-Length: 3\r\n"), 400);
  EXPECT_EQ(RefusedHead("Content-Length: 3, 3\r\n"), 400);
  for (const std::string length : {"-1", "+1", "0x5", "1 2", "", "5a", "18446744073709551616", "99999999999999999999999"})
    EXPECT_EQ(RefusedHead("Content-Length: " + length + "\r\n"), 400) << length;
  EXPECT_EQ(RefusedHead("Content-Length: 000\r\n"), 0);
  EXPECT_EQ(RefusedHead("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
  for (const std::string coding : {"gzip", "gzip, chunked", "identity", "chunked, identity", "xchunked", "\"chunked\""})
    EXPECT_EQ(RefusedHead("Transfer-Encoding: " + coding + "\r\n"), 501) << coding;
  EXPECT_EQ(RefusedHead("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), 400);
}

TEST(HttpReader, ChunksThatLie) {
  const std::string head = Head("Transfer-Encoding: chunked\r\n");
  const std::string padding = "\r\n0\r\n\r\n";
  for (const std::string body : {"-1\r\na", "g\r\na", "0x1\r\na", " 1\r\na", "\r\na", "10000000000000000\r\na", "FFFFFFFFFFFFFFFFF\r\n",
                                 "1\na", "1\ra", "2\r\nabc", "1;\x01\r\na", "1;=\r\na"})
    EXPECT_EQ(Refused(std::string(head).append(body).append(padding)), 400) << body;
  EXPECT_EQ(Refused(head + "FFFFFFFFFFFFFFFF\r\na" + padding), 413);
  EXPECT_EQ(Refused(head + "000001\r\na" + padding), 0);
  EXPECT_EQ(Refused(head + "1;" + std::string(300, 'e') + "\r\na" + padding), 400) << "an extension that is too long";
  EXPECT_EQ(Refused(head + "1;" + std::string(100'000, 'e')), 400) << "and never ends";
  EXPECT_EQ(Refused(head + std::string(100'000, '0')), 400) << "as a size that never ends";
  EXPECT_EQ(Refused(head + "0\r\nContent-Length: 3\r\n\r\n"), 400) << "in a trailer";
  EXPECT_EQ(Refused(head + "0\r\nX: y\r\n z\r\n\r\n"), 0) << "an old continuation, in a trailer that is dropped";
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X: y\r\n";
  EXPECT_EQ(Refused(head + "0\r\n" + many + "\r\n"), 431);
  EXPECT_EQ(Refused(head + "0\r\nX: " + std::string(20'000, 'y')), 431);
}

TEST(HttpReader, HeadsThatLie) {
  EXPECT_EQ(RefusedHead("No colon\r\n"), 400);
  EXPECT_EQ(RefusedHead("Name : x\r\n"), 400);
  EXPECT_EQ(RefusedHead(": x\r\n"), 400);
  EXPECT_EQ(RefusedHead("A: b\r\n folded\r\n"), 400);
  EXPECT_EQ(RefusedHead("A: b\n"), 400);
  EXPECT_EQ(RefusedHead("A: b\rC: d\r\n"), 400);
  EXPECT_EQ(RefusedHead(std::string("A: b\0c\r\n", 8)), 400);
  EXPECT_EQ(RefusedHead("A: b\x7f\r\n"), 400);
  EXPECT_EQ(RefusedHead("A\x80: b\r\n"), 400);
  EXPECT_EQ(RefusedHead("A: b\xc3\xa9\r\n"), 0) << "bytes beyond ASCII may stand in a value";
  EXPECT_EQ(RefusedHead("Expect: miracles\r\n"), 417);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(RefusedHead("Host: y\r\n"), 400) << "two";
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: a/b@c\r\n\r\n"), 400);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 0);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400);
}

TEST(HttpReader, RequestLinesThatLie) {
  for (const std::string line : {"GET / HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/1.2", "GET / HTTP/11", "PRI * HTTP/2.0", "GET / HTTP/x"})
    EXPECT_EQ(RefusedHead("", line), 505) << line;
  for (const std::string line : {"GET /", "GET", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / http/1.1", "GET / x HTTP/1.1",
                                 "GET /\tx HTTP/1.1", " GET / HTTP/1.1", "GET x HTTP/1.1", "GET * HTTP/1.1", "GET /%zz HTTP/1.1",
                                 "GET /%00 HTTP/1.1", "GET /\xff HTTP/1.1", "G(T / HTTP/1.1", "GET /# HTTP/1.1", "GET ftp://x/ HTTP/1.1"})
    EXPECT_EQ(RefusedHead("", line), 400) << line;
  for (const std::string line : {"TRACE / HTTP/1.1", "CONNECT x:443 HTTP/1.1", "BREW / HTTP/1.1", "get / HTTP/1.1"})
    EXPECT_EQ(RefusedHead("", line), 501) << line;
  EXPECT_EQ(RefusedHead("", "OPTIONS * HTTP/1.1"), 0);
  EXPECT_EQ(Refused("\r\n" + Head("")), 0) << "one empty line is ignored";
  EXPECT_EQ(Refused("\r\n\r\n" + Head("")), 400);
  EXPECT_EQ(Refused("\x16\x03\x01\x02"), 400) << "TLS, told at its first byte";
}

TEST(HttpReader, TheLimitsHoldBeforeAllHasCome) {
  HttpLimits limits;
  limits.body_bytes = 1000;
  EXPECT_EQ(Refused("GET /" + std::string(9000, 'a'), limits), 414);
  EXPECT_EQ(Refused("GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a'), limits), 431);
  std::string many = "GET / HTTP/1.1\r\n" + kHost;
  for (int i = 0; i < 99; ++i) many += "A: b\r\n";
  EXPECT_EQ(Refused(many + "\r\n", limits), 0) << "a hundred";
  EXPECT_EQ(Refused(many + "A: b\r\n\r\n", limits), 431);
  EXPECT_EQ(Refused(Head("Content-Length: 1001\r\n"), limits), 413);
  EXPECT_EQ(Refused(Head("Content-Length: 1000\r\n") + std::string(1000, 'x'), limits), 0);
  const std::string chunked = Head("Transfer-Encoding: chunked\r\n");
  const std::string full = chunked + "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(Refused(full + "0\r\n\r\n", limits), 0);
  EXPECT_EQ(Refused(full + "1\r\n", limits), 413) << "told by the size of the chunk";
}

TEST(HttpReader, AnAnnouncedBodyTakesNoMemoryBeforeItComes) {
  const ReadSoFar announced = ReadPieces(Head("Content-Length: 8000000\r\n"), 1000);
  EXPECT_EQ(announced.refusal.status, 0);
  EXPECT_LT(announced.most_held, 4096u);
  std::string body = Head("Transfer-Encoding: chunked\r\n");
  for (int i = 0; i < 100'000; ++i) body += "1\r\nx\r\n";
  const ReadSoFar small = ReadPieces(body + "0\r\n\r\n", 8192);
  ASSERT_EQ(small.requests.size(), 1u);
  EXPECT_EQ(small.requests[0].body, std::string(100'000, 'x'));
  EXPECT_LT(small.most_held, 300'000u);
}

TEST(HttpReader, ARefusalStays) {
  const HttpLimits limits;
  HttpReader reader(limits);
  reader.Append("nonsense\r\n\r\n" + Head(""));
  EXPECT_EQ(reader.Next(), HttpEvent::kRefused);
  EXPECT_THAT(reader.refusal().message, HasSubstr("malformed"));
  EXPECT_EQ(reader.Next(), HttpEvent::kRefused);
  EXPECT_EQ(reader.waiting(), 0u);
}

}  // namespace
}  // namespace tradewind
