#include "tests/gateway/echo_service.h"

#include <grpcpp/server_builder.h>

#include <atomic>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "common/v1/download.pb.h"
#include "echo.pb.h"
#include "kernel/v1/error.pb.h"

namespace gateway {
namespace {

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  (void)buffer.Dump(&slices);
  std::string out;
  for (const grpc::Slice& slice : slices)
    out.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return out;
}

grpc::ByteBuffer Buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

class EchoService::Generic : public grpc::CallbackGenericService {
 public:
  Generic(const base::Clock& the_clock, const rpc::TokenSigner& the_signer)
      : clock(the_clock), signer(the_signer), random(base::Random::FromEntropy()) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

  std::string Tokens(const std::string& user, const std::string& session) {
    const std::lock_guard lock(mutex);
    kernel::v1::Actor actor;
    actor.set_user_id(user);
    actor.set_session_id(session);
    auto* grant = actor.add_grant();
    grant->set_role(kernel::v1::ROLE_TD);
    grant->set_org_id("371402-centre");
    grant->set_area_code("371402");
    const int64_t now = clock.NowMs();
    echo::v1::SignInResponse response;
    response.set_access_token(signer.Sign(actor, base::NewUlid(now, random), now, lifetime_ms));
    response.set_access_expires_at_ms(now + lifetime_ms);
    response.set_refresh_token("refresh-" + std::to_string(++refresh_number) + "-" + user);
    response.set_refresh_expires_at_ms(now + 3'600'000);
    response.set_session_id(session);
    response.set_user_id(user);
    return response.SerializeAsString();
  }

