// What small numbers may tell: nothing by themselves, nothing by subtraction in a table, and to whoever may not open
// the matters nothing by asking for one area, period or kind after the other.
#include "services/oversight/disclosure.h"

#include "base/random.h"
#include "services/oversight/domain/metrics.h"
#include "tests/oversight/figure_world.h"

namespace oversight {
namespace {

// A column of a table as it would be shown.
struct Column {
  explicit Column(const std::vector<int64_t>& counts) : shown(counts.size()) {
    int64_t sum = 0;
    std::vector<Counted> rows;
    for (size_t i = 0; i < counts.size(); ++i) {
      ShowCount(counts[i], false, &shown[i]);
      rows.push_back({counts[i], &shown[i]});
      sum += counts[i];
    }
    ShowCount(sum, false, &total);
    Protect(std::move(rows), &total);
  }
  std::string Text() const {
    std::string text;
    for (const auto& quantity : shown) text += One(quantity) + " ";
    return text + "= " + One(total);
  }
  static std::string One(const v1::Quantity& quantity) {
    return quantity.few() ? "few" : quantity.withheld() ? "withheld" : std::to_string(quantity.count());
  }
  std::vector<v1::Quantity> shown;
  v1::Quantity total;
};

// spec: 3.10
TEST(Disclosure, WithholdsWhatWouldGiveASmallNumberAwayBySubtraction) {
  EXPECT_EQ(Column({2, 28, 29, 10}).Text(), "few 28 29 withheld = 69");
  EXPECT_EQ(Column({0, 162, 1, 0}).Text(), "0 withheld few 0 = 163");
  EXPECT_EQ(Column({1, 6, 90}).Text(), "few 6 withheld = 97") << "six and one could be told apart";
  EXPECT_EQ(Column({1, 6}).Text(), "few 6 = withheld") << "no other row is enough";
  EXPECT_EQ(Column({1, 1, 20}).Text(), "few few withheld = 22") << "two together: each is one";
  EXPECT_EQ(Column({2, 3, 20}).Text(), "few few 20 = 25") << "five together: each may be anything";
  EXPECT_EQ(Column({7, 0, 20}).Text(), "7 0 20 = 27");
  EXPECT_EQ(Column({3}).Text(), "few = few");
}

// By brute force: of all tables that look the same, each small number is one, two, three and four somewhere.
// spec: 3.10
TEST(Disclosure, LeavesEverySmallNumberOpen) {
  base::Random random(20261123);
  for (int round = 0; round < 300; ++round) {
    std::vector<int64_t> counts;
    for (int i = 0; i < 4; ++i) counts.push_back(static_cast<int64_t>(random.Below(i < 2 ? 6 : 16)));
    const Column column(counts);
    if (!column.total.has_count()) continue;  // nothing to subtract from
    int64_t hidden = column.total.count();
    std::vector<bool> few;  // of the hidden ones; the others are five or more
    for (const auto& quantity : column.shown) {
      if (quantity.has_count()) {
        hidden -= quantity.count();
      } else {
        few.push_back(quantity.few());
      }
    }
    for (size_t which = 0; which < few.size(); ++which) {
      for (int64_t is = 1; few[which] && is < kFew; ++is) {
        int64_t least = is, most = is;
        for (size_t other = 0; other < few.size(); ++other) {
          if (other == which) continue;
          least += few[other] ? 1 : kFew;
          most += few[other] ? kFew - 1 : hidden;
        }
        EXPECT_TRUE(least <= hidden && hidden <= most) << column.Text() << " cannot be " << is;
      }
    }
  }
}

class ReadByTheAnalyst : public FigureTest {
 protected:
  using ById = std::map<std::string, v1::Figure>;
  ById Figures(const Actor& actor, const std::string& area, const std::string& until = "2026-11-01") {
    v1::ListMetricsRequest request;
    request.set_area_code(area);
    request.set_from_day("2026-10-01");
    request.set_until_day(until);
    v1::ListMetricsResponse response;
    EXPECT_TRUE(queries_.ListMetrics(As(actor), request, &response).ok());
    ById figures;
    for (const auto& figure : response.figure()) figures[figure.id()] = figure;
    return figures;
  }
  static Actor Analyst() { return ActorOf(kernel::v1::ROLE_AN, "c-centre", "371403", "an1"); }
};

// spec: 3.10
TEST_F(ReadByTheAnalyst, FiguresAreMultiplesOfFiveAndALeadersAreExact) {
  for (int i = 0; i < 12; ++i) Close(Made("A" + std::to_string(i)), "2026-10-05 10:00", i < 7);
  Close(Made("B"), "2026-10-06 10:00");
  Incident elsewhere;
  elsewhere.code = "C";
  elsewhere.due = "2026-10-09";
  elsewhere.area = "371403100201";
  Report(elsewhere);
  Close(elsewhere, "2026-10-07 10:00");
  ById exact = Figures(CountyLeader(), "371403"), rounded = Figures(Analyst(), "371403");
  EXPECT_EQ(Text(exact["K-01"]), "9/14 = 64.29");
  EXPECT_EQ(Text(rounded["K-01"]), "10/15 = 66.67");
  EXPECT_EQ(rounded["K-22"].denominator(), 15);
  for (const auto& [id, figure] : rounded) {
    if (figure.hidden() || figure.no_data() || figure.unit() == v1::COUNTS) continue;
    EXPECT_EQ(figure.numerator() % 5, 0) << id;
    EXPECT_EQ(figure.denominator() % 5, 0) << id;
    for (const auto& bucket : figure.distribution()) EXPECT_EQ(bucket.count() % 5, 0) << id;
    for (const auto& duration : figure.duration()) EXPECT_EQ(duration.count() % 5, 0) << id;
  }
  // One matter, alone in its township, and alone on its day: neither is told, nor to be had from two answers.
  EXPECT_TRUE(Figures(Analyst(), "371403100")["K-01"].hidden());
  auto closed = [&](const Actor& actor, const char* until) {
    return Figures(actor, "371403", until)["K-14"].denominator();
  };
  EXPECT_EQ(closed(Analyst(), "2026-10-07"), closed(Analyst(), "2026-10-08"));
  EXPECT_EQ(closed(CountyLeader(), "2026-10-07") + 1, closed(CountyLeader(), "2026-10-08"));
}

// spec: 3.10 O10
TEST_F(ReadByTheAnalyst, WarningsAreCountedInMultiplesOfFive) {
  for (int i = 0; i < 7; ++i) {
    Tell("mediation", "R" + std::to_string(i), "risk_reported", "2026-11-23 09:00",
         "status: MEDIATING dispute_type: 'D01' committee_org: 'v-committee' holder_org: 'v-committee' level: 2 "
         "risk: HIGH police_informed: true",
         "371403001002", 2);
  }
  v1::CountWarningsRequest request;
  request.set_area_code("371403");
  request.set_from_month("2026-11");
  request.set_until_month("2026-11");
  auto raised = [&](const Actor& actor, bool rounded) {
    v1::CountWarningsResponse response;
    EXPECT_TRUE(queries_.CountWarnings(As(actor), request, &response).ok());
    EXPECT_EQ(response.rounded(), rounded);
    int64_t count = 0;
    for (const auto& row : response.row()) count += row.rule() == "W4" ? row.raised() : 0;
    return count;
  };
  EXPECT_EQ(raised(CountyLeader(), false), 7);
  EXPECT_EQ(raised(Analyst(), true), 5);
  request.set_area_code("371403100");
  EXPECT_EQ(raised(Analyst(), true), 0);
}

// spec: 3.10
TEST_F(ReadByTheAnalyst, WhoIsLeaderOfATownshipReadsTheCountyAsTheAnalyst) {
  Actor both = Analyst();
  *both.add_grant() = TownLeader().grant(0);
  EXPECT_TRUE(MayOpenLists(As(both), "371403001"));
  EXPECT_FALSE(MayOpenLists(As(both), "371403"));
}

}  // namespace
}  // namespace oversight
