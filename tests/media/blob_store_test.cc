// Files under their digest: whole or not there.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/crypto.h"
#include "services/media/blob_store.h"
#include "tests/media/flip_bit.h"
#include "tests/support/temp_dir.h"

namespace media {
namespace {

class Blobs : public ::testing::Test {
 protected:
  Blobs() : store_(BlobStore::Make(directory_ / "blobs", Keys()).value()) {}
  static FileKeys Keys(char master = 'k') { return FileKeys(rpc::CipherProfile::kAesGcm, std::string(32, master)); }
  std::string Put(std::string_view content) {
    TextSource source(content);
    const auto written = store_->Write(source, {{0, content.size(), ""}}, "w" + std::to_string(++writes_));
    EXPECT_TRUE(written.ok()) << written.status();
    EXPECT_TRUE(store_->Keep(*written, [] { return absl::OkStatus(); }).ok());
    return written->sha256;
  }
  absl::StatusOr<std::string> Content(const std::string& sha256) {
    auto reader = store_->Read(sha256);
    if (!reader.ok()) return reader.status();
    std::string content;
    while (true) {
      auto piece = (*reader)->Next(1000);
      if (!piece.ok()) return piece.status();
      if (piece->empty()) return content;
      content += *piece;
    }
  }
  std::string PathOf(const std::string& sha256) {
    return directory_ / "blobs/" + sha256.substr(0, 2) + "/" + sha256.substr(2, 2) + "/" + sha256;
  }

  tests::TempDir directory_;
  std::unique_ptr<BlobStore> store_;
  int writes_ = 0;
};

TEST_F(Blobs, AreNamedByTheDigestOfWhatIsKept) {
  for (const size_t size : {size_t{1}, kFrameBytes - 1, kFrameBytes, kFrameBytes + 1, 3 * kFrameBytes}) {
    const std::string content(size, 'x');
    const std::string sha256 = Put(content);
    EXPECT_EQ(sha256, base::Hex(base::Sha256(content)));
    EXPECT_EQ(*Content(sha256), content) << size;
  }
}

TEST_F(Blobs, AreMadeOfPiecesAndOfBytesOfOurOwn) {
  TextSource source("keep LOSE keep");
  const auto written = store_->Write(source, {{0, 5, ""}, {0, 0, "ours "}, {10, 4, ""}}, "n");
  ASSERT_TRUE(store_->Keep(*written, [] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(*Content(written->sha256), "keep ours keep");
}

TEST_F(Blobs, AreNotThereBeforeTheyAreWhole) {
  TextSource source("half");
  const auto written = store_->Write(source, {{0, 4, ""}}, "n");
  EXPECT_TRUE(absl::IsNotFound(store_->Read(written->sha256).status()));
  store_ = BlobStore::Make(directory_ / "blobs", Keys()).value();  // after a kill
  EXPECT_FALSE(std::filesystem::exists(written->path)) << "what was being written is nobody's";
  TextSource cut("short");
  EXPECT_FALSE(store_->Write(cut, {{0, 50, ""}}, "n").ok());
}

TEST_F(Blobs, ChangedCutOrSwappedOnTheDiskEndInAnErrorNotInAFile) {
  const std::string one = Put(std::string(200'000, 'a'));
  const std::string two = Put(std::string(200'000, 'b'));
  const auto size = std::filesystem::file_size(PathOf(one));
  for (const uint64_t at : {uint64_t{2}, size / 2, size - 3}) {
    std::filesystem::copy_file(PathOf(one), directory_ / "saved", std::filesystem::copy_options::overwrite_existing);
    FlipBit(PathOf(one), at);
    EXPECT_FALSE(Content(one).ok()) << at;
    std::filesystem::copy_file(directory_ / "saved", PathOf(one), std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::copy_file(PathOf(two), PathOf(one), std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(absl::IsDataLoss(Content(one).status())) << "another's bytes under this name";
  std::filesystem::resize_file(PathOf(two), size - 70'000);
  EXPECT_FALSE(Content(two).ok());
}

TEST_F(Blobs, OpenWithTheRightMasterKeyOnly) {
  const auto other = BlobStore::Make(directory_ / "blobs", Keys('x'));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Blobs, AreRemovedWhenNothingStandsForThem) {
  const std::string sha256 = Put("gone");
  EXPECT_TRUE(store_->Remove(sha256, [] { return absl::StatusOr<bool>(false); }).ok());
  EXPECT_TRUE(Content(sha256).ok());
  EXPECT_TRUE(store_->Remove(sha256, [] { return absl::StatusOr<bool>(true); }).ok());
  EXPECT_TRUE(absl::IsNotFound(Content(sha256).status()));
}

TEST_F(Blobs, AreSweptByAge) {
  const std::string sha256 = Put("x");
  std::vector<std::string> seen;
  const auto see = [&seen](const std::string& digest) {
    seen.push_back(digest);
    return absl::OkStatus();
  };
  EXPECT_TRUE(store_->ForEachOlder(3600, see).ok());
  EXPECT_TRUE(seen.empty());
  std::filesystem::last_write_time(PathOf(sha256),
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_TRUE(store_->ForEachOlder(3600, see).ok());
  EXPECT_EQ(seen, std::vector<std::string>{sha256});
}

}  // namespace
}  // namespace media
