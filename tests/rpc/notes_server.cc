#include "tests/rpc/notes_server.h"

#include "google/api/httpbody.pb.h"
#include "services/rpc/file.h"

namespace notes {

using testproto::v1::CountNotes;
using testproto::v1::GetNote;
using testproto::v1::NoteCount;
using testproto::v1::NoteView;
using testproto::v1::PrintNotes;
using testproto::v1::RevealedNote;
using testproto::v1::RevealNote;
using testproto::v1::SweepNotes;

void Gate::Submit(kernel::Envelope envelope) {
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) {
      held_.push_back(std::move(envelope));
      return;
    }
  }
  if (!refused_.ok()) {
    kernel::Outcome outcome;
    outcome.status = refused_;
    outcome.retry_after_ms = retry_after_ms_;
    envelope.done(outcome);
    return;
  }
  behind_.Submit(std::move(envelope));
}

void Gate::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

void Gate::Open() {
  std::vector<kernel::Envelope> held;
  {
    absl::MutexLock lock(&mutex_);
    closed_ = false;
    held.swap(held_);
  }
  for (kernel::Envelope& envelope : held) behind_.Submit(std::move(envelope));
}

void Gate::WaitForHeld(size_t count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&] { return held_.size() >= count; };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(20)));
}

void Gate::Refuse(absl::Status status, int64_t retry_after_ms) {
  refused_ = std::move(status);
  retry_after_ms_ = retry_after_ms;
}

NotesServer::NotesServer() {
  EXPECT_TRUE(rpc::WriteFile(directory_ / "jwks.json", signer_.Jwks()).ok());
  verifier_ = std::make_unique<rpc::TokenVerifier>(clock_, rpc::TokenRules{directory_ / "jwks.json", "issuer", "api"});
  EXPECT_TRUE(verifier_->LoadKeys().ok());
  audit_kv_ = std::move(storage::RocksKv::Open(directory_ / "audit", {}).value());
  audit_ = std::move(rpc::AuditLog::Open(*audit_kv_).value());
  auto kv = storage::RocksKv::Open(directory_ / "kv", {});
  EXPECT_TRUE(kv.ok()) << kv.status();
  kv_ = kv->get();
  kernel::Service<NotesDomain>::Options options;
  options.subscriptions = [](std::string_view, const bus::v1::Event&) { return std::vector<kernel::Envelope>(); };
  auto service = kernel::Service<NotesDomain>::Open(clock_, *std::move(kv), &metrics_, std::move(options));
  EXPECT_TRUE(service.ok()) << service.status();
  service_ = *std::move(service);
  service_->Start();
  gate_ = std::make_unique<Gate>(*service_);
  grid_ = TokenOf("u-grid", kernel::v1::ROLE_GW, "371403001001");
  head_ = TokenOf("u-head", kernel::v1::ROLE_GH, "371403001001");
}

NotesServer::~NotesServer() { StopAll(); }

void NotesServer::StopAll() {
  if (server_) server_->Stop();
  if (gate_) gate_->Open();
  server_.reset();
  if (service_) service_->Stop();
  audit_.reset();
}

void NotesServer::Build(rpc::ServerOptions options) {
  rpc::ServerParts parts;
  parts.clock = &clock_;
  parts.metrics = &metrics_;
  parts.tokens = verifier_.get();
  parts.audit = audit_.get();
  parts.queue = gate_.get();
  parts.view = kv_;
  parts.vault = &vault_;
  const auto* service = testproto::v1::Command::descriptor()->file()->FindServiceByName("Notes");
  server_ = std::make_unique<rpc::Server>(parts, std::move(options), service, testproto::v1::Command::descriptor());
  server_->Query<GetNote, NoteView>("Get", [this](const rpc::Caller&, const GetNote& request, NoteView* view) {
    const auto stored = service_->Read().Get(request.id());
    if (!stored.ok()) return rpc::Answer(stored.status());
    if (!*stored) return rpc::Answer(kernel::Refusal{kernel::RefusalCode::kNotFound, "NO_NOTE", "", "", "", {}});
    view->set_id(request.id());
    view->set_text((*stored)->state.text());
    view->set_assigned((*stored)->state.assigned());
    *view->mutable_party() = (*stored)->state.party();
    *view->mutable_phone() = (*stored)->state.phone();
    const auto seen = audit_->OfMatter(request.id(), 10);
    if (!seen.ok()) return rpc::Answer(seen.status());
    for (const auto& record : *seen) {
      if (record.field().empty()) continue;
      view->add_seen_by(record.actor_id() + " " + record.field() + " " + record.purpose());
    }
    return rpc::Answer();
  });
  server_->Query<RevealNote, RevealedNote>("Reveal", [this](const rpc::Caller&, const RevealNote& request,
                                                            RevealedNote* answer) {
    const auto stored = service_->Read().Get(request.id());
    if (!stored.ok() || !*stored) return rpc::Answer(absl::NotFoundError(""));
    const auto clear = vault_.Unmask(*kv_, request.id(), (*stored)->state.party(0).name());
    if (!clear.ok()) return rpc::Answer(clear.status());
    answer->set_text(clear->text);
    return rpc::Answer();
  });
  server_->Query<CountNotes, NoteCount>("Count", [this](const rpc::Caller& caller, const CountNotes&, NoteCount* out) {
    in_count_();
    const auto count = service_->Read().Tally("all");
    if (!count.ok()) return rpc::Answer(count.status());
    out->set_count(*count);
    for (const std::string& area : caller.areas) out->add_area(area);
    return rpc::Answer();
  });
  server_->Query<SweepNotes, NoteCount>("Sweep", [](const rpc::Caller& caller, const SweepNotes&, NoteCount* out) {
    out->set_service(caller.actor.service());
    return rpc::Answer();
  });
  AddPrint();
  server_->Prepare<testproto::v1::EraseNote>(
      "Erase", [this](const rpc::Caller&, const testproto::v1::EraseNote& request, kernel::Envelope* envelope) {
        auto ops = vault_.Shred(*kv_, request.id());
        EXPECT_TRUE(ops.ok());
        envelope->attached = *std::move(ops);
        return std::optional<kernel::Refusal>();
      });
}

