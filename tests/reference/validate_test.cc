// Wrong rows are refused by name, in both languages.
#include "services/reference/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/reference/fixtures.h"

namespace reference {
namespace {

using policy::v1::PolicySet;
using testing::AllOf;
using testing::HasSubstr;

std::string Trouble(const std::function<void(PolicySet*)>& spoil) {
  PolicySet set = ShippedPolicies().policies;
  spoil(&set);
  return std::string(ValidatePolicies(set).message());
}

policy::v1::DeadlineRule* FirstRule(PolicySet* set) { return set->mutable_deadlines()->mutable_rule(0); }

TEST(ValidatePolicies, AcceptsWhatIsShipped) {
  EXPECT_EQ(Trouble([](PolicySet*) {}), "");
}

TEST(ValidatePolicies, NamesTheDeadlineRowAndItsField) {
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->clear_article(); }),
              AllOf(HasSubstr("时限 DP-01：article 缺失"), HasSubstr("deadline DP-01: article is missing")));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->mutable_length()->clear_unit(); }),
              HasSubstr("length has no unit"));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->mutable_length()->set_amount(4000); }),
              HasSubstr("longer than ten years"));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->set_revision(0); }), HasSubstr("revision"));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->set_name_zh("\xff"); }),
              HasSubstr("name_zh is not valid UTF-8"));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->set_extensions_at_most(1); }),
              HasSubstr("extensions_at_most"));
  EXPECT_THAT(Trouble([](PolicySet* s) { FirstRule(s)->mutable_length()->set_unit(common::v1::WD); }),
              HasSubstr("roll_forward applies to natural days"));
  EXPECT_THAT(Trouble([](PolicySet* s) {
                FirstRule(s)->set_extensions_at_most(1);
                *FirstRule(s)->mutable_extension_max() = L(3, common::v1::UH);
              }),
              HasSubstr("mix days and hours"));
}

TEST(ValidatePolicies, NamesTheLightsField) {
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_deadlines()->set_yellow_percent(100); }),
              HasSubstr("yellow_percent"));
  EXPECT_THAT(Trouble([](PolicySet* s) {
                s->mutable_deadlines()->mutable_yellow_at_least()->set_unit(common::v1::WH);
              }),
              HasSubstr("yellow_at_least"));
}

TEST(ValidatePolicies, NamesTheCategoryAndItsField) {
  const auto first = [](PolicySet* s) { return s->mutable_categories()->mutable_category(0); };
  EXPECT_THAT(Trouble([&](PolicySet* s) { first(s)->set_code("1a"); }),
              HasSubstr("category 1a: code must have 2 or 4"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { first(s)->set_code("77"); }),
              HasSubstr("category 0101: code has no class"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { first(s)->set_min_level(6); }),
              HasSubstr("category 01: min_level"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { first(s)->clear_lane(); }),
              HasSubstr("category 01: lane is missing"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { first(s)->set_photo_reason("x"); }), HasSubstr("photo_reason"));
}

TEST(ValidatePolicies, NamesTheRestOfTheRows) {
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_ladder()->mutable_step(1)->set_to_level(2); }),
              HasSubstr("ladder from level 2: to_level"));
  const auto step_for = [](PolicySet* s, const char* category) {
    auto* step = s->mutable_ladder()->add_step();
    *step = s->ladder().step(1);
    step->add_category(category);
  };
  EXPECT_THAT(Trouble([&](PolicySet* s) { step_for(s, ""); }), HasSubstr("category"));
  EXPECT_THAT(Trouble([&](PolicySet* s) {
                step_for(s, "07");
                step_for(s, "07");
              }),
              HasSubstr("ladder from level 2: category"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->set_self_handle_sample_percent(101); }),
              HasSubstr("self_handle_sample_percent"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->clear_reopen_window(); }),
              HasSubstr("reopen_window"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->set_merge_radius_m(0); }),
              HasSubstr("merge_radius_m"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->mutable_asking_cost()->set_base_seconds(0); }),
              HasSubstr("base_seconds"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->mutable_asking_cost()->set_photo_seconds(3601); }),
              HasSubstr("photo_seconds"));
  const auto way = [](PolicySet* s, int at) { return s->mutable_incident()->mutable_record_way(at); };
  EXPECT_THAT(Trouble([&](PolicySet* s) { way(s, 0)->set_code("1"); }),
              HasSubstr("record way 1: code must be two digits"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { way(s, 1)->set_code("01"); }),
              HasSubstr("record way 01: code is there twice"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { way(s, 4)->add_of("MEDIATED"); }),
              HasSubstr("record way 05: of does not know"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { way(s, 4)->add_of("HANDLED/PEOPLE"); }), HasSubstr("record way 05: of"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { way(s, 4)->add_of("SELF_HANDLED"); }), HasSubstr("record way 05: of names"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_incident()->mutable_record_scale(4)->add_of("S1_ONE"); }),
              HasSubstr("record scale 05: of names \"S1_ONE\""));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_mediation()->mutable_dispute_type(3)->clear_period(); }),
              HasSubstr("dispute type D04: period is missing"));
  EXPECT_THAT(Trouble([](PolicySet* s) {
                *s->mutable_mediation()->mutable_dispute_type(3)->mutable_period() = L(8, common::v1::UH);
              }),
              HasSubstr("dispute type D04: period must be in D, WD or MO"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_petition()->set_same_matter_permille(0); }),
              HasSubstr("petition policy: same_matter_permille"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_petition()->set_new_facts_permille(1001); }),
              HasSubstr("petition policy: new_facts_permille"));
  const auto warning = [](PolicySet* s, int at) { return s->mutable_warning()->mutable_rule(at); };
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 0)->set_matters(0); }), HasSubstr("warning rule W1: matters"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 1)->set_times(1); }), HasSubstr("warning rule W2: times"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 2)->clear_joint(); }), HasSubstr("warning rule W3: joint"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 4)->set_days(0); }), HasSubstr("warning rule W5: days"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 7)->set_month(0, 13); }), HasSubstr("warning rule W8: month"));
  EXPECT_THAT(Trouble([&](PolicySet* s) { warning(s, 3)->set_id("W0"); }), HasSubstr("must be one of W1 to W9"));
  EXPECT_EQ(Trouble([](PolicySet* s) { s->clear_warning(); }), "") << "a set of before there was one";
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_figures()->set_fairly_satisfied_permille(1001); }),
              HasSubstr("figure policy: fairly_satisfied_permille"));
  EXPECT_THAT(Trouble([](PolicySet* s) { s->mutable_figures()->set_partly_solved_permille(501); }),
              HasSubstr("figure policy: partly_solved_permille"));
  EXPECT_EQ(Trouble([](PolicySet* s) { s->clear_figures(); }), "") << "a set of before there was one";
  EXPECT_EQ(Trouble([](PolicySet* s) { s->clear_petition(); }), "") << "a set of before there was one";
  EXPECT_THAT(Trouble([](PolicySet* s) { s->set_revision(0); }), HasSubstr("policies: revision is missing"));
}

