// The identity vault on a real database: what lies on disk, who sees what, and what is left after an erasure. spec: R9
#include "services/rpc/vault.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "services/rpc/sealed_vault.h"
#include "storage/rocks_kv.h"
#include "testproto/notes.pb.h"
#include "tests/support/temp_dir.h"

namespace rpc {
namespace {

using kernel::v1::PERSONAL_NAME;
using kernel::v1::PERSONAL_PHONE;
using storage::KeySpace;
using testproto::v1::CreateNote;
using testproto::v1::NoteView;

constexpr int64_t kNow = 1'791'417'600'000;

std::string AllBytesUnder(const std::string& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return all;
}

class VaultOnDisk : public ::testing::TestWithParam<CipherProfile> {
 protected:
  VaultOnDisk() { Open(); }
  void Open() {
    kv_.reset();
    auto kv = storage::RocksKv::Open(directory_ / "kv", {});
    EXPECT_TRUE(kv.ok()) << kv.status();
    kv_ = *std::move(kv);
  }
  CreateNote Sealed(const std::string& aggregate, const std::string& name, const std::string& phone) {
    CreateNote note;
    note.set_text("楼上漏水");
    auto* party = note.add_party();
    party->set_name(name);
    party->set_phone(phone);
    party->set_address("德城区新湖街道东方红西路1号");
    party->set_id_number("371402198001011234");
    note.add_phone(phone);
    std::vector<storage::Batch::Op> ops;
    EXPECT_TRUE(vault_.Seal(*kv_, aggregate, kNow, ids_, &note, &ops).ok());
    Write(ops);
    return note;
  }
  void Write(const std::vector<storage::Batch::Op>& ops) {
    storage::Batch batch;
    for (const auto& op : ops) {
      if (op.value) batch.Put(op.space, op.key, *op.value);
      if (!op.value) batch.Delete(op.space, op.key);
    }
    ASSERT_TRUE(kv_->Commit(batch, storage::Durability::kSynced).ok());
  }
  std::string Shown(const CreateNote& note) {
    NoteView view;
    *view.mutable_party() = note.party();
    *view.mutable_phone() = note.phone();
    EXPECT_TRUE(vault_.Present(*kv_, &view).ok());
    return view.party(0).name() + " " + view.party(0).phone() + " " + view.party(0).id_number() + " " +
           view.party(0).address() + " " + view.phone(0);
  }