void NotesServer::AddPrint() {
  using google::api::HttpBody;
  server_->Stream<PrintNotes, HttpBody>("Print", [this](const rpc::Caller&, const PrintNotes& request,
                                                        rpc::NextMessage<HttpBody>* next) {
    if (request.refuse()) {
      return rpc::Answer(kernel::Refusal{kernel::RefusalCode::kNotFound, "NO_NOTE", "", "", "", {}});
    }
    const std::shared_ptr<void> over(nullptr, [this](void*) {
      if (!stream_over_.HasBeenNotified()) stream_over_.Notify();
    });
    *next = [this, &request, over, made = uint32_t{0}](HttpBody* body) mutable -> absl::StatusOr<bool> {
      if (made == request.pieces()) return false;
      if (request.fail_after() > 0 && made == request.fail_after()) return absl::UnavailableError("the disk is away");
      body->set_content_type("text/plain");
      body->set_data(std::string(request.piece_bytes(), static_cast<char>('a' + made % 26)));
      ++made;
      ++pieces_made_;
      return true;
    };
    return rpc::Answer();
  });
}

void NotesServer::Start() {
  if (!server_) Build();
  const absl::Status status = server_->Start();
  ASSERT_TRUE(status.ok()) << status;
}

std::shared_ptr<grpc::Channel> NotesServer::Channel() {
  return rpc::MakeChannel("127.0.0.1:" + std::to_string(server_->port()), "notes", nullptr);
}

std::string NotesServer::TokenOf(const std::string& user, kernel::v1::Role role, const std::string& area,
                                 int64_t lifetime_ms) {
  kernel::v1::Actor actor;
  actor.set_user_id(user);
  actor.set_session_id("s-" + user);
  auto* grant = actor.add_grant();
  grant->set_role(role);
  grant->set_area_code(area);
  grant->set_org_id("org-" + area);
  return signer_.Sign(actor, "t-" + user, clock_.NowMs(), lifetime_ms);
}

rpc::CallResult NotesServer::Call(const std::string& method, const google::protobuf::Message& request,
                                  google::protobuf::Message* response, const std::string& token, int64_t timeout_ms) {
  rpc::CallSettings settings;
  settings.token = token;
  settings.timeout_ms = timeout_ms;
  return rpc::CallUnary(Channel(), "/testproto.v1.Notes/" + method, request, response, settings);
}

testproto::v1::CreateNote NotesServer::GoodNote() {
  testproto::v1::CreateNote note;
  note.set_text("楼上漏水");
  note.set_area_code("371403001001");
  auto* party = note.add_party();
  party->set_name("张三丰");
  party->set_phone("13812345678");
  return note;
}

rpc::CallResult NotesServer::Create(const std::string& token, kernel::v1::Receipt* receipt) {
  kernel::v1::Receipt scratch;
  return Call("Create", GoodNote(), receipt == nullptr ? &scratch : receipt, token);
}

std::vector<rpc::v1::AuditRecord> NotesServer::AuditRecords() {
  audit_.reset();  // writes what is queued
  std::vector<rpc::v1::AuditRecord> out;
  const absl::Status scanned = audit_kv_->Scan(storage::KeySpace::kAudit, "", "", [&](auto, std::string_view value) {
    EXPECT_TRUE(out.emplace_back().ParseFromArray(value.data(), static_cast<int>(value.size())));
    return true;
  });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return out;
}

}  // namespace notes
