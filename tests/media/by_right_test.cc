// Who may read what a matter names: whoever is shown it there, if it came in by somebody who had it. A digest is a
// number; to name it in a matter of one's own is no way to the bytes, and tells nobody whether they are here.
// spec: flow-5 R9
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "services/media/domain/naming.h"
#include "tests/media/desk_world.h"
#include "tests/media/heard.h"

namespace media {
namespace {

using kernel::v1::ROLE_GW, kernel::v1::ROLE_MR, kernel::v1::ROLE_PC, kernel::v1::ROLE_PH, kernel::v1::ROLE_PUB;

constexpr int64_t kWeekMs = 7 * 24 * 3'600'000LL;
const std::string kNo = "[NO_DOCUMENT]";

class ByRight : public DeskTest {
 protected:
  ByRight() { readers_ = {"clerk", "colleague", "handler", "resident", "mediator"}; }

  // A person uploads the picture; its digest.
  std::string Uploads(const std::string& user, const std::string& org, kernel::v1::Role role) {
    actor_ = tests::ActorOf(role, org, "371403", user);
    const std::string id = "01JDB0000000000000000000X" + std::to_string(uploads_++);
    v1::Command command;
    command.mutable_create_upload()->set_length(Png().size());
    EXPECT_FALSE(engine_.Do(id, command, actor_).refusal);
    v1::AppendUploadRequest request;
    request.set_id(id);
    request.set_data(Png());
    EXPECT_EQ(ReasonOf(desk_.Append(Caller(), request, &upload_)), "");
    return shown_ = upload_.sha256();
  }
  // A person names it in a matter, whose service shows it from then on.
  void Names(const Act& act) {
    matters_.insert(act.service + "/" + act.id);
    EXPECT_FALSE(engine_.Do(BlobId(Digest()), Heard(act, Digest()), tests::ActorOf(kernel::v1::ROLE_SYS)).refusal);
  }
  std::string Reads(const std::string& user, const std::string& service, const std::string& id,
                    const std::string& org = "") {
    actor_ = tests::ActorOf(org.empty() ? ROLE_PUB : ROLE_PC, org, "371403", user);
    shown_ = Digest();
    return Document(service, id, Digest());
  }
  static std::string Digest() { return base::Hex(base::Sha256(Png())); }
  // Services that media told that the bytes are here, once for each matter.
  std::vector<std::string> Told() const {
    const auto blob = engine_.Read().Get(BlobId(Digest()));
    const v1::Blob& known = (*blob)->state.blob();
    std::vector<std::string> told(known.told().begin(), known.told().end());
    for (const v1::Naming& naming : known.naming()) {
      if (naming.told()) told.push_back(naming.service());
    }
    return told;
  }

  int uploads_ = 0;
  const Act office_ = {"petition", "p1", "37140320261124P000001", "clerk", "371403-petition", ROLE_PC};
  const Act attack_ = {"petition", "p2", "37140320261124P000002", "resident", "", ROLE_PUB};
};

TEST_F(ByRight, WhoeverIsShownTheMatterReadsWhatItsClerkUploadedAndNamed) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png());
  EXPECT_EQ(Told(), std::vector<std::string>{"petition"});
}

TEST_F(ByRight, WhatWasNamedFirstIsReadWhenItsNamerUploadsIt) {
  Names(office_);
  EXPECT_EQ(Reads("handler", "petition", "p1"), kNo);
  Uploads("clerk", "371403-petition", ROLE_PC);
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png());
  EXPECT_EQ(Told(), std::vector<std::string>{"petition"});
}

TEST_F(ByRight, AColleagueMayUploadItBeforeOrAfter) {
  Act other = office_;
  other.id = "p3";
  Names(office_);
  Uploads("colleague", "371403-petition", ROLE_PC);
  Names(other);
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png());
  EXPECT_EQ(Reads("handler", "petition", "p3"), Png());
}

