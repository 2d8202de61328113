// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/http_asio.h"
#include "net/http_loop.h"

namespace tradewind {
namespace {

namespace ssl = boost::asio::ssl;

class AsioTls final : public HttpTls {
 public:
  AsioTls() : context(ssl::context::tls_server) {}
  ssl::context context;
};

class TlsStream final : public HttpAsioStream, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(TcpSocket socket, std::string peer, std::shared_ptr<AsioTls> tls)
      : HttpAsioStream(std::move(peer)), tls_(std::move(tls)), stream_(std::move(socket), tls_->context) {}

  void Handshake(Done done) override {
    stream_.async_handshake(ssl::stream_base::server, [done = std::move(done)](boost::system::error_code error) { done(!error, 0); });
  }
  void Read(std::span<char> buffer, Done done) override {
    stream_.async_read_some(boost::asio::buffer(buffer.data(), buffer.size()),
                            [done = std::move(done)](boost::system::error_code error, size_t bytes) { done(!error, bytes); });
  }
  void Write(std::string_view bytes, Done done) override {
    stream_.async_write_some(boost::asio::buffer(bytes.data(), bytes.size()),
                             [done = std::move(done)](boost::system::error_code error, size_t written) { done(!error, written); });
  }
  // Nobody waits for it: it ends when the peer says the same, or with Close.
  void EndWriting() override {
    stream_.async_shutdown([self = shared_from_this()](boost::system::error_code) {});
  }

 private:
  TcpSocket& socket() override { return stream_.next_layer(); }
  std::shared_ptr<AsioTls> tls_;
  ssl::stream<TcpSocket> stream_;
};

Status TlsError(const std::string& what, const std::string& file, const boost::system::error_code& error) {
  return Status(StatusCode::kInvalidInput, "cannot use " + file + " as " + what + ": " + error.message() + "; give a file in PEM");
}

}  // namespace

Result<std::shared_ptr<HttpTls>> HttpTls::Load(const std::string& certificate_file, const std::string& key_file) {
  auto tls = std::make_shared<AsioTls>();
  boost::system::error_code error;
  error = tls->context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                                   error);
  SSL_CTX_set_options(tls->context.native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(tls->context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  error = tls->context.use_certificate_chain_file(certificate_file, error);
  if (error) return Fail(TlsError("a certificate chain", certificate_file, error));
  // A key that needs a password is an error: nobody is there to type it.
  error = tls->context.set_password_callback([](size_t, ssl::context::password_purpose) { return std::string(); }, error);
  error = tls->context.use_private_key_file(key_file, ssl::context::pem, error);
  if (error) return Fail(TlsError("the private key of the certificate", key_file, error));
  if (SSL_CTX_check_private_key(tls->context.native_handle()) != 1)
    return Fail(StatusCode::kInvalidInput, "the key in " + key_file + " is not that of the certificate in " + certificate_file);
  return tls;
}

std::shared_ptr<HttpStream> MakeTlsStream(boost::asio::ip::tcp::socket socket, std::string peer, const std::shared_ptr<HttpTls>& tls) {
  return std::make_shared<TlsStream>(std::move(socket), std::move(peer), std::static_pointer_cast<AsioTls>(tls));
}

}  // namespace tradewind