  tests::TempDir directory_;
  std::unique_ptr<storage::RocksKv> kv_;
  IdSource ids_{base::Random(7)};
  Vault vault_{GetParam(), std::string(32, 'm')};
};

TEST_P(VaultOnDisk, LeavesOnlyTokensInTheCommand) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  EXPECT_EQ(note.text(), "楼上漏水");
  EXPECT_TRUE(IsVaultToken(note.party(0).name()));
  EXPECT_TRUE(IsVaultToken(note.party(0).phone()));
  EXPECT_TRUE(IsVaultToken(note.party(0).id_number()));
  EXPECT_TRUE(IsVaultToken(note.party(0).address()));
  EXPECT_TRUE(IsVaultToken(note.phone(0)));
  EXPECT_NE(note.phone(0), note.party(0).phone());
}

// A petitioner named "  " became a token, and behind a token a name of blanks passed for one.
TEST_P(VaultOnDisk, KeepsNothingOfBlanks) {
  const CreateNote note = Sealed("A", " \u3000 ", "13812345678");
  EXPECT_TRUE(note.party(0).name().empty());
  EXPECT_TRUE(IsVaultToken(note.phone(0)));
}

TEST_P(VaultOnDisk, PutsNoClearTextIntoAnyFile) {
  Sealed("A", "张三丰", "13812345678");
  kv_.reset();
  const std::string bytes = AllBytesUnder(directory_ / "kv");
  EXPECT_GT(bytes.size(), 500u);
  for (const char* secret : {"张三丰", "13812345678", "371402198001011234", "东方红西路"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
}

TEST_P(VaultOnDisk, ShowsMaskedValues) {
  EXPECT_EQ(Shown(Sealed("A", "张三丰", "13812345678")),
            "张** 138****5678 371***********1234 德城区新湖街道**** 138****5678");
}

TEST_P(VaultOnDisk, GivesClearTextForTheRightMatterOnly) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  Sealed("B", "李四", "13900000000");
  const auto clear = vault_.Unmask(*kv_, "A", note.party(0).name());
  ASSERT_TRUE(clear.ok()) << clear.status();
  EXPECT_EQ(clear->text, "张三丰");
  EXPECT_EQ(clear->kind, PERSONAL_NAME);
  EXPECT_TRUE(absl::IsNotFound(vault_.Unmask(*kv_, "B", note.party(0).name()).status()));
  EXPECT_TRUE(absl::IsNotFound(vault_.Unmask(*kv_, "A", "张三丰").status()));
  EXPECT_TRUE(absl::IsNotFound(vault_.Unmask(*kv_, "A", "vault:A/key/01ARZ3NDEKTSV4RRFFQ69G5FAV").status()));
}

TEST_P(VaultOnDisk, NoticesAnEntryMovedToAnotherFieldOrMatter) {
  const CreateNote a = Sealed("A", "张三丰", "13812345678");
  const CreateNote b = Sealed("B", "李四", "13900000000");
  const auto key_of = [](const std::string& token) { return token.substr(kVaultPrefix.size()); };
  const auto moved = kv_->Get(KeySpace::kVault, key_of(a.party(0).name()));
  ASSERT_TRUE(moved.ok() && *moved);
  Write({{KeySpace::kVault, key_of(b.party(0).name()), **moved}, {KeySpace::kVault, key_of(a.phone(0)), **moved}});
  EXPECT_FALSE(vault_.Unmask(*kv_, "B", b.party(0).name()).ok());
  EXPECT_TRUE(absl::IsDataLoss(vault_.Unmask(*kv_, "A", a.phone(0)).status()));
}

TEST_P(VaultOnDisk, KeepsOneDataKeyAMatterAcrossCommandsAndRestarts) {
  const CreateNote first = Sealed("A", "张三丰", "13812345678");
  Open();
  const CreateNote second = Sealed("A", "李四", "13900000000");
  int keys = 0;
  ASSERT_TRUE(kv_->Scan(KeySpace::kVault, "A/key/", "A/key0", [&](auto, auto) { return ++keys > 0; }).ok());
  EXPECT_EQ(keys, 1);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", first.party(0).name())->text, "张三丰");
  EXPECT_EQ(vault_.Unmask(*kv_, "A", second.party(0).name())->text, "李四");
}

TEST_P(VaultOnDisk, TwoFirstCommandsThatRaceBothStayReadable) {
  CreateNote one;
  CreateNote two;
  one.add_phone("13811111111");
  two.add_phone("13822222222");
  std::vector<storage::Batch::Op> first;
  std::vector<storage::Batch::Op> second;
  ASSERT_TRUE(vault_.Seal(*kv_, "A", kNow, ids_, &one, &first).ok());
  ASSERT_TRUE(vault_.Seal(*kv_, "A", kNow, ids_, &two, &second).ok());
  Write(first);
  Write(second);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", one.phone(0))->text, "13811111111");
  EXPECT_EQ(vault_.Unmask(*kv_, "A", two.phone(0))->text, "13822222222");
}

TEST_P(VaultOnDisk, CannotBeReadWithAnotherMasterKey) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  const Vault other(GetParam(), std::string(32, 'n'));
  EXPECT_TRUE(absl::IsDataLoss(other.Unmask(*kv_, "A", note.party(0).name()).status()));
  CreateNote more;
  more.add_phone("13812345678");
  std::vector<storage::Batch::Op> ops;
  EXPECT_FALSE(other.Seal(*kv_, "A", kNow, ids_, &more, &ops).ok());
}

// A service started with another installation's key, sealed new matters with it, and nobody could read both again.
TEST_P(VaultOnDisk, IsNotOpenedWithAnotherMasterKey) {
  const Vault other(GetParam(), std::string(32, 'n'));
  EXPECT_TRUE(other.CheckMasterKey(*kv_).ok()) << "an empty vault fits any key";
  Sealed("A", "张三丰", "13812345678");
  EXPECT_TRUE(vault_.CheckMasterKey(*kv_).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(other.CheckMasterKey(*kv_)));
}

TEST_P(VaultOnDisk, ForgetsAMatterForEverAndLeavesTheOthers) {
  const CreateNote a = Sealed("A", "张三丰", "13812345678");
  const CreateNote longer = Sealed("AA", "王五", "13812345678");
  const auto ops = vault_.Shred(*kv_, "A");
  ASSERT_TRUE(ops.ok());
  Write(*ops);
  EXPECT_EQ(Shown(a), "[已删除] [已删除] [已删除] [已删除] [已删除]");
  EXPECT_TRUE(absl::IsNotFound(vault_.Unmask(*kv_, "A", a.party(0).name()).status()));
  EXPECT_EQ(vault_.Unmask(*kv_, "AA", longer.party(0).name())->text, "王五");
  EXPECT_EQ(vault_.Matches(*kv_, PERSONAL_PHONE, "13812345678", 10).value(), std::vector<std::string>{"AA"});
}

TEST_P(VaultOnDisk, FindsTheSameValueAgainWithoutOpeningIt) {
  Sealed("A", "张三丰", "138-1234-5678");
  Sealed("B", "张 三丰", "13812345678");
  Sealed("C", "李四", "13900000000");
  EXPECT_EQ(vault_.Matches(*kv_, PERSONAL_PHONE, "+8613812345678", 10).value(), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(vault_.Matches(*kv_, PERSONAL_NAME, "张三丰", 10).value(), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(vault_.Matches(*kv_, PERSONAL_NAME, "张三丰", 1).value(), std::vector<std::string>{"A"});
  EXPECT_TRUE(vault_.Matches(*kv_, PERSONAL_NAME, "13812345678", 10).value().empty());
  EXPECT_TRUE(vault_.Matches(*kv_, PERSONAL_PHONE, "--", 10).value().empty());
}

TEST_P(VaultOnDisk, ShowsABrokenTokenAsErasedNeverAsItIs) {
  NoteView view;
  view.set_text("vault:");
  view.set_assigned("vault:A/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  ASSERT_TRUE(vault_.Present(*kv_, &view).ok());
  EXPECT_EQ(view.text(), kErasedText);
  EXPECT_EQ(view.assigned(), kErasedText);
}

// A neighbour's number stood in clear in the log, in lists and in the history, because it was written into the story.
TEST_P(VaultOnDisk, KeepsTheNumbersPeopleWriteIntoSentences) {
  CreateNote note;
  note.set_story("电话13812345678，身份证37142119800101123X，住28号");
  note.add_claim("赔偿，联系 138-1234-5678");
  std::vector<storage::Batch::Op> ops;
  ASSERT_TRUE(vault_.Seal(*kv_, "A", kNow, ids_, &note, &ops).ok());
  Write(ops);
  EXPECT_EQ(note.DebugString().find("5678"), std::string::npos);
  EXPECT_EQ(note.story().find("123X"), std::string::npos);
  NoteView view;
  view.set_text(note.story());
  view.set_assigned(note.claim(0));
  ASSERT_TRUE(vault_.Present(*kv_, &view).ok());
  EXPECT_EQ(view.text(), "电话138****5678，身份证371***********123X，住28号");
  EXPECT_EQ(view.assigned(), "赔偿，联系 138****5678");
  EXPECT_EQ(vault_.UnmaskWords(*kv_, "A", note.story()).value(), "电话13812345678，身份证37142119800101123X，住28号");
  EXPECT_EQ(vault_.UnmaskWords(*kv_, "A", note.claim(0)).value(), "赔偿，联系 138-1234-5678");
  EXPECT_EQ(vault_.UnmaskWords(*kv_, "B", note.claim(0)).value(), "赔偿，联系 [已删除]");
  EXPECT_EQ(vault_.Matches(*kv_, PERSONAL_PHONE, "13812345678", 10).value(), std::vector<std::string>{"A"});
}

// --- sealed matters 检举控告 ---------------------------------------------------------------------------------------

class SealedOnDisk : public VaultOnDisk {
 protected:
  SealedOnDisk() { vault_.SetSealingKey(std::string(32, 's')); }
  void Seal(const std::string& aggregate, storage::Batch batch = {}) {
    const SealedVault sealed(vault_, GetParam(), std::string(32, 's'));
    ASSERT_TRUE(sealed.Follow(*kv_, aggregate, &batch).ok());
    ASSERT_TRUE(kv_->Commit(batch, storage::Durability::kSynced).ok());
  }
  size_t Rows(KeySpace space) {
    size_t rows = 0;
    EXPECT_TRUE(kv_->Scan(space, "", "", [&](std::string_view, std::string_view) { return ++rows > 0; }).ok());
    return rows;
  }
};

// spec: P11
TEST_P(SealedOnDisk, PersonsMoveUnderTheSealingKeyAndStayReadableWithIt) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  const std::string shown = Shown(note);
  Seal("A");
  EXPECT_EQ(Rows(KeySpace::kVault), 0u);
  EXPECT_EQ(Shown(note), shown);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", note.party(0).name())->text, "张三丰");
  Seal("A");  // finds nothing to do
  EXPECT_EQ(Shown(note), shown);
}

TEST_P(SealedOnDisk, MasterKeyAloneOpensNothing) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  Seal("A");
  const Vault without(GetParam(), std::string(32, 'm'));
  EXPECT_FALSE(without.Unmask(*kv_, "A", note.party(0).name()).ok());
  Vault other(GetParam(), std::string(32, 'm'));
  other.SetSealingKey(std::string(32, 'x'));
  EXPECT_EQ(other.Unmask(*kv_, "A", note.party(0).name()).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(other.CheckSealingKey(*kv_).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(vault_.CheckSealingKey(*kv_).ok() && vault_.CheckMasterKey(*kv_).ok());
}

TEST_P(SealedOnDisk, NoValueOfAnAccusationIsFoundAgain) {
  Sealed("A", "张三丰", "13812345678");
  Sealed("B", "张三丰", "13812345678");
  Seal("A");
  EXPECT_EQ(*vault_.Matches(*kv_, PERSONAL_PHONE, "13812345678", 9), std::vector<std::string>{"B"});
}

TEST_P(SealedOnDisk, WhatComesLaterGoesThereToo) {
  Sealed("A", "张三丰", "13812345678");
  Seal("A");
  const CreateNote later = Sealed("A", "李四", "13900000001");
  EXPECT_EQ(Rows(KeySpace::kVault), 0u);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", later.party(0).name())->text, "李四");
}

TEST_P(SealedOnDisk, WhatWasOnItsWayWhenTheMatterWasSealedFollows) {
  Sealed("A", "张三丰", "13812345678");
  CreateNote on_its_way;
  on_its_way.add_phone("13900000001");
  std::vector<storage::Batch::Op> ops;
  ASSERT_TRUE(vault_.Seal(*kv_, "A", kNow, ids_, &on_its_way, &ops).ok());  // found the key before it moved
  Seal("A");
  storage::Batch batch;
  for (auto& op : ops) batch.Put(op.space, op.key, *op.value);
  Seal("A", std::move(batch));
  EXPECT_EQ(Rows(KeySpace::kVault), 0u);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", on_its_way.phone(0))->text, "13900000001");
}

TEST_P(SealedOnDisk, CreatedAndSealedInOneGroupLeavesNothingBehind) {
  CreateNote note;
  note.add_phone("13900000001");
  std::vector<storage::Batch::Op> ops;
  ASSERT_TRUE(vault_.Seal(*kv_, "A", kNow, ids_, &note, &ops).ok());
  storage::Batch batch;
  for (auto& op : ops) batch.Put(op.space, op.key, *op.value);
  Seal("A", std::move(batch));
  EXPECT_EQ(Rows(KeySpace::kVault), 0u);
  EXPECT_EQ(vault_.Unmask(*kv_, "A", note.phone(0))->text, "13900000001");
}

TEST_P(SealedOnDisk, ForgetsASealedMatterForEver) {
  const CreateNote note = Sealed("A", "张三丰", "13812345678");
  Seal("A");
  Write(*vault_.Shred(*kv_, "A"));
  EXPECT_EQ(Rows(KeySpace::kSealedVault), 0u);
  EXPECT_FALSE(vault_.Unmask(*kv_, "A", note.party(0).name()).ok());
}

TEST_P(SealedOnDisk, StatesOpenInTheirOwnPlaceOnlyWhateverTheProfile) {
  const SealedStates states(GetParam(), std::string(32, 's'));
  const std::string sealed = states.Seal("state/A/1", "respondent: c-hrss");
  EXPECT_EQ(sealed, states.Seal("state/A/1", "respondent: c-hrss"));
  EXPECT_NE(sealed.substr(1, 12), states.Seal("state/A/2", "respondent: c-hrss").substr(1, 12));
  EXPECT_EQ(sealed.find("c-hrss"), std::string::npos);
  const SealedStates reader(CipherProfile::kAesGcm, std::string(32, 's'));
  EXPECT_EQ(reader.Open("state/A/1", sealed), "respondent: c-hrss");
  EXPECT_EQ(reader.Open("state/B/1", sealed), std::nullopt);
  EXPECT_EQ(SealedStates(GetParam(), std::string(32, 'x')).Open("state/A/1", sealed), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Profiles, SealedOnDisk, ::testing::Values(CipherProfile::kAesGcm, CipherProfile::kSm4Sm3));
INSTANTIATE_TEST_SUITE_P(Profiles, VaultOnDisk, ::testing::Values(CipherProfile::kAesGcm, CipherProfile::kSm4Sm3));

TEST(VaultProfiles, ReadWhatAnotherWrote) {
  tests::TempDir directory;
  auto kv = storage::RocksKv::Open(directory / "kv", {});
  ASSERT_TRUE(kv.ok());
  IdSource ids{base::Random(7)};
  CreateNote note;
  note.add_phone("13812345678");
  std::vector<storage::Batch::Op> ops;
  const Vault aes(CipherProfile::kAesGcm, std::string(32, 'm'));
  ASSERT_TRUE(aes.Seal(**kv, "A", kNow, ids, &note, &ops).ok());
  storage::Batch batch;
  for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
  ASSERT_TRUE((*kv)->Commit(batch, storage::Durability::kSynced).ok());
  const Vault sm4(CipherProfile::kSm4Sm3, std::string(32, 'm'));
  const auto clear = sm4.Unmask(**kv, "A", note.phone(0));
  ASSERT_TRUE(clear.ok()) << clear.status();
  EXPECT_EQ(clear->text, "13812345678");
  EXPECT_EQ(sm4.Matches(**kv, PERSONAL_PHONE, "13812345678", 10).value(), std::vector<std::string>{"A"});
}

TEST(Personal, FieldsAreFoundAtAnyDepth) {
  EXPECT_TRUE(HasPersonal(CreateNote::descriptor()));
  EXPECT_TRUE(HasPersonal(testproto::v1::Command::descriptor()));
  EXPECT_FALSE(HasPersonal(testproto::v1::AmendNote::descriptor()));
}

}  // namespace
}  // namespace rpc
