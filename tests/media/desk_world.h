#pragma once
// The desk of media with a real engine, real files, and services of matters that show what a test says.

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "media/v1/notices.pb.h"
#include "mediation/v1/api.pb.h"
#include "services/media/desk.h"
#include "services/media/janitor.h"
#include "tests/media/pictures.h"
#include "tests/support/driven.h"
#include "tests/support/scenario.h"
#include "tests/support/temp_dir.h"

namespace media {

inline const std::string kId = "01JDB0000000000000000000AA";
inline constexpr int64_t kNow = 1'800'000'000'000;

class DeskTest : public ::testing::Test, protected kernel::CommandQueue {
 protected:
  using HttpBody = google::api::HttpBody;
  DeskTest()
      : engine_(kNow, Terms{}),
        staging_(Staging::Make(directory_ / "staging", Keys()).value()),
        blobs_(BlobStore::Make(directory_ / "blobs", Keys()).value()),
        door_([this](const std::string& service, const std::string& path, const google::protobuf::Message& request,
                     google::protobuf::Message* response, const rpc::CallSettings& settings) {
          return AskCase(service, path, request, response, settings);
        }),
        desk_(Parts()) {
    actor_ = tests::ActorOf(kernel::v1::ROLE_GW, "o1", "371403001001001", "u1");
  }
  static FileKeys Keys() { return FileKeys(rpc::CipherProfile::kAesGcm, std::string(32, 'k')); }
  DeskParts Parts() {
    DeskParts parts;
    parts.read = [this] { return engine_.Read(); };
    parts.queue = this;
    parts.staging = staging_.get();
    parts.blobs = blobs_.get();
    parts.door = &door_;
    return parts;
  }
  void Submit(kernel::Envelope envelope) override {
    auto& command = static_cast<v1::Command&>(*envelope.command);
    const auto outcome = engine_.Do(envelope.aggregate_id, std::move(command), envelope.actor);
    envelope.done(outcome);
  }

  // The services of matters: they show `shown_` in each of `matters_` to each of `readers_`; of a petition in `sealed_`
  // in the list of its documents alone.
  rpc::CallResult AskCase(const std::string& service, const std::string& path, const google::protobuf::Message& request,
                          google::protobuf::Message* response, const rpc::CallSettings& settings) {
    ++asked_;
    rpc::CallResult result;
    if (path == "/petition.v1.Petitions/HoldsDocument") return AskSilent(request, response, settings);
    EXPECT_EQ(settings.token, "token of " + actor_.user_id()) << "asked as the person, not as media";
    mediation::v1::GetFileIndexRequest asked;
    EXPECT_TRUE(asked.ParseFromString(request.SerializeAsString()));
    const std::string matter = service + "/" + asked.id();
    if (case_down_) {
      result.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
    } else if (!matters_.contains(matter) || !readers_.contains(actor_.user_id()) ||
               sealed_.contains(matter) != path.ends_with("ListSealedDocuments")) {
      result.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
    } else if (path != "/mediation.v1.Mediation/GetCase") {
      mediation::v1::FileIndex index;
      index.add_line()->set_title_zh("证据材料");
      index.add_line()->add_sha256(shown_);
      response->ParseFromString(index.SerializeAsString());
    }
    return result;
  }

  // Petition, about accusations: it holds `in_silence_`.
  rpc::CallResult AskSilent(const google::protobuf::Message& request, google::protobuf::Message* response,
                            const rpc::CallSettings& settings) {
    EXPECT_EQ(settings.token, "") << "asked as media: nobody is told whose question it is";
    rpc::CallResult result;
    if (case_down_) result.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
    const auto& asked = static_cast<const v1::HoldsDocumentRequest&>(request);
    if (!case_down_ && asked.sha256() == in_silence_) {
      static_cast<v1::HoldsDocumentResponse*>(response)->set_holds(true);
    }
    return result;
  }
  // The week passes in which somebody has to refer to what was uploaded, and the janitor looks.
  void AWeekPasses(Janitor* janitor, uint64_t* seq) {
    engine_.clock().Advance(8 * 24 * 3'600'000LL);
    engine_.Do(BlobId(upload_.sha256()), "expire_blob {}", tests::ActorOf(kernel::v1::ROLE_SYS));
    EXPECT_EQ(janitor->Follow(seq).ok(), !case_down_);
  }

  rpc::Caller Caller() {
    rpc::Caller caller;
    caller.actor = actor_;
    caller.token = "token of " + actor_.user_id();
    caller.note = &note_;
    caller.now_ms = engine_.clock().NowMs();
    return caller;
  }
  static std::string ReasonOf(const rpc::Answer& answer) {
    EXPECT_TRUE(answer.status().ok()) << answer.status();
    return answer.refusal() ? answer.refusal()->reason : "";
  }
  void Create(uint64_t length) {
    v1::Command command;
    command.mutable_create_upload()->set_length(length);
    EXPECT_FALSE(engine_.Do(kId, command, actor_).refusal);
  }
  std::string Append(uint64_t offset, const std::string& data) {
    v1::AppendUploadRequest request;
    request.set_id(kId);
    request.set_offset(offset);
    request.set_data(data);
    upload_.Clear();
    return ReasonOf(desk_.Append(Caller(), request, &upload_));
  }
  std::string Upload(const std::string& file) {
    Create(file.size());
    return Append(0, file);
  }
  std::string Look() {
    v1::GetUploadRequest request;
    request.set_id(kId);
    upload_.Clear();
    return ReasonOf(desk_.Get(Caller(), request, &upload_));
  }
  // Everything a stream gives; a refusal's reason in brackets.
  static std::string Everything(const rpc::Answer& answer, const rpc::NextMessage<HttpBody>& next, HttpBody* first) {
    if (!answer.ok()) return "[" + ReasonOf(answer) + "]";
    std::string content;
    for (HttpBody body;; body.Clear()) {
      const auto more = next(&body);
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return content;
      if (content.empty() && first != nullptr) *first = body;
      content += body.data();
    }
  }
  std::string Own(HttpBody* first = nullptr) {
    v1::ReadUploadRequest request;
    request.set_id(kId);
    rpc::NextMessage<HttpBody> next;
    const rpc::Answer answer = desk_.ReadUpload(Caller(), request, &next);
    return Everything(answer, next, first);
  }
  std::string Document(const std::string& service, const std::string& id, const std::string& sha256) {
    v1::ReadDocumentRequest request;
    request.set_service(service);
    request.set_id(id);
    request.set_sha256(sha256);
    rpc::NextMessage<HttpBody> next;
    const rpc::Answer answer = desk_.ReadDocument(Caller(), request, &next);
    return Everything(answer, next, nullptr);
  }
  bool BlobLies(const std::string& sha256) { return blobs_->Read(sha256).ok(); }

  tests::TempDir directory_;
  kernel::v1::Actor actor_;
  rpc::AuditNote note_;
  tests::Driven<MediaDomain> engine_;
  std::unique_ptr<Staging> staging_;
  std::unique_ptr<BlobStore> blobs_;
  CaseDoor door_;
  Desk desk_;
  v1::Upload upload_;
  std::string shown_;
  std::set<std::string> matters_ = {"mediation/case1"}, sealed_, readers_ = {"u1"};
  bool case_down_ = false;
  std::string in_silence_;
  int asked_ = 0;
};

}  // namespace media