// 群众 of one village are no organisation, whatever their accounts say.
TEST_F(ByRight, ResidentsAreNobodysColleagues) {
  Act neighbour = attack_;
  neighbour.org = "371403001001-village";
  Uploads("other", "371403001001-village", ROLE_PUB);
  Names(neighbour);
  EXPECT_EQ(Reads("resident", "petition", "p2"), kNo);
}

TEST_F(ByRight, ADigestNamedInAMatterOfOnesOwnGivesNobodyTheBytes) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(attack_);
  EXPECT_EQ(Reads("resident", "petition", "p2"), kNo);
  EXPECT_EQ(Reads("handler", "petition", "p2"), kNo) << "nor anybody else who is shown that matter";
  EXPECT_EQ(Reads("clerk", "petition", "p2", "371403-petition"), Png()) << "but whoever uploaded it";
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png()) << "and the right of the other matter stays";
}

// The accused holds a copy of an internal paper and asks whether anybody handed it in with an accusation.
TEST_F(ByRight, ADigestNamedBeforeSomebodyElseHandsItInTellsNothing) {
  Act mediator = {"mediation", "case1", "37140320261124M000001", "handler", "371403-hrss", ROLE_PH};
  Names(attack_);
  Names(mediator);
  const std::string before = Reads("resident", "petition", "p2");
  Uploads("clerk", "371403-petition", ROLE_PC);  // and an accusation mentions nothing
  EXPECT_EQ(before, kNo);
  EXPECT_EQ(Reads("resident", "petition", "p2"), kNo);
  EXPECT_EQ(Reads("handler", "mediation", "case1"), kNo);
  EXPECT_TRUE(Told().empty()) << "a file index that says 有 would say it too";
}

TEST_F(ByRight, WhatIsHandedOverIsReadAtTheNextTableWhicheverIsHeardFirst) {
  const std::string code = "37140320261124I000001";
  const Act incident = {"incident", "i1", code, "worker", "371403001-centre", ROLE_GW};
  const Act petition = {"petition", "p7", code, "service:petition", "", kernel::v1::ROLE_SYS, "incident/i1"};
  const Act mediation = {"mediation", "case7", code, "service:mediation", "", kernel::v1::ROLE_SYS, "petition/p7"};
  Names(mediation);
  Names(petition);
  Uploads("worker", "371403001-centre", ROLE_GW);
  EXPECT_EQ(Reads("handler", "petition", "p7"), kNo) << "nobody who had it has named it yet";
  Names(incident);
  EXPECT_EQ(Reads("handler", "petition", "p7"), Png());
  EXPECT_EQ(Reads("mediator", "mediation", "case7"), Png()) << "and so on from there";
  EXPECT_EQ(Told(), (std::vector<std::string>{"mediation", "petition", "incident"}));
}

// Whoever refers a matter has not had what a stranger named in it, and neither has whoever takes it over.
TEST_F(ByRight, WhatAStrangerNamedIsNotMendedByAHandOver) {
  Act mediation = {"mediation", "case8", attack_.code, "service:mediation", "", kernel::v1::ROLE_SYS, "petition/p2"};
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(attack_);
  Names(mediation);
  EXPECT_EQ(Reads("mediator", "mediation", "case8"), kNo);
  Act elsewhere = attack_;
  elsewhere.service = "incident", elsewhere.id = "i8", elsewhere.code = office_.code;
  Names(elsewhere);
  mediation.id = "case9", mediation.code = office_.code, mediation.from = "incident/i8";
  Names(mediation);
  EXPECT_EQ(Reads("mediator", "mediation", "case9"), kNo) << "though a petition of the same code has it by right";
}

