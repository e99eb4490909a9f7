// Areas and organisations: put, ended, followed; who may do it; what others hear.
#include "base/coding.h"
#include "tests/directory/world.h"

namespace directory {
namespace {

using kernel::RefusalCode;
using kernel::v1::ROLE_SA;
using kernel::v1::ROLE_SYS;

std::string PutGrid(const std::string& extra = "") {
  return "put_areas { source: '批文' area { code: '371403001202001' name: '第一网格' level: 1 parent: "
         "'371403001202' "
         "kind: 'basic' valid_from: '2026-10-01' " +
         extra + "} }";
}

constexpr char kPolygon[] =
    R"({"type":"Polygon","coordinates":[[[116.5,37.3],[116.6,37.3],[116.6,37.4],[116.5,37.3]]]})";

TEST(PutAreas, AddsAGridAndTellsOthersWhereItLies) {
  auto s = World("import");
  s.As(Admin(ROLE_SA)).When(PutGrid("boundary: '" + std::string(kPolygon) + "' "));
  s.AndActedAs(ROLE_SA).AndNotice("directory.area");
  ASSERT_EQ(s.notices().size(), 1u);
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(s.notices()[0].payload()));
  EXPECT_EQ(notice.area_changed().code(), "371403001202001");
  EXPECT_EQ(notice.area_changed().boundary(), kPolygon);
  EXPECT_EQ(s.notices()[0].area_code(), "371403001202") << "twelve digits at most";
  EXPECT_EQ(s.StateOf("371403001202001").area().boundary(), kPolygon);
}

TEST(PutAreas, KeepsTheLargePolygonsToItself) {
  auto s = World("import");
  s.As(Admin(ROLE_SA))
      .When("put_areas { source: '批文' area { code: '371403001203' name: '王庄村委会' level: 2 parent: '371403001' "
            "kind: '村' valid_from: '2026-10-01' boundary: '" + std::string(kPolygon) + "' } }");
  s.AndNotice("directory.area");
  v1::Notice notice;
  ASSERT_TRUE(notice.ParseFromString(s.notices().at(0).payload()));
  EXPECT_TRUE(notice.area_changed().boundary().empty());
  EXPECT_EQ(s.StateOf("371403001203").area().boundary(), kPolygon);
}

TEST(PutAreas, OfABoundaryThatIsNoPolygonIsRefusedByName) {
  World("import").As(Admin(ROLE_SA)).When(PutGrid("boundary: 'POLYGON' ")).ThenRefused(RefusalCode::kInvalid);
}

TEST(PutAreas, SaysNothingWhenNothingDiffers) {
  auto s = World("import");
  s.As(Admin(ROLE_SA)).When(PutGrid()).When(PutGrid()).ThenNothing();
}

TEST(PutAreas, IsRefusedOutsideTheAdministratorsArea) {
  World("import")
      .As(Admin(ROLE_SA, "371422"))
      .When(PutGrid())
      .ThenRefused(RefusalCode::kNotAllowed, "NO_RIGHT");
}

TEST(PutAreas, NamesTheRowThatIsWrong) {
  World s("import");
  s.As(Admin(ROLE_SA));
  s.When("put_areas { source: 's' area { code: '371403009201' name: '某村' level: 2 parent: '371403009' } }")
      .ThenRefused("NO_SUCH_PARENT");
  EXPECT_EQ(s.refusal()->field, "area[0].parent");
  s.When("put_areas { source: 's' area { code: '371403001203' name: '某村' level: 2 parent: '371403' } }")
      .ThenRefused("PARENT_DOES_NOT_FIT");
  s.When(
       "put_areas { source: 's' area { code: '371403001203' name: '某村' level: 2 parent: '371403001' "
       "valid_to: '2026-01-01' } }")
      .ThenRefused("SUCCESSOR_MISSING");
}

TEST(PutAreas, MayBringParentAndChildTogether) {
  World("import")
      .As(Admin(ROLE_SA))
      .When(
          "put_areas { source: 's' area { code: '371403002' name: '临齐街道' level: 3 parent: '371403' } "
          "area { code: '371403002201' name: '某村' level: 2 parent: '371403002' } }")
      .ThenPartly({tests::On{"371403002", "area_changed { area { name: '临齐街道' } }"},
                   tests::On{"371403002201", "area_changed { area { name: '某村' } }"}});
}

TEST(PutAreas, OfAListDoesNotUndoWhatAnAdministratorSaid) {
  World s("import");
  s.As(Admin(ROLE_SA))
      .When(PutGrid())
      .ThenPartly({tests::On{"371403001202001", "area_changed { by_hand: true }"}});
  s.As(tests::ActorOf(ROLE_SYS)).When(PutGrid("listed_under: '371471001' ")).ThenNothing();
  s.As(Admin(ROLE_SA)).When(PutGrid("listed_under: '371471001' ")).AndNotice("directory.area");
}

// spec: flow-12
TEST(RetireArea, OfAMergedVillageNamesItsSuccessorAndEndsItsGrids) {
  World s("371403001201");
  s.As(Admin(ROLE_SA));
  s.When(
       "retire_area { id: '371403001201' successor: '371403001202' valid_to: '2026-10-01' source: "
       "'鲁政字1号' }")
      .ThenPartly({"area_retired { successor: '371403001202' valid_to: '2026-10-01' }",
                   tests::On{"371403001201001", "area_retired { successor: '371403001202' }"}})
      .AndState("area { valid_to: '2026-10-01' successor: '371403001202' successor_rule: 'stated' }")
      .AndNotice("directory.area")
      .AndTally("area/2", 1)
      .AndTally("former/2", 1)
      .AndNotInIndex("area_name");
  s.When("retire_area { id: '371403001201' successor: '371403001202' valid_to: '2026-10-01' source: 's' }")
      .ThenRefused("ALREADY_ENDED");
}

TEST(RetireArea, NeedsASuccessorThatStandsAndIsNotBelow) {
  World s("371403001201");
  s.As(Admin(ROLE_SA));
  const auto with = [](const std::string& successor, const std::string& day = "2026-10-01") {
    return "retire_area { id: '371403001201' successor: '" + successor + "' valid_to: '" + day +
           "' source: 's' }";
  };
  s.When(with("371403001209")).ThenRefused("NO_SUCH_SUCCESSOR");
  s.When(with("371403001201")).ThenRefused("NO_SUCH_SUCCESSOR");
  s.When(with("371403001201001")).ThenRefused("SUCCESSOR_TOO_LOW");
  s.When(with("371403001202", "2026-13-01")).ThenRefused("NOT_A_DATE");
  s.When(with("371403")).ThenPartly({"area_retired {}", tests::On{"371403001201001", "area_retired {}"}});
}

// Another township and another county stand beside the village that ends.
class Neighbours : public World {
 public:
  Neighbours() : World("371403001201") {
    GivenOn("371403002", {AreaEvent("371403002", "临齐街道", 3, "371403")});
    GivenOn("371403002201", {AreaEvent("371403002201", "赵庄村委会", 2, "371403002")});
    GivenOn("371422001", {AreaEvent("371422001", "宁津镇", 3, "371422")});
    GivenOn("371422001201", {AreaEvent("371422001201", "孙庄村委会", 2, "371422001")});
    As(Admin(ROLE_SA));
  }
};

// Before, a village went into whatever stood, were it another county, and its matters with it.
// spec: flow-12
TEST(RetireArea, GoesIntoWhatLiesAboveItOrBesideItInItsCounty) {
  const auto into = [](const std::string& successor) {
    return "retire_area { id: '371403001201' successor: '" + successor + "' valid_to: '2026-10-01' source: 's' }";
  };
  for (const char* unrelated : {"371422001201", "371422001", "371422", "371403002"}) {
    Neighbours s;
    s.When(into(unrelated)).ThenRefused("SUCCESSOR_UNRELATED");
    EXPECT_EQ(s.refusal()->field, "successor") << unrelated;
  }
  for (const char* related : {"371403001202", "371403002201", "371403001", "371403", "3714"}) {
    Neighbours s;
    s.When(into(related));
    EXPECT_FALSE(s.refusal()) << related;
  }
  // Its own township has gone into the other since.
  Neighbours moved;
  moved.GivenOn("371403001", {"area_retired { successor: '371403002' valid_to: '2026-09-01' source: 's' }"});
  moved.When(into("371403002"));
  EXPECT_FALSE(moved.refusal());
}

TEST(RetireArea, OfATownshipWaitsForItsVillages) {
  World("371403001")
      .As(Admin(ROLE_SA))
      .When("retire_area { id: '371403001' successor: '371403' valid_to: '2026-10-01' source: 's' }")
      .ThenRefused("AREAS_BELOW");
}

TEST(PutOrganisations, AddsAndRefuses) {
  World s("import");
  s.As(Admin(ROLE_SA));
  const auto put = [](const std::string& rest) {
    return "put_organisations { source: 's' organisation { name: '某局' " + rest + " } }";
  };
  s.When(put("id: '371403-water' kind: ENTERPRISE level: 4 area_code: '371403' parent: '371403-gov'"))
      .AndNotice("directory.org");
  s.When(put("id: '371403-water' kind: ENTERPRISE level: 4 area_code: '371403' parent: '371403-gov'"))
      .ThenNothing();
  s.When(put("id: '371403-Water' kind: ENTERPRISE level: 4 area_code: '371403'")).ThenRefused("ORG_ID_FORM");
  s.When(put("id: '371422-water' kind: ENTERPRISE level: 4 area_code: '371403'")).ThenRefused("ORG_ID_FORM");
  s.When(put("id: '371403-gas' kind: ENTERPRISE level: 3 area_code: '371403'"))
      .ThenRefused("LEVEL_DOES_NOT_FIT");
  s.When(put("id: '371403-gas' kind: ENTERPRISE level: 4 area_code: '371403' parent: '371403-none'"))
      .ThenRefused("NO_SUCH_ORGANISATION");
  s.When(put("id: '371499-gas' kind: ENTERPRISE level: 4 area_code: '371499'")).ThenRefused("NO_SUCH_AREA");
  s.When(put("id: '371403-gas' level: 4 area_code: '371403'")).ThenRefused("INVALID_ROW");
}

// 信访工作条例 35, 36: papers that people hold name the body above. A list that is computed anew by another rule leaves it.
TEST(PutOrganisations, ByAListLeavesWhoReviewsAsItWas) {
  const auto put = [](const std::string& name, const std::string& above) {
    return "put_organisations { source: 's' organisation { id: '371403-water' name: '" + name +
           "' kind: ENTERPRISE level: 4 area_code: '371403' superior_for_review: '" + above + "' } }";
  };
  World s("import");
  s.As(tests::ActorOf(ROLE_SYS))
      .When(put("供水公司", "371403-hrss"))
      .When(put("供水企业", "371403-gov"))
      .ThenPartly({tests::On{"371403-water", "organisation_changed { organisation { name: '供水企业' "
                                             "superior_for_review: '371403-hrss' } }"}})
      .When(put("供水企业", "371403-gov"))
      .ThenNothing();
  s.As(Admin(ROLE_SA))
      .When(put("供水企业", "371403-gov"))
      .ThenPartly({tests::On{"371403-water", "organisation_changed { organisation { superior_for_review: "
                                             "'371403-gov' } by_hand: true }"}});
}

TEST(CloseOrganisation, WaitsForThoseBelowIt) {
  World("371403-gov")
      .As(Admin(ROLE_SA))
      .When("close_organisation { id: '371403-gov' reason: '撤销' }")
      .ThenRefused("ORGANISATIONS_BELOW");
  World("371403-hrss")
      .As(Admin(ROLE_SA))
      .When("close_organisation { id: '371403-hrss' reason: '撤销' }")
      .Then({"organisation_closed { reason: '撤销' }"})
      .AndNotice("directory.org")
      .AndNotInIndex("org_area");
}

// Before, a unit that was closed named nobody, and who had a matter there did not know to whom it should go.
// spec: C8
TEST(CloseOrganisation, NamesWhoTakesOverItsDuties) {
  const auto close = [](const std::string& id, const std::string& successor) {
    return "close_organisation { id: '" + id + "' reason: '机构改革' successor: '" + successor + "' }";
  };
  World bureau("371403-hrss");
  bureau.As(Admin(ROLE_SA));
  for (const char* gone : {"371403-nobody", "371403-hrss"}) {
    bureau.When(close("371403-hrss", gone)).ThenRefused("NO_SUCH_SUCCESSOR");
    EXPECT_EQ(bureau.refusal()->field, "successor");
  }
  for (const char* unrelated : {"371422-centre", "371403-centre"}) {
    bureau.When(close("371403-hrss", unrelated)).ThenRefused("SUCCESSOR_UNRELATED");
    EXPECT_EQ(bureau.refusal()->field, "successor");
  }
  bureau.When(close("371403-hrss", "371403-gov"))
      .Then({"organisation_closed { reason: '机构改革' successor: '371403-gov' }"})
      .AndState("organisation { closed: true successor: '371403-gov' }")
      .AndNotice("directory.org");
  // Of its kind, and the area has gone there.
  World committee("371403001201-committee");
  committee.GivenOn("371403001202-committee",
                    {OrgEvent("371403001202-committee", "COMMITTEE", 2, "371403001202")});
  committee.As(Admin(ROLE_SA));
  const std::string to_the_other = close("371403001201-committee", "371403001202-committee");
  committee.When(to_the_other).ThenRefused("SUCCESSOR_UNRELATED");
  committee.GivenOn("371403001201", {"area_retired { successor: '371403001202' valid_to: '2026-10-01' source: 's' }"});
  committee.When(to_the_other).AndState("organisation { closed: true successor: '371403001202-committee' }");
}

// The successor was closed in turn, and no list with the first one in it was taken any more.
// spec: C8
TEST(PutOrganisations, TakeAClosedOneAsItStands) {
  World s("import");
  s.GivenOn("371403-hrss", {"organisation_closed { reason: '机构改革' successor: '371403-gov' }"});
  s.GivenOn("371403-gov", {"organisation_closed { reason: '机构改革' }"});
  const auto put = [](const std::string& successor) {
    return "put_organisations { source: 's' organisation { id: '371403-hrss' name: '原人社局' kind: DEPARTMENT level: 4 "
           "area_code: '371403' duty: 'hrss' closed: true successor: '" + successor + "' } }";
  };
  s.As(Admin(ROLE_SA)).When(put("371403-nobody")).ThenRefused("NO_SUCH_SUCCESSOR");
  s.When(put("371403-gov"));
  EXPECT_FALSE(s.refusal()) << s.refusal()->reason;
}

TEST(FinishImport, OfTheSameListTwiceIsNothing) {
  World("import/areas")
      .As(tests::ActorOf(ROLE_SYS))
      .When("finish_import { digest: 'd1' source: 'lists' rows: 7 }")
      .ThenPartly({"import_finished { import { digest: 'd1' rows: 7 } }"})
      .AndNoNotice()
      .When("finish_import { digest: 'd1' source: 'lists' rows: 7 }")
      .ThenNothing();
}

}  // namespace
}  // namespace directory
