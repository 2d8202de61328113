// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The HTTP server over TLS (http_tls.cc), with a client of OpenSSL's and a certificate that openssl makes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "net/http_test_client.h"
#include "net/http_test_server.h"
#include "net/net_test_util.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// cert.pem and key.pem in the folder.
bool MakeCertificate(const std::string& folder) {
  return HasProgram(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext "
      "subjectAltName=IP:127.0.0.1 -keyout " +
      folder + "/key.pem -out " + folder + "/cert.pem");
}

struct FreeSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

class TlsTestClient {
 public:
  TlsTestClient(uint16_t port, const std::string& certificate, int most_version = 0) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_load_verify_locations(context_.get(), certificate.c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_security_level(context_.get(), 0);
    if (most_version != 0) SSL_CTX_set_max_proto_version(context_.get(), most_version);
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), fd_);
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  ~TlsTestClient() { close(fd_); }
  TlsTestClient(const TlsTestClient&) = delete;
  TlsTestClient& operator=(const TlsTestClient&) = delete;

  bool connected() const { return connected_; }
  bool Send(const std::string& bytes) { return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0; }
  // Until the text has come, or the end.
  std::string ReadUntil(const std::string& text) {
    std::string all;
    std::vector<char> bytes(65536);
    while (all.find(text) == std::string::npos) {
      const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (count <= 0) {
        orderly_end_ = SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN;
        break;
      }
      all.append(bytes.data(), static_cast<size_t>(count));
    }
    return all;
  }
  // Whether the server has said that there is no more, so that nothing can have been cut off.
  bool orderly_end() const { return orderly_end_; }

 private:
  std::unique_ptr<SSL_CTX, FreeSsl> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  int fd_ = -1;
  bool connected_ = false, orderly_end_ = false;
};

class HttpOverTls : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasProgram("openssl version")) GTEST_SKIP() << "absent: openssl (makes the certificate)";
    ASSERT_TRUE(MakeCertificate(folder_.path()));
    server_ = std::make_unique<HttpTestServer>(limits_, 1, folder_ / "cert.pem", folder_ / "key.pem");
  }
  TempFolder folder_;
  HttpLimits limits_{.header_time = Duration::Millis(500), .linger_time = Duration::Millis(200)};
  std::unique_ptr<HttpTestServer> server_;
};

TEST_F(HttpOverTls, AnswersStreamsAndCloses) {
  TlsTestClient client(server_->port(), folder_ / "cert.pem");
  ASSERT_TRUE(client.connected());
  ASSERT_TRUE(client.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(99'999, 'a') + "Z"));
  EXPECT_THAT(client.ReadUntil("Z"), HasSubstr("POST /echo aaa"));
  ASSERT_TRUE(client.Send("GET /stream/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(client.ReadUntil("never"), testing::EndsWith("\r\n0\r\n\r\n"));
  EXPECT_TRUE(client.orderly_end());
  EXPECT_TRUE(Eventually([&] { return (*server_)->Counts().connections_now == 0; })) << "although the client says nothing of its own end";
}

TEST_F(HttpOverTls, AClientThatLeavesIsNoticed) {
  {
    TlsTestClient client(server_->port(), folder_ / "cert.pem");
    ASSERT_TRUE(client.Send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
    ASSERT_TRUE(Eventually([&] { return server_->waiting() == 1; }));
  }
  EXPECT_TRUE(Eventually([&] { return server_->on_close() == 1 && (*server_)->Counts().connections_now == 0; }));
}

TEST_F(HttpOverTls, WhoDoesNotSpeakItIsClosed) {
  HttpTestClient plain(server_->port()), silent(server_->port());
  plain.Send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(plain.ReadAnswer().status, 0);
  EXPECT_TRUE(silent.AtEnd()) << "in the time that a head has";
  EXPECT_FALSE(TlsTestClient(server_->port(), folder_ / "cert.pem", TLS1_1_VERSION).connected());
  EXPECT_TRUE(TlsTestClient(server_->port(), folder_ / "cert.pem", TLS1_2_VERSION).connected());
  EXPECT_EQ(server_->handled(), 0);
}

TEST_F(HttpOverTls, FilesThatCannotBeUsedAreNamed) {
  const auto nothing = [](const HttpRequest&, const std::shared_ptr<HttpExchange>&) {};
  const auto start = [&](const std::string& certificate, const std::string& key) {
    HttpServerOptions options;
    options.tls_certificate_file = certificate;
    options.tls_key_file = key;
    const auto server = HttpServer::Start(std::move(options), nullptr, nothing);
    return server ? Status(StatusCode::kInternal, "it started") : server.error();
  };
  const std::string certificate = folder_ / "cert.pem", key = folder_ / "key.pem", absent = folder_ / "absent.pem";
  EXPECT_THAT(start(absent, key).message(), HasSubstr(absent));
  EXPECT_THAT(start(certificate, absent).message(), HasSubstr(absent));
  EXPECT_THAT(start(certificate, certificate).message(), HasSubstr(certificate));
  EXPECT_THAT(start(certificate, "").message(), HasSubstr("both"));
  const std::string locked = folder_ / "locked.pem";
  ASSERT_TRUE(HasProgram("openssl ec -in " + key + " -aes128 -passout pass:secret -out " + locked));
  EXPECT_THAT(start(certificate, locked).message(), HasSubstr(locked)) << "and nobody is asked for its password";
  const TempFolder other;
  ASSERT_TRUE(MakeCertificate(other.path()));
  const Status mismatch = start(certificate, other / "key.pem");
  EXPECT_EQ(mismatch.code(), StatusCode::kInvalidInput);
  EXPECT_THAT(mismatch.message(), HasSubstr(other / "key.pem"));
}

}  // namespace
}  // namespace tradewind
