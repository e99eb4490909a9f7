// What happens to an upload and to what is kept of it.
// spec: A8
#include <absl/strings/escaping.h>
#include <gtest/gtest.h>

#include "media/v1/notices.pb.h"
#include "services/kernel/document_mark.h"
#include "services/media/domain/media.h"
#include "tests/support/scenario.h"

namespace media {
namespace {

using Matter = tests::Scenario<MediaDomain>;
using namespace kernel::v1;  // NOLINT: roles by their names alone

constexpr int64_t kDay = 24 * 3'600'000LL;
const std::string kDigest(64, 'a');
const std::string kStored = "stored { sha256: '" + kDigest + "' kind: PHOTO content_type: 'image/jpeg' bytes: 900 }";
const kernel::v1::Actor kOwner = tests::ActorOf(ROLE_GW, "o1", "371403001001001", "u1");
const kernel::v1::Actor kOther = tests::ActorOf(ROLE_GW, "o1", "371403001001001", "u2");
const kernel::v1::Actor kPlatform = tests::ActorOf(ROLE_SYS);

TEST(Upload, HasAnOwnerAndAnEnd) {
  Matter upload;
  upload.When("create_upload { length: 1000 }", kOwner, 0)
      .Then({"upload_created { owner_user_id: 'u1' length: 1000 expires_at_ms: 604800000 owner_org: 'o1' }"});
  upload.WhenTimerFires("expire_upload").Then({"upload_expired {}"});
}

// 群众: what a resident uploads is nobody else's.
TEST(Upload, OfAResidentHasNoOrganisation) {
  Matter()
      .When("create_upload { length: 1000 }", tests::ActorOf(ROLE_PUB, "o1", "371403001001", "u9"), 0)
      .Then({"upload_created { owner_user_id: 'u9' length: 1000 expires_at_ms: 604800000 }"});
}

TEST(Upload, SaysHowLargeItWillBe) {
  Matter().When("create_upload {}", kOwner, 0).ThenRefused("LENGTH_NEEDED");
  Matter().When("create_upload { length: 52428800 }", kOwner, 0).ThenPartly({"upload_created {}"});
  Matter().When("create_upload { length: 52428801 }", kOwner, 0).ThenRefused("TOO_LARGE");
  Matter().When("create_upload { length: 18446744073709551615 }", kOwner, 0).ThenRefused("TOO_LARGE");
}

TEST(Upload, IsOneOfNotTooManyOfOnePerson) {
  Matter upload;
  for (int i = 0; i < kOpenUploadsPerUser; ++i) {
    upload.GivenOn("other" + std::to_string(i), {"upload_created { owner_user_id: 'u1' length: 1 }"});
  }
  upload.When("create_upload { length: 1 }", kOwner, 0).ThenRefused("TOO_MANY_UPLOADS");
  upload.When("create_upload { length: 1 }", kOther, 0).ThenPartly({"upload_created {}"});
}

TEST(Upload, OfSomebodyElseDoesNotExist) {
  Matter upload;
  upload.Given({"upload_created { owner_user_id: 'u1' length: 9 }"});
  upload.When("terminate_upload { id: 'm1' }", kOther, 0).ThenRefused("NO_UPLOAD");
  upload.When("store_upload { " + kStored + " }", kOther, 0).ThenRefused("NO_UPLOAD");
  upload.When("terminate_upload { id: 'm1' }", kOwner, 0).Then({"upload_terminated {}"});
  upload.When("terminate_upload { id: 'm1' }", kOwner, 0).ThenRefused("UPLOAD_ENDED");
}

TEST(Upload, ThatIsWholeBecomesABlobThatWaitsToBeReferredTo) {
  Matter upload;
  upload.Given({"upload_created { owner_user_id: 'u1' length: 1000 }"});
  upload.When("store_upload { " + kStored + " }", kOwner, kDay)
      .ThenPartly({"upload_stored { expires_at_ms: 691200000 }",
                   tests::On{"blob/" + kDigest, "blob_stored { expires_at_ms: 691200000 }"}});
  upload.When("store_upload { " + kStored + " }", kOwner, kDay).ThenRefused("UPLOAD_ENDED");
}

TEST(Upload, LargerThanItsKindAllowsIsNotKept) {
  Matter upload;
  upload.Given({"upload_created { owner_user_id: 'u1' length: 30000000 }"});
  upload.When("store_upload { stored { sha256: '" + kDigest + "' kind: PHOTO bytes: 30000000 } }", kOwner, 0)
      .ThenRefused("TOO_LARGE");
}

TEST(Blob, ThatNobodyRefersToIsDoubtedAndThenExpires) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  blob.WhenTimerFires("expire_blob").Then({"blob_doubted { again_at_ms: 608400000 }"});
  blob.When("expire_blob { unclaimed: true }", kPlatform, 7 * kDay).Then({"blob_expired {}"});
  EXPECT_TRUE(MediaDomain::Timers(blob.state()).empty());
}

TEST(Blob, IsDoubtedAgainWhileNobodyCanBeAsked) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }", "blob_doubted { again_at_ms: 608400000 }"});
  blob.WhenTimerFires("expire_blob").Then({"blob_doubted { again_at_ms: 612000000 }"});
}

