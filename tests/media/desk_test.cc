// People at the desk of media: uploads become blobs, and bytes go to whoever may have them.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/crypto.h"
#include "common/v1/download.pb.h"
#include "tests/media/desk_world.h"

namespace media {
namespace {

using google::api::HttpBody;
using namespace kernel::v1;  // NOLINT: roles by their names alone

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

// Whoever uploads what others have handed in is told what anybody is told, or he would learn that they did.
// spec: flow-5 R9
TEST_F(DeskTest, OnesOwnUploadIsReadForAWeekWhoeverElseHandedTheSameIn) {
  Upload(Png());
  EXPECT_EQ(Own(), Png());
  engine_.Do(BlobId(upload_.sha256()), "hear_mention { service: 'petition' in_silence: true }",
             tests::ActorOf(ROLE_SYS));
  EXPECT_EQ(Own(), Png());
  engine_.clock().Advance(8 * 24 * 3'600'000LL);
  EXPECT_TRUE(BlobLies(upload_.sha256()));
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