// The hand-over was refused, or lapsed: what it gave ends with it.
TEST_F(ByRight, WhatIsGivenBackIsReadNoMoreButByWhoeverHasItOfTheirOwn) {
  Act mediation = {"mediation", "case7", office_.code, "service:mediation", "", kernel::v1::ROLE_SYS, "petition/p1"};
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(mediation);
  Act mediator = {"mediation", "case7", office_.code, "mediator", "371403001001-committee", ROLE_MR};
  Names(mediator);
  EXPECT_EQ(Reads("handler", "mediation", "case7"), Png());
  mediation.from.clear(), mediation.back = true;
  Names(mediation);
  EXPECT_EQ(Reads("handler", "mediation", "case7"), kNo);
  Names(mediator);
  EXPECT_EQ(Reads("handler", "mediation", "case7"), kNo) << "naming it once more is no way to it";
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png()) << "it is the sender's";
  Uploads("mediator", "371403001001-committee", ROLE_MR);
  EXPECT_EQ(Reads("handler", "mediation", "case7"), Png());
}

TEST_F(ByRight, WhatTheReceivingBodyUploadedItselfStaysWhenTheHandOverEnds) {
  Act mediation = {"mediation", "case7", office_.code, "service:mediation", "", kernel::v1::ROLE_SYS, "petition/p1"};
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(mediation);
  Uploads("mediator", "371403001001-committee", ROLE_MR);
  Names({"mediation", "case7", office_.code, "mediator", "371403001001-committee", ROLE_MR});
  mediation.from.clear(), mediation.back = true;
  Names(mediation);
  EXPECT_EQ(Reads("handler", "mediation", "case7"), Png());
}

// One petition learned from its list of papers that another has the same bytes.
TEST_F(ByRight, AMatterHearsOfItsOwnDocumentsAndNotOfWhatAnotherHas) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  EXPECT_EQ(Told().size(), 1u);
  Names(attack_);
  EXPECT_EQ(Told().size(), 1u) << "the one who has it by right";
  const auto blob = engine_.Read().Get(BlobId(Digest()));
  EXPECT_TRUE(NamingOf((*blob)->state.blob(), MatterMark(Digest(), "petition", "p1"))->told());
  EXPECT_FALSE(NamingOf((*blob)->state.blob(), MatterMark(Digest(), "petition", "p2"))->told());
  Act colleague = office_;
  colleague.id = "p3";
  Names(colleague);
  EXPECT_EQ(Told().size(), 2u) << "a second matter that has it by right hears for itself";
}

// A handler of the unit names, in a petition of his own, the digest of a paper that was sealed away; the head of the
// office whose clerk had uploaded it read it there.
TEST_F(ByRight, ColleaguesOfTheUploaderReadNothingByAStrangersNaming) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Act handler = {"petition", "p2", "37140320261124P000002", "handler", "371403-hrss", ROLE_PH};
  Names(handler);
  EXPECT_EQ(Reads("colleague", "petition", "p2", "371403-petition"), kNo);
  EXPECT_EQ(Reads("clerk", "petition", "p2", "371403-petition"), Png()) << "who holds it anyway";
  matters_.insert("incident/sealed");
  EXPECT_EQ(Reads("colleague", "incident", "sealed", "371403-petition"), Png()) << "which mentions nothing, ever";
}

// One code, two tables: who leads the incident may not draw to it what the petition made of it was given.
TEST_F(ByRight, AStrangerAtAnotherTableOfTheSameMatterNamesInVain) {
  Act incident = {"incident", "i9", office_.code, "handler", "371403-hrss", ROLE_PH};
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(incident);
  incident.user = "service:incident";  // a clock says it once more
  Names(incident);
  EXPECT_EQ(Reads("handler", "incident", "i9"), kNo);
}

TEST_F(ByRight, TheOrganReadsWhatAnAccusationHoldsAndItsPetitionerWhatHeUploaded) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  matters_.insert("petition/a1");
  EXPECT_EQ(Reads("resident", "petition", "a1"), kNo) << "nothing was mentioned";
  sealed_.insert("petition/a1");
  EXPECT_EQ(Reads("mediator", "petition", "a1"), Png()) << "the list of a sealed one is for who may open it";
  sealed_.clear();
  Uploads("resident", "", ROLE_PUB);
  EXPECT_EQ(Reads("resident", "petition", "a1"), Png());
}