TEST(Blob, ThatWasUploadedOnceMoreWhileItWasDoubtedStays) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }", "blob_doubted { again_at_ms: 608400000 }",
              "blob_stored { " + kStored + " expires_at_ms: 1209600000 }"});
  blob.When("expire_blob { unclaimed: true }", kPlatform, 7 * kDay).ThenNothing();
}

TEST(Blob, ThatAMatterRefersToNeverExpires) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  blob.When("hear_mention { service: 'mediation' }", kPlatform, kDay)
      .ThenPartly({"blob_linked { service: 'mediation' }", "blob_told {}"});
  blob.When("hear_mention { service: 'mediation' }", kPlatform, kDay).ThenNothing();
  blob.When("expire_blob {}", kPlatform, 100 * kDay).ThenNothing();
  EXPECT_TRUE(MediaDomain::Timers(blob.state()).empty());
}

TEST(Blob, ReferredToBeforeItsBytesCameIsKeptWhenTheyCome) {
  Matter blob({}, "blob/" + kDigest);
  blob.When("hear_mention { service: 'incident' }", kPlatform, 0).Then({"blob_linked { service: 'incident' }"});
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  EXPECT_TRUE(MediaDomain::Timers(blob.state()).empty());
}

// spec: flow-5 R9
TEST(Naming, ByWhoeverUploadedTheBytesIsByRightAndForgetsWhoItWas) {
  Matter blob({}, "blob/" + kDigest);
  blob.GivenOn("up", {"upload_created { owner_user_id: 'u1' length: 9 expires_at_ms: 604800000 }",
                      "upload_stored { " + kStored + " expires_at_ms: 604800000 }"});
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  const std::string by = absl::CHexEscape(kernel::DocumentMark(kDigest, "user", "u1"));
  const std::string naming = "naming { service: 'petition' matter: 'm' code: 'c' by: '" + by + "' }";
  blob.When("hear_mention { service: 'petition' " + naming + " }", kPlatform, kDay)
      .Then({"blob_linked { service: 'petition' by_matter: true }",
             "blob_named { naming { service: 'petition' matter: 'm' code: 'c' by_right: true named_at_ms: 86400000 } }",
             "blob_told { service: 'petition' matter: 'm' }"})
      .AndNotice("media.kept");
}

// spec: flow-5 R9
TEST(Naming, ByAStrangerIsTakenDownAndToldToNobody) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  const std::string heard = "hear_mention { service: 'petition' naming { service: 'petition' matter: 'm' by: 'x' } }";
  blob.When(heard, kPlatform, kDay)
      .Then({"blob_linked { service: 'petition' by_matter: true }",
             "blob_named { naming { service: 'petition' matter: 'm' by: 'x' named_at_ms: 86400000 } }"})
      .AndNoNotice();
  blob.When(heard, kPlatform, 2 * kDay).ThenNothing();  // said again
}

media::v1::Notice NoticeOf(const Matter& matter, size_t at = 0) {
  media::v1::Notice notice;
  EXPECT_TRUE(at < matter.notices().size() && notice.ParseFromString(matter.notices()[at].payload()));
  return notice;
}

TEST(Told, WhenTheMentionComesAfterTheBytes) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  blob.When("hear_mention { service: 'mediation' }", kPlatform, kDay)
      .Then({"blob_linked { service: 'mediation' }", "blob_told { service: 'mediation' }"})
      .AndNotice("media.kept");
  const v1::Notice said = NoticeOf(blob);
  EXPECT_EQ(said.service(), "mediation");
  EXPECT_EQ(said.sha256(), kDigest);
  EXPECT_EQ(said.kind(), v1::PHOTO);
  const kernel::v1::Notice& notice = blob.notices()[0];
  EXPECT_EQ(notice.classification(), kernel::v1::INTERNAL);
  EXPECT_TRUE(notice.matter_code().empty());  // media does not know whose it is
  EXPECT_TRUE(notice.area_code().empty());
  blob.When("hear_mention { service: 'mediation' }", kPlatform, kDay).ThenNothing();  // once
  blob.When("hear_mention { service: 'petition' }", kPlatform, kDay)
      .Then({"blob_linked { service: 'petition' }", "blob_told { service: 'petition' }"});
}

