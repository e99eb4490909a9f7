// People at the desk of media: uploads become blobs, and bytes go to whoever may have them.
#include "services/media/desk.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/crypto.h"
#include "common/v1/download.pb.h"
#include "media/v1/notices.pb.h"
#include "mediation/v1/api.pb.h"
#include "services/media/janitor.h"
#include "tests/media/pictures.h"
#include "tests/support/driven.h"
#include "tests/support/scenario.h"
#include "tests/support/temp_dir.h"

namespace media {
namespace {

using google::api::HttpBody;
using namespace kernel::v1;  // NOLINT: roles by their names alone

const std::string kId = "01JDB0000000000000000000AA";
constexpr int64_t kNow = 1'800'000'000'000;

class DeskTest : public ::testing::Test, protected kernel::CommandQueue {
 protected:
  DeskTest()
      : engine_(kNow, Terms{}),
        staging_(Staging::Make(directory_ / "staging", Keys()).value()),
        blobs_(BlobStore::Make(directory_ / "blobs", Keys()).value()),
        door_([this](const std::string& service, const std::string& path, const google::protobuf::Message& request,
                     google::protobuf::Message* response, const rpc::CallSettings& settings) {
          return AskCase(service, path, request, response, settings);
        }),
        desk_(Parts()) {
    actor_ = tests::ActorOf(ROLE_GW, "o1", "371403001001001", "u1");
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

  // The service of a matter, in two words: it shows `shown_` to u1.
  rpc::CallResult AskCase(const std::string& service, const std::string& path, const google::protobuf::Message& request,
                          google::protobuf::Message* response, const rpc::CallSettings& settings) {
    ++asked_;
    rpc::CallResult result;
    if (path == "/petition.v1.Petitions/HoldsDocument") return AskSilent(request, response, settings);
    EXPECT_EQ(settings.token, "token of " + actor_.user_id()) << "asked as the person, not as media";
    if (case_down_) {
      result.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
    } else if (service != "mediation" || actor_.user_id() != "u1") {
      result.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
    } else if (path == "/mediation.v1.Mediation/GetFileIndex") {
      mediation::v1::GetFileIndexRequest asked;
      EXPECT_TRUE(asked.ParseFromString(request.SerializeAsString()));
      EXPECT_EQ(asked.id(), "case1");
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
    engine_.Do(BlobId(upload_.sha256()), "expire_blob {}", tests::ActorOf(ROLE_SYS));
    EXPECT_EQ(janitor->Follow(seq).ok(), !case_down_);
  }

  rpc::Caller Caller() {
    rpc::Caller caller;
    caller.actor = actor_;
    caller.token = "token of " + actor_.user_id();
    caller.note = &note_;
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
  bool case_down_ = false;
  std::string in_silence_;
  int asked_ = 0;
};

TEST_F(DeskTest, AWholePhotographIsKeptCleanUnderItsDigest) {
  EXPECT_EQ(Upload(Jpeg(JpegSegment(0xe1, ExifOf(1)))), "");
  EXPECT_EQ(upload_.status(), v1::STORED);
  EXPECT_EQ(upload_.content_type(), "image/jpeg");
  EXPECT_EQ(upload_.sha256(), base::Hex(base::Sha256(Jpeg()))) << "of the bytes as kept";
  EXPECT_EQ(upload_.bytes(), Jpeg().size());
  HttpBody first;
  EXPECT_EQ(Own(&first), Jpeg());
  EXPECT_EQ(first.content_type(), "image/jpeg");
  common::v1::Download download;
  ASSERT_EQ(first.extensions_size(), 1);
  ASSERT_TRUE(first.extensions(0).UnpackTo(&download));
  EXPECT_EQ(download.etag(), upload_.sha256());
}

TEST_F(DeskTest, WhatIsNoPhotographVoiceOrPaperIsNotKept) {
  EXPECT_EQ(Upload("<html><script>alert(1)</script>"), "TYPE_NOT_ALLOWED");
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(upload_.status(), v1::REFUSED);
  EXPECT_EQ(upload_.reason(), "TYPE_NOT_ALLOWED");
  EXPECT_EQ(Append(0, "x"), "UPLOAD_ENDED");
  EXPECT_EQ(Own(), "[NO_UPLOAD]");
}

TEST_F(DeskTest, ADamagedPhotographIsNotKept) {
  EXPECT_EQ(Upload(Jpeg().substr(0, 100)), "DAMAGED");
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(upload_.status(), v1::REFUSED);
}

TEST_F(DeskTest, AnUploadIsLookedAtByItsOwnerAlone) {
  Upload(Png());
  actor_.set_user_id("u2");
  EXPECT_EQ(Look(), "NO_UPLOAD");
  EXPECT_EQ(Append(0, "x"), "NO_UPLOAD");
  EXPECT_EQ(Own(), "[NO_UPLOAD]");
}

// Whole on the disk, but the process ended before it was recorded.
TEST_F(DeskTest, AnUploadThatWasWholeWhenTheProcessEndedIsEndedByTheNextLook) {
  const std::string file = Png();
  Create(file.size());
  ASSERT_TRUE(staging_->Add(kId, file.size(), {0, file, false, {}, {}}).ok());
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(upload_.status(), v1::STORED);
  EXPECT_EQ(upload_.sha256(), base::Hex(base::Sha256(file)));
}

TEST_F(DeskTest, TheSameBytesTwiceAreOneBlob) {
  Upload(Png());
  const std::string sha256 = upload_.sha256();
  v1::Command command;
  command.mutable_create_upload()->set_length(Png().size());
  const std::string second = "01JDB0000000000000000000BB";
  engine_.Do(second, command, actor_);
  v1::AppendUploadRequest request;
  request.set_id(second);
  request.set_data(Png());
  EXPECT_EQ(ReasonOf(desk_.Append(Caller(), request, &upload_)), "");
  EXPECT_EQ(upload_.sha256(), sha256);
  EXPECT_EQ(*engine_.Read().Tally("blob/PHOTO"), 1u);
}

TEST_F(DeskTest, ADocumentGoesToWhomItsMatterShowsIt) {
  Upload(Png());
  shown_ = upload_.sha256();
  EXPECT_EQ(Document("mediation", "case1", shown_), Png());
  actor_.set_user_id("u2");
  EXPECT_EQ(Document("mediation", "case1", shown_), "[NO_DOCUMENT]");
}

// spec: A11
TEST_F(DeskTest, NoDocumentAndNotForYouAreOneAnswer) {
  Upload(Png());
  const std::string there = upload_.sha256();
  const std::string nowhere(64, 'f');
  shown_ = std::string(64, 'e');
  EXPECT_EQ(Document("mediation", "case1", there), "[NO_DOCUMENT]") << "kept, but not of this matter";
  EXPECT_EQ(Document("mediation", "case1", nowhere), "[NO_DOCUMENT]");
  EXPECT_EQ(Document("petition", "sealed", there), "[NO_DOCUMENT]") << "the petition service says there is none";
  EXPECT_EQ(Document("directory", "case1", there), "[NO_DOCUMENT]") << "a service without matters";
  EXPECT_EQ(Document("mediation", "case1", shown_), "[NO_DOCUMENT]") << "referred to, but its bytes never came";
  asked_ = 0;
  EXPECT_EQ(Document("mediation", "case1", "../../../etc/passwd"), "[NO_DOCUMENT]");
  EXPECT_EQ(asked_, 0);
}

TEST_F(DeskTest, WhoCannotBeAskedIsAnErrorAndNotANo) {
  Upload(Png());
  case_down_ = true;
  v1::ReadDocumentRequest request;
  request.set_service("mediation");
  request.set_id("case1");
  request.set_sha256(upload_.sha256());
  rpc::NextMessage<HttpBody> next;
  EXPECT_TRUE(absl::IsUnavailable(desk_.ReadDocument(Caller(), request, &next).status()));
}

TEST_F(DeskTest, WhatAMatterHasIsHadThroughTheMatter) {
  Upload(Png());
  engine_.Do(BlobId(upload_.sha256()), "hear_mention { service: 'mediation' }", tests::ActorOf(ROLE_SYS));
  EXPECT_EQ(Own(), "[NO_UPLOAD]");
}

TEST_F(DeskTest, TheJanitorRemovesWhatNothingStandsForAndNothingElse) {
  Janitor janitor([this] { return engine_.Read(); }, staging_.get(), blobs_.get(), &door_, this);
  uint64_t seq = 0;
  const std::string half = "01JDB0000000000000000000CC";
  v1::Command command;
  command.mutable_create_upload()->set_length(100);
  engine_.Do(half, command, actor_);
  ASSERT_TRUE(staging_->Add(half, 100, {0, "half", false, {}, {}}).ok());
  Upload(Png());
  const std::string sha256 = upload_.sha256();
  ASSERT_TRUE(janitor.Follow(&seq).ok());
  EXPECT_EQ(*staging_->Ids(), std::vector<std::string>{half}) << "what became a blob is staged no more";
  EXPECT_TRUE(BlobLies(sha256));
  engine_.clock().Advance(8 * 24 * 3'600'000LL);
  engine_.Do(half, "expire_upload {}", tests::ActorOf(ROLE_SYS));
  engine_.Do(BlobId(sha256), "expire_blob {}", tests::ActorOf(ROLE_SYS));
  ASSERT_TRUE(janitor.Follow(&seq).ok());
  EXPECT_TRUE(staging_->Ids()->empty());
  EXPECT_FALSE(BlobLies(sha256));
  EXPECT_EQ(Own(), "[NO_UPLOAD]");
}

// An accusation tells nobody what it refers to: the only scan of its mandate was gone after a week.
TEST_F(DeskTest, WhatAnAccusationAloneRefersToIsNotRemoved) {
  Janitor janitor([this] { return engine_.Read(); }, staging_.get(), blobs_.get(), &door_, this);
  uint64_t seq = 0;
  Upload(Png());
  in_silence_ = upload_.sha256();
  AWeekPasses(&janitor, &seq);
  EXPECT_TRUE(BlobLies(upload_.sha256()));
  const auto blob = engine_.Read().Get(BlobId(upload_.sha256()));
  EXPECT_TRUE(MediaDomain::Timers((*blob)->state).empty()) << "kept for ever";
}

TEST_F(DeskTest, NothingIsRemovedWhileWhoKeepsSilentCannotBeAsked) {
  Janitor janitor([this] { return engine_.Read(); }, staging_.get(), blobs_.get(), &door_, this);
  uint64_t seq = 0;
  Upload(Png());
  case_down_ = true;
  AWeekPasses(&janitor, &seq);
  EXPECT_TRUE(BlobLies(upload_.sha256()));
  case_down_ = false;
  AWeekPasses(&janitor, &seq);
  EXPECT_FALSE(BlobLies(upload_.sha256())) << "asked again, and nobody holds it";
}

TEST_F(DeskTest, TheSweepFindsWhatACrashLeft) {
  Janitor janitor([this] { return engine_.Read(); }, staging_.get(), blobs_.get(), &door_, this);
  TextSource source("renamed, never recorded");
  const auto written = blobs_->Write(source, {{0, source.size(), ""}}, "w");
  ASSERT_TRUE(blobs_->Keep(*written, [] { return absl::OkStatus(); }).ok());
  ASSERT_TRUE(staging_->Add("01JDB0000000000000000000DD", 9, {0, "x", false, {}, {}}).ok());
  Upload(Png());
  ASSERT_TRUE(janitor.Sweep(3600).ok());
  EXPECT_TRUE(BlobLies(written->sha256)) << "somebody may be about to record it";
  ASSERT_TRUE(janitor.Sweep(-10).ok());
  EXPECT_FALSE(BlobLies(written->sha256));
  EXPECT_TRUE(BlobLies(upload_.sha256()));
  EXPECT_TRUE(staging_->Ids()->empty());
}

}  // namespace
}  // namespace media
