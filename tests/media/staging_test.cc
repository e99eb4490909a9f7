// Uploads while they grow, over files on a disk.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/crypto.h"
#include "base/digest.h"
#include "services/media/staging.h"
#include "tests/media/flip_bit.h"
#include "tests/support/temp_dir.h"

namespace media {
namespace {

const std::string kId = "01JDB0000000000000000000AA";

class StagingTest : public ::testing::TestWithParam<rpc::CipherProfile> {
 protected:
  StagingTest() { Reopen(); }
  // As after a kill: whatever was in memory is gone.
  void Reopen() {
    staging_ = Staging::Make(directory_ / "staging", FileKeys(GetParam(), std::string(32, 'k'))).value();
  }
  Staging::Added Add(uint64_t offset, std::string_view data, bool more = false, std::string_view algorithm = {},
                     std::string_view checksum = {}) {
    auto added = staging_->Add(kId, length_, {offset, data, more, algorithm, checksum});
    EXPECT_TRUE(added.ok()) << added.status();
    return *added;
  }
  std::string Reason(const Staging::Added& added) { return added.refusal ? added.refusal->reason : ""; }
  std::string Content() {
    std::string content;
    EXPECT_TRUE(staging_->With(kId, [&](Source& source) {
      content = source.Read(0, source.size() + 10);
      return absl::OkStatus();
    }).ok());
    return content;
  }
  std::string FilePath() { return directory_ / "staging/" + kId; }

  tests::TempDir directory_;
  uint64_t length_ = 1'000'000;
  std::unique_ptr<Staging> staging_;
};

TEST_P(StagingTest, GrowsWhereItEnds) {
  EXPECT_EQ(Add(0, "abc").offset, 3u);
  EXPECT_EQ(Add(3, "def").offset, 6u);
  EXPECT_EQ(Content(), "abcdef");
  EXPECT_EQ(Reason(Add(3, "x")), "OFFSET_CONFLICT");
  EXPECT_EQ(Reason(Add(7, "x")), "OFFSET_CONFLICT");
  EXPECT_EQ(Content(), "abcdef");
}

TEST_P(StagingTest, WhatWasAcknowledgedIsThereAfterAKill) {
  const std::string part(200'000, 'p');
  Add(0, part);
  Add(200'000, part);
  Reopen();
  EXPECT_EQ(*staging_->OffsetOf(kId), 400'000u);
  EXPECT_EQ(Content(), part + part);
}

TEST_P(StagingTest, WhatWasNotIsForgotten) {
  Add(0, "counts");
  Add(6, "does not", true);
  EXPECT_EQ(*staging_->OffsetOf(kId), 6u);
  Reopen();
  EXPECT_EQ(*staging_->OffsetOf(kId), 6u);
  EXPECT_EQ(Add(6, "now").offset, 9u);
  EXPECT_EQ(Content(), "countsnow");
}

// A power cut may leave any part of the last write.
TEST_P(StagingTest, TornAnywhereItStandsWhereItWasAcknowledged) {
  Add(0, "counts");
  const auto acknowledged = std::filesystem::file_size(FilePath());
  Add(6, std::string(70'000, 'x'));
  const auto all = std::filesystem::file_size(FilePath());
  for (auto size = all - 1; size >= acknowledged; size -= 997) {
    std::filesystem::resize_file(FilePath(), size);
    Reopen();
    EXPECT_EQ(*staging_->OffsetOf(kId), 6u) << size;
    if (size < acknowledged + 997) break;
  }
  EXPECT_EQ(Content(), "counts");
}

TEST_P(StagingTest, ComparesChecksumsOfOnePartAndOfMany) {
  const std::string sha256 = base::Sha256("abc");
  EXPECT_EQ(Reason(Add(0, "abd", false, "sha256", sha256)), "CHECKSUM_MISMATCH");
  EXPECT_EQ(*staging_->OffsetOf(kId), 0u) << "what does not match is thrown away";
  EXPECT_EQ(Add(0, "abc", false, "sha256", sha256).offset, 3u);
  base::Digest sha1(base::Digest::Algorithm::kSha1);
  sha1.Update("defghi");
  Add(3, "def", true, "sha1");
  EXPECT_EQ(Add(6, "ghi", false, "sha1", sha1.Finish()).offset, 9u);
  Add(9, "jkl", true, "sha1");
  EXPECT_EQ(Reason(Add(12, "mno", false, "sha1", std::string(20, 'x'))), "CHECKSUM_MISMATCH");
  EXPECT_EQ(Content(), "abcdefghi");
  EXPECT_EQ(Reason(Add(9, "x", false, "md5", "x")), "CHECKSUM_UNKNOWN");
  EXPECT_EQ(Reason(Add(9, "x", false, "sha1", "short")), "CHECKSUM_UNKNOWN");
}

TEST_P(StagingTest, NeverGrowsBeyondWhatWasSaid) {
  length_ = 5;
  EXPECT_EQ(Reason(Add(0, "abcdef")), "UPLOAD_TOO_LONG");
  Add(0, "abcd");
  EXPECT_EQ(Reason(Add(4, "ef")), "UPLOAD_TOO_LONG");
  EXPECT_EQ(Reason(Add(UINT64_MAX, "e")), "OFFSET_CONFLICT");
  EXPECT_EQ(Content(), "abcd");
}

TEST_P(StagingTest, OfTwoAtOneTimeOneIsTaken) {
  std::atomic<int> taken = 0, refused = 0;
  std::vector<std::jthread> people;
  for (int i = 0; i < 4; ++i) {
    people.emplace_back([&] {
      const auto added = staging_->Add(kId, length_, {0, "same place", false, {}, {}});
      ASSERT_TRUE(added.ok());
      ++(added->refusal ? refused : taken);
    });
  }
  people.clear();
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(Content(), "same place");
}

TEST_P(StagingTest, IsUnreadableOnTheDisk) {
  Add(0, "身份证号 371403199001011234");
  std::ifstream file(FilePath(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(bytes.find("3714"), std::string::npos);
}

TEST_P(StagingTest, ChangedOnTheDiskIsNotGivenOut) {
  Add(0, std::string(100, 'a'));
  FlipBit(FilePath(), 150);
  Reopen();
  EXPECT_EQ(Content(), "");
}

TEST_P(StagingTest, IsNamedByAnUploadAndNothingElse) {
  for (const std::string& id : {std::string("../../etc/passwd"), std::string(""), kId + "/..", std::string("blob/x")}) {
    EXPECT_FALSE(staging_->Add(id, 10, {0, "x", false, {}, {}}).ok()) << id;
    EXPECT_FALSE(staging_->OffsetOf(id).ok());
  }
}

TEST_P(StagingTest, ManyAtOnceShareTheOpenFiles) {
  for (int i = 0; i < 300; ++i) {
    char id[27];
    snprintf(id, sizeof(id), "01JDB000000000000000%06d", i);
    ASSERT_TRUE(staging_->Add(id, 10, {0, "x", false, {}, {}}).ok());
  }
  EXPECT_EQ(staging_->Ids()->size(), 300u);
}

INSTANTIATE_TEST_SUITE_P(Profiles, StagingTest,
                         ::testing::Values(rpc::CipherProfile::kAesGcm, rpc::CipherProfile::kSm4Sm3),
                         [](const auto& one) { return one.param == rpc::CipherProfile::kAesGcm ? "Aes" : "Sm4"; });

}  // namespace
}  // namespace media