TEST_F(ByRight, WhoUploadsTheSameBytesLaterHasARightOfHisOwn) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Names(attack_);
  Uploads("resident", "", ROLE_PUB);
  EXPECT_EQ(Reads("resident", "petition", "p2"), Png());
  EXPECT_EQ(Reads("handler", "petition", "p2"), Png());
}

// Whether bytes still lie here after their week depends on others: who names them then would learn it.
TEST_F(ByRight, AnUploadCountsForAWeek) {
  Uploads("resident", "", ROLE_PUB);
  engine_.Do(BlobId(Digest()), "hear_mention { service: 'petition' in_silence: true }",
             tests::ActorOf(kernel::v1::ROLE_SYS));
  engine_.clock().Advance(kWeekMs + 1000);
  Names(attack_);
  ASSERT_TRUE(BlobLies(Digest())) << "an accusation holds it";
  EXPECT_EQ(Reads("resident", "petition", "p2"), kNo);
  EXPECT_TRUE(Told().empty());
  Uploads("resident", "", ROLE_PUB);
  EXPECT_EQ(Reads("resident", "petition", "p2"), Png());
}

TEST_F(ByRight, WhatWasNamedInItsWeekIsReadEverAfter) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  engine_.clock().Advance(100 * kWeekMs);
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png());
}

// Links of earlier builds know no matter.
TEST_F(ByRight, WhatWasLinkedBeforeIsReadAsBefore) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  engine_.Do(BlobId(Digest()), "hear_mention { service: 'petition' }", tests::ActorOf(kernel::v1::ROLE_SYS));
  engine_.clock().Advance(2 * kWeekMs);
  matters_ = {"petition/old", "mediation/case1"};
  EXPECT_EQ(Reads("handler", "petition", "old"), Png());
  EXPECT_EQ(Reads("handler", "mediation", "case1"), kNo) << "of another service";
  Names(attack_);
  EXPECT_EQ(Reads("handler", "petition", "old"), Png());
  EXPECT_EQ(Reads("resident", "petition", "p2"), kNo) << "but not where it is named from now on";
}

TEST_F(ByRight, ThoseWhoNameInVainMakeRoomForEachOtherAndForNobodyElse) {
  Uploads("clerk", "371403-petition", ROLE_PC);
  Names(office_);
  Act stranger = attack_;
  for (int i = 0; i <= kUnprovenMax; ++i) {
    stranger.id = "flood" + std::to_string(i);
    Names(stranger);
  }
  EXPECT_EQ((*engine_.Read().Get(BlobId(Digest())))->state.blob().naming_size(), 1 + kUnprovenMax);
  EXPECT_EQ(Reads("resident", "petition", "flood0"), kNo) << "what is forgotten is no older link";
  EXPECT_EQ(Reads("handler", "petition", "p1"), Png());
}

TEST(Marks, SayWhoNamedADocumentToNobodyWhoDoesNotKnowBoth) {
  const std::string one(64, 'a'), two(64, 'b');
  const Act act = {"petition", "p1", "37140320261124P000001", "clerk", "371403-petition", ROLE_PC};
  const std::string said = Told(act, one).data();
  EXPECT_EQ(said.find("clerk"), std::string::npos);
  EXPECT_NE(Heard(act, one).hear_mention().naming().by(0), Heard(act, two).hear_mention().naming().by(0))
      << "one person is not followed from document to document";
  v1::NamedBy by;
  ASSERT_TRUE(by.ParseFromString(Told(act, one, true).data()));
  EXPECT_EQ(by.mark_size(), 1) << "of what is anonymous too, and no unit";
  const v1::Naming naming = Heard(act, one).hear_mention().naming();
  EXPECT_EQ(naming.SerializeAsString().find("p1"), std::string::npos);
  EXPECT_EQ(naming.SerializeAsString().find("000001"), std::string::npos);
}

}  // namespace
}  // namespace media
