// The allow-list and the key files.
#include "services/bus/access.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "services/bus/curve_keys.h"

namespace bus {
namespace {

class Folder {
 public:
  Folder() : path_(testing::TempDir() + "bus-XXXXXX") { EXPECT_NE(mkdtemp(path_.data()), nullptr); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string PeerText(const std::string& service, const std::string& key, const std::string& more = "") {
  return "peer { service: '" + service + "' public_key: \"" + key + "\" consumer: '" + service + "/*' " +
         more + "}\n";
}

void WriteFile(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";  // as tools do: a whole file takes the place of the other
  std::ofstream(fresh) << text;
  std::filesystem::rename(fresh, path);
}

TEST(AccessList, NamesEntryAndFieldOfAMistake) {
  const std::string key = NewCurveKeyPair().public_key;
  const auto message = [](const std::string& text) {
    return std::string(AccessList::Parse(text, 0).status().message());
  };
  EXPECT_EQ(AccessList::Parse(PeerText("mediation", key), 0)->size(), 1u);
  EXPECT_NE(message(PeerText("", key)).find("peer 1, service"), std::string::npos);
  EXPECT_NE(message(PeerText("a", key) + PeerText("b", "short")).find("peer 2, public_key"),
            std::string::npos);
  EXPECT_NE(message(PeerText("a", key) + PeerText("b", key)).find("given twice"), std::string::npos);
  EXPECT_NE(message("peer { service: 'a' public_key: \"" + key + "\" }").find("consumer"), std::string::npos);
  EXPECT_NE(message("peer { colour: 'red' }").find("line 1"), std::string::npos)
      << "unknown fields are refused";
  EXPECT_NE(message("peer { service: 'a' public_key: \"" + key + "\" consumer: '*' }").find("too wide"),
            std::string::npos);
}

TEST(AccessList, ConsumerIdsAreExactOrAFolder) {
  const AllowedPeer peer{"mediation", {"mediation/*", "shared"}, {}};
  EXPECT_TRUE(peer.MayUse("mediation/main"));
  EXPECT_TRUE(peer.MayUse("shared"));
  EXPECT_FALSE(peer.MayUse("shared2"));
  EXPECT_FALSE(peer.MayUse("mediation/"));
  EXPECT_FALSE(peer.MayUse("mediation"));
  EXPECT_FALSE(peer.MayUse("mediation-evil/main"));
}

TEST(AccessFile, IsReadAgainWhenItChangesAndKeepsTheLastGoodList) {
  const Folder folder;
  const std::string path = folder.File("bus.allow");
  const std::string first = NewCurveKeyPair().public_key, second = NewCurveKeyPair().public_key;
  WriteFile(path, PeerText("mediation", first));
  absl::StatusOr<AccessFile> file = AccessFile::Open(path, 0);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(*file->Refresh(0)) << "unchanged";
  WriteFile(path, PeerText("mediation", first) + PeerText("mediation", second));
  EXPECT_TRUE(*file->Refresh(0));
  EXPECT_TRUE(file->Allows(second));
  WriteFile(path, "peer { nonsense");
  EXPECT_FALSE(file->Refresh(0).ok());
  EXPECT_TRUE(file->Allows(first));
  std::filesystem::remove(path);
  EXPECT_FALSE(file->Refresh(0).ok());
  EXPECT_TRUE(file->Allows(first));
  WriteFile(path, PeerText("mediation", second));
  EXPECT_TRUE(*file->Refresh(0));
  EXPECT_FALSE(file->Allows(first));
}

TEST(AccessFile, AnEntryEndsAtItsTime) {
  const Folder folder;
  const std::string path = folder.File("bus.allow");
  const std::string key = NewCurveKeyPair().public_key;
  WriteFile(path, PeerText("mediation", key, "not_after_ms: 1000 "));
  absl::StatusOr<AccessFile> file = AccessFile::Open(path, 999);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->Allows(key));
  EXPECT_FALSE(*file->Refresh(999));
  EXPECT_TRUE(*file->Refresh(1'000));
  EXPECT_FALSE(file->Allows(key));
  EXPECT_FALSE(*file->Refresh(1'001));
}

TEST(CurveKeys, AreWrittenOnceAndASecretOthersCanReadIsRefused) {
  const Folder folder;
  const CurveKeyPair pair = NewCurveKeyPair();
  const std::string path = folder.File("incident.curve");
  ASSERT_TRUE(WriteKeyFiles(pair, path).ok());
  EXPECT_FALSE(WriteKeyFiles(NewCurveKeyPair(), path).ok()) << "a key is never overwritten";
  EXPECT_EQ(*ReadSecretKeyFile(path), pair.secret_key);
  EXPECT_EQ(*ReadPublicKeyFile(path + ".pub"), pair.public_key);
  EXPECT_EQ(*PublicKeyOf(pair.secret_key), pair.public_key);
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(ReadSecretKeyFile(path).status()));
  WriteFile(folder.File("bad"), "not a key\n");
  EXPECT_FALSE(ReadPublicKeyFile(folder.File("bad")).ok());
  EXPECT_FALSE(ReadPublicKeyFile(folder.File("missing")).ok());
}

}  // namespace
}  // namespace bus