TEST(ValidateArea, RefusesByField) {
  directory::v1::Area area;
  area.set_code("371403001002");
  area.set_name("某村");
  area.set_level(2);
  area.set_parent("371403001");
  EXPECT_TRUE(ValidateArea(area).ok());
  const auto trouble = [&](const std::function<void(directory::v1::Area*)>& spoil) {
    directory::v1::Area spoilt = area;
    spoil(&spoilt);
    return std::string(ValidateArea(spoilt).message());
  };
  EXPECT_THAT(trouble([](auto* a) { a->set_code("37140"); }), HasSubstr("area 37140: code"));
  EXPECT_THAT(trouble([](auto* a) { a->set_level(3); }), HasSubstr("level does not fit"));
  EXPECT_THAT(trouble([](auto* a) { a->clear_name(); }), HasSubstr("name is missing"));
  EXPECT_THAT(trouble([](auto* a) { a->set_parent("371403001003"); }), HasSubstr("parent"));
  EXPECT_THAT(trouble([](auto* a) { a->set_successor("371403001002"); }), HasSubstr("successor"));
  EXPECT_THAT(trouble([](auto* a) { a->set_valid_to("2023"); }), HasSubstr("valid_to is not a date"));
}

TEST(ValidateOrganisation, RefusesByField) {
  directory::v1::Organisation org;
  org.set_id("371403-centre");
  org.set_name("陵城区综治中心");
  org.set_kind(directory::v1::CENTRE);
  org.set_area_code("371403");
  EXPECT_TRUE(ValidateOrganisation(org).ok());
  const auto trouble = [&](const std::function<void(directory::v1::Organisation*)>& spoil) {
    directory::v1::Organisation spoilt = org;
    spoil(&spoilt);
    return std::string(ValidateOrganisation(spoilt).message());
  };
  EXPECT_THAT(trouble([](auto* o) { o->clear_id(); }), HasSubstr("id is missing"));
  EXPECT_THAT(trouble([](auto* o) { o->clear_name(); }), HasSubstr("name is missing"));
  EXPECT_THAT(trouble([](auto* o) { o->clear_kind(); }), HasSubstr("kind is missing"));
  EXPECT_THAT(trouble([](auto* o) { o->set_area_code("x"); }), HasSubstr("area_code"));
  EXPECT_THAT(trouble([](auto* o) { o->set_parent("371403-centre"); }), HasSubstr("parent"));
}

TEST(CalendarFrom, RefusesByField) {
  const policy::v1::Calendar shipped = ShippedPolicies().calendar;
  const auto trouble = [&](const std::function<void(policy::v1::Calendar*)>& spoil) {
    policy::v1::Calendar spoilt = shipped;
    spoil(&spoilt);
    return std::string(CalendarFrom(spoilt).status().message());
  };
  EXPECT_EQ(trouble([](auto*) {}), "");
  EXPECT_THAT(trouble([](auto* c) { c->set_revision(0); }), HasSubstr("revision is missing"));
  EXPECT_THAT(trouble([](auto* c) { c->set_horizon("soon"); }), HasSubstr("horizon is not a date: soon"));
  EXPECT_THAT(trouble([](auto* c) { c->set_first_day(""); }), HasSubstr("first_day"));
  EXPECT_THAT(trouble([](auto* c) { c->mutable_off(0)->clear_name_zh(); }), HasSubstr("name_zh is missing"));
  EXPECT_THAT(trouble([](auto* c) { c->mutable_off(0)->set_date("2026-02-30"); }), HasSubstr("off.date"));
  EXPECT_THAT(trouble([](auto* c) { c->add_work("x"); }), HasSubstr("work is not a date: x"));
  EXPECT_THAT(trouble([](auto* c) { c->clear_office_hours(); }), HasSubstr("office_hours"));
}

}  // namespace
}  // namespace reference