TEST(Told, EveryoneWhoWaitsWhenTheBytesCome) {
  Matter upload;
  upload.GivenOn("blob/" + kDigest, {"blob_linked { service: 'mediation' }", "blob_linked { service: 'petition' }"});
  upload.Given({"upload_created { owner_user_id: 'u1' length: 1000 }"});
  upload.When("store_upload { " + kStored + " }", kOwner, kDay)
      .ThenPartly({"upload_stored {}", tests::On{"blob/" + kDigest, "blob_stored {}"},
                   tests::On{"blob/" + kDigest, "blob_told { service: 'mediation' }"},
                   tests::On{"blob/" + kDigest, "blob_told { service: 'petition' }"}});
  ASSERT_EQ(upload.notices().size(), 2u);
  EXPECT_EQ(NoticeOf(upload).service(), "mediation");
  EXPECT_EQ(NoticeOf(upload, 1).service(), "petition");
  for (const auto& notice : upload.notices()) {
    EXPECT_EQ(notice.payload().find("u1"), std::string::npos);  // nor who has it
  }
}

TEST(Told, OnceThoughTheSameBytesComeAgain) {
  Matter upload;
  upload.GivenOn("blob/" + kDigest, {"blob_stored { " + kStored + " expires_at_ms: 9 }",
                                     "blob_linked { service: 'mediation' }", "blob_told { service: 'mediation' }"});
  upload.Given({"upload_created { owner_user_id: 'u1' length: 1000 }"});
  upload.When("store_upload { " + kStored + " }", kOwner, kDay)
      .ThenPartly({"upload_stored {}", tests::On{"blob/" + kDigest, "blob_stored {}"}})
      .AndNoNotice();
}

// An accusation 检举控告 tells nobody what it refers to: nor does media, who was told when it asked.
TEST(Told, NobodyOfWhatIsReferredToInSilence) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }", "blob_doubted { again_at_ms: 608400000 }"});
  blob.When("hear_mention { service: 'petition' in_silence: true }", kPlatform, 8 * kDay)
      .Then({"blob_linked { service: 'petition' in_silence: true }"})
      .AndNoNotice();
  EXPECT_TRUE(MediaDomain::Timers(blob.state()).empty());  // it stays all the same
  blob.When("tell_kept { service: 'petition' }", kPlatform, 8 * kDay).ThenNothing();
  Matter again;
  again.GivenOn("blob/" + kDigest, {"blob_stored { " + kStored + " expires_at_ms: 9 }",
                                    "blob_linked { service: 'petition' in_silence: true }"});
  again.Given({"upload_created { owner_user_id: 'u1' length: 1000 }"});
  again.When("store_upload { " + kStored + " }", kOwner, 9 * kDay).AndNoNotice();
}

// Another petition, an open one, has the same paper and says so.
TEST(Told, WhoSpeaksOfItAfterHavingKeptSilent) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }",
              "blob_linked { service: 'petition' in_silence: true }"});
  blob.When("hear_mention { service: 'petition' }", kPlatform, 9 * kDay)
      .Then({"blob_linked { service: 'petition' }", "blob_told { service: 'petition' }"})
      .AndNotice("media.kept");
  EXPECT_EQ(blob.state().blob().service_size(), 1);
  EXPECT_EQ(blob.state().blob().in_silence_size(), 0);
}

// A blob that lay here, referred to, before media told such things.
TEST(Told, WhatLayHereBefore) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 9 }", "blob_linked { service: 'mediation' }"});
  blob.When("tell_kept { service: 'mediation' }", kOwner, kDay).ThenNothing();  // the platform's own word alone
  blob.When("tell_kept { service: 'petition' }", kPlatform, kDay).ThenNothing();
  blob.When("tell_kept { service: 'mediation' }", kPlatform, kDay)
      .Then({"blob_told { service: 'mediation' }"})
      .AndNotice("media.kept");
  blob.When("tell_kept { service: 'mediation' }", kPlatform, kDay).ThenNothing();
  Matter without_bytes({}, "blob/" + kDigest);
  without_bytes.Given({"blob_linked { service: 'mediation' }"});
  without_bytes.When("tell_kept { service: 'mediation' }", kPlatform, kDay).ThenNothing();
}

TEST(Blob, IsToldToExpireByTheClockAlone) {
  Matter blob({}, "blob/" + kDigest);
  blob.Given({"blob_stored { " + kStored + " expires_at_ms: 604800000 }"});
  blob.When("expire_blob {}", kOwner, 100 * kDay).ThenNothing();
  blob.When("expire_blob {}", kPlatform, kDay).ThenNothing();
  blob.When("expire_blob { unclaimed: true }", kOwner, 100 * kDay).ThenNothing();
  blob.When("expire_blob { unclaimed: true }", kPlatform, 100 * kDay).ThenNothing();  // it was never doubted
}

TEST(Blob, IsNamedByADigestAndNothingElse) {
  EXPECT_EQ(Sha256Of("blob/" + kDigest), kDigest);
  EXPECT_EQ(Sha256Of("blob/../../etc/passwd"), "");
  EXPECT_EQ(Sha256Of("blob/" + std::string(64, 'A')), "");
  EXPECT_EQ(Sha256Of(kDigest), "");
  Matter({}, "blob/nonsense")
      .When("hear_mention { service: 'incident' }", kPlatform, 0)
      .ThenNothing();
}

}  // namespace
}  // namespace media