  const base::Clock& clock;
  const rpc::TokenSigner& signer;
  std::mutex mutex;
  base::Random random;
  int refresh_number = 0;
  std::atomic<int64_t> lifetime_ms = 600'000;
  std::atomic<bool> refuse_refresh = false;
  std::atomic<int> refreshes = 0, sign_outs = 0, cancelled = 0, pieces = 0;
  std::atomic<bool> serving = true;
};

// One call: reads one message, writes one message or fails.
class EchoService::Reactor : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(Generic& service, grpc::GenericCallbackServerContext* context)
      : service_(service), context_(context) {
    StartRead(&request_);
  }
  void OnDone() override { delete this; }
  void OnCancel() override {
    ++service_.cancelled;
    if (hanging_) Finish(grpc::Status::CANCELLED);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    NextPiece();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
    const std::string& method = context_->method();
    const std::string in = Bytes(request_);
    if (method == "/echo.v1.Notes/Echo") return Echo(in);
    if (method == "/echo.v1.Notes/Fail") return Fail(in);
    if (method == "/echo.v1.Notes/GetNote") return GetNote(in);
    if (method == "/echo.v1.Notes/ListNotes") return ListNotes(in);
    if (method == "/echo.v1.Notes/GetFile") return File(in, false);
    if (method == "/echo.v1.Notes/StreamFile") return File(in, true);
    if (method == "/echo.v1.Notes/WriteNote") return Receipt<echo::v1::WriteNoteRequest>(in);
    if (method == "/echo.v1.Notes/CloseNote") return Receipt<echo::v1::CloseNoteRequest>(in);
    if (method == "/echo.v1.Notes/ChangeNote") return Receipt<echo::v1::ChangeNoteRequest>(in);
    if (method == "/echo.v1.Notes/DeleteNote") return Receipt<echo::v1::DeleteNoteRequest>(in);
    if (method == "/echo.v1.Notes/SignIn") return SignIn(in);
    if (method == "/echo.v1.Notes/Refresh") return Refresh(in);
    if (method == "/echo.v1.Notes/SignOut") return ++service_.sign_outs, Answer("");
    if (method == "/grpc.health.v1.Health/Check") return Answer(service_.serving ? "\x08\x01" : "\x08\x02");
    Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, method));
  }

 private:
  void Answer(const std::string& bytes) {
    response_ = Buffer(bytes);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }

  void Refuse(grpc::StatusCode code, const kernel::v1::ErrorDetail& detail, const std::string& text) {
    context_->AddTrailingMetadata("fengqiao-error-bin", detail.SerializeAsString());
    Finish(grpc::Status(code, text));
  }

  void File(const std::string& in, bool stream) {
    file_.ParseFromString(in);
    if (!stream) return Answer(Piece(0).SerializeAsString());
    if (file_.hang()) {
      hanging_ = true;
      return;
    }
    if (file_.fail_after() < 0) {
      kernel::v1::ErrorDetail detail;
      detail.set_reason("NO_FILE");
      detail.set_message_zh("没有这个文件");
      detail.set_message_en("there is no such file");
      return Refuse(grpc::StatusCode::NOT_FOUND, detail, "no");
    }
    NextPiece();
  }

  void NextPiece() {
    if (file_.fail_after() > 0 && made_ == static_cast<uint32_t>(file_.fail_after())) {
      return Finish(grpc::Status(grpc::StatusCode::INTERNAL, "the disk is away"));
    }
    if (made_ == file_.pieces()) return Finish(grpc::Status::OK);
    response_ = Buffer(Piece(made_++).SerializeAsString());
    ++service_.pieces;
    StartWrite(&response_);
  }

  google::api::HttpBody Piece(uint32_t number) const {
    google::api::HttpBody body;
    body.set_content_type(file_.content_type());
    body.set_data(std::string(file_.piece_bytes(), static_cast<char>('a' + number % 26)));
    if (number > 0) return body;
    common::v1::Download download;
    download.set_file_name(file_.file_name());
    download.set_inline_(file_.inline_());
    download.set_etag(file_.etag());
    body.add_extensions()->PackFrom(download);
    return body;
  }

  void Echo(const std::string& in) {
    echo::v1::EchoResponse response;
    response.mutable_echo()->ParseFromString(in);
    for (const auto& [key, value] : context_->client_metadata()) {
      (*response.mutable_metadata())[std::string(key.data(), key.size())] =
          std::string(value.data(), value.size());
    }
    const gpr_timespec left = gpr_time_sub(
        gpr_convert_clock_type(context_->raw_deadline(), GPR_CLOCK_MONOTONIC), gpr_now(GPR_CLOCK_MONOTONIC));
    response.set_deadline_ms(gpr_time_to_millis(left));
    Answer(response.SerializeAsString());
  }

  void Fail(const std::string& in) {
    echo::v1::FailRequest request;
    request.ParseFromString(in);
    if (request.hang()) {
      hanging_ = true;
      return;
    }
    if (request.reason().empty()) {
      return Finish(grpc::Status(static_cast<grpc::StatusCode>(request.code()), request.message()));
    }
    kernel::v1::ErrorDetail detail;
    detail.set_reason(request.reason());
    detail.set_message_zh("不行");
    detail.set_message_en("no");
    detail.set_retry_after_ms(request.retry_after_ms());
    (*detail.mutable_metadata())["rule"] = "DI-03";
    if (!request.field().empty()) {
      auto* field = detail.add_field_error();
      field->set_pointer(request.field());
      field->set_code("FORMAT");
      field->set_message_zh("有误");
      field->set_message_en("is wrong");
    }
    Refuse(static_cast<grpc::StatusCode>(request.code()), detail, request.message());
  }

  void GetNote(const std::string& in) {
    echo::v1::GetNoteRequest request;
    request.ParseFromString(in);
    echo::v1::Note note;
    note.set_id(request.id());
    note.set_area_code(request.area_code());
    note.set_text(request.id() == "long" ? std::string(5000, 'x') : "路灯");
    note.set_version(7);
    Answer(note.SerializeAsString());
  }

  void ListNotes(const std::string& in) {
    echo::v1::ListNotesRequest request;
    request.ParseFromString(in);
    echo::v1::ListNotesResponse response;
    for (int i = 0; i < request.page_size(); ++i) response.add_note()->set_id("n" + std::to_string(i));
    response.set_next_page_token(request.page_token() + "+");
    Answer(response.SerializeAsString());
  }

  // expected_version other than 7 is a conflict, as the note's version is 7.
  template <class Request>
  void Receipt(const std::string& in) {
    Request request;
    request.ParseFromString(in);
    if constexpr (requires { request.expected_version(); }) {
      if (request.expected_version() != 0 && request.expected_version() != 7) {
        kernel::v1::ErrorDetail detail;
        detail.set_reason("VERSION_CONFLICT");
        detail.set_message_zh("版本已变");
        detail.set_message_en("the version has changed");
        return Refuse(grpc::StatusCode::ABORTED, detail, "conflict");
      }
    }
    kernel::v1::Receipt receipt;
    receipt.set_id(request.request_id());
    receipt.set_version(8);
    Answer(receipt.SerializeAsString());
  }

  void SignIn(const std::string& in) {
    echo::v1::SignInRequest request;
    request.ParseFromString(in);
    if (request.password() != "correct horse") {
      kernel::v1::ErrorDetail detail;
      detail.set_reason("WRONG_PASSWORD");
      detail.set_message_zh("用户名或密码不对");
      detail.set_message_en("wrong login or password");
      return Refuse(grpc::StatusCode::UNAUTHENTICATED, detail, "no");
    }
    Answer(service_.Tokens(request.login(), "s-" + request.login()));
  }

  void Refresh(const std::string& in) {
    echo::v1::RefreshRequest request;
    request.ParseFromString(in);
    ++service_.refreshes;
    if (service_.refuse_refresh) {
      return Finish(grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "revoked"));
    }
    const std::string user = request.refresh_token().substr(request.refresh_token().rfind('-') + 1);
    Answer(service_.Tokens(user, "s-" + user));
  }

  Generic& service_;
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::atomic<bool> hanging_ = false;
  echo::v1::FileRequest file_;
  uint32_t made_ = 0;
};

grpc::ServerGenericBidiReactor* EchoService::Generic::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return new Reactor(*this, context);
}

EchoService::EchoService(const base::Clock& clock, const rpc::TokenSigner& signer)
    : generic_(std::make_unique<Generic>(clock, signer)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterCallbackGenericService(generic_.get());
  server_ = builder.BuildAndStart();
}

EchoService::~EchoService() { Stop(); }

void EchoService::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(gpr_time_from_millis(0, GPR_TIMESPAN));
  server_->Wait();
  server_ = nullptr;
}

void EchoService::set_token_lifetime_ms(int64_t ms) { generic_->lifetime_ms = ms; }
void EchoService::set_refuse_refresh(bool refuse) { generic_->refuse_refresh = refuse; }
int EchoService::refreshes() const { return generic_->refreshes; }
int EchoService::sign_outs() const { return generic_->sign_outs; }
int EchoService::pieces() const { return generic_->pieces; }
int EchoService::cancelled() const { return generic_->cancelled; }
void EchoService::SetServing(bool serving) { generic_->serving = serving; }

}  // namespace gateway
