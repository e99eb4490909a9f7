// Petitioners, clerks and petition offices: from the first visit to acceptance, refusal, another procedure, or the
// sealed way of an accusation. Some petitions are left alone, so that every period runs out once.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <algorithm>

#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace petition::v1;  // NOLINT: names of statuses

constexpr int64_t kDayMs = 86'400'000;
constexpr char kCountyOffice[] = "371403-petition";
constexpr char kCityOffice[] = "3714-petition";

// One petition in nine is forgotten: its periods run out by themselves.
bool IsForgotten(const City::Petition& state) {
  return std::hash<std::string>()(state.query_code()) % 9 == 0;
}

// Of one dead petitioner in three nobody asks, and the unit waits until the period is over.
bool IsLonely(const City::Petition& state) {
  return state.status() == ACCEPTED && std::hash<std::string>()(state.query_code()) % 3 == 0;
}

bool IsOver(PetitionStatus status) {
  return status == FINAL || (status >= CLOSED && status <= SEALED) || status == REPLIED ||
         (status >= WITHDRAWN && status <= MERGED);
}

// Nobody asked for review, or re-review, in time.
bool SilenceClosed(const City::Petition& state) {
  return state.status() == CLOSED && state.closed_reason().starts_with("DP-");
}

Actor CountyHead() { return As(kernel::v1::ROLE_PO, kCountyOffice, kCounty, "po-county"); }
Actor CityHead() { return As(kernel::v1::ROLE_PO, kCityOffice, kCity, "po-city"); }
// Who sees all petitions of the county, or of the city.
Actor Line(const City::Petition& state) { return state.office_level() >= 5 ? CityHead() : CountyHead(); }

}  // namespace

Actor City::Clerk(const Petition& state) {
  return As(kernel::v1::ROLE_PC, state.office_org(), state.office_area(), "pc-" + state.office_org());
}
Actor City::Office(const Petition& state) {
  return As(kernel::v1::ROLE_PO, state.office_org(), state.office_area(), "po-" + state.office_org());
}
Actor City::Handler(const Petition& state) {
  return As(kernel::v1::ROLE_PH, state.unit_org(), state.unit_area(), "ph-" + state.unit_org());
}
Actor City::Head(const Petition& state) {
  return As(kernel::v1::ROLE_DM, state.unit_org(), state.unit_area(), "dm-" + state.unit_org());
}

// By account, or over the counter.
Actor City::Asker(const Petition& state) {
  for (const auto& petitioner : state.petitioner()) {
    if (!petitioner.person().user_id().empty()) return Citizen(petitioner.person().user_id());
  }
  return Clerk(state);
}

std::string City::Notice() {
  return Substitute("notice { text: '$0' contact: '信访接待室' how: '书面' }", Words("告知"));
}

std::string City::Petitioner(std::string_view more) {
  const std::string user = Chance(0.6) ? Substitute("user_id: 'c-$0'", 1 + world_.random.Below(40)) : "";
  return Substitute("petitioner { person { $0 } $1 } ", Person(user), std::string(more));
}

// All of it is kept in the vault. What only the discipline organ may know carries a mark of its own.
std::string City::Content(bool sealed) {
  const std::string mark(sealed ? kSealedMark : kFreeTextMark);
  return Substitute("content { request: '请求$0' facts: '经过$0' respondent: '李$1$0' evidence: '照片' } ",
                    mark, std::string(kNameMark));
}

// Kept in the vault, like all that is said of people.
std::string City::NoAccusation() { return Substitute("not_accusation_reason: '反映作风$0' ", std::string(kFreeTextMark)); }

void City::Raise() {
  const std::string& grid = AnyOf(grids_);
  const std::string township = grid.substr(0, 9);
  const uint64_t die = world_.random.Below(100);
  const bool accusation = die < 12;
  const std::string type =
      accusation ? "ACCUSATION" : Pick({"REQUEST", "REQUEST", "REQUEST", "REQUEST", "SUGGESTION"});
  const std::string content = Pick({"Q01", "Q05", "Q12", "Q99", "Q16"});
  std::string text = Substitute("register { area_code: '$0' content_code: '$1' type: $2 ", grid, content, type);
  if (content == "Q16" && Chance(0.8)) text += NoAccusation();
  text += Content(accusation);
  if (accusation && content == "Q01") text += Substitute("respondent_org: '$0' ", kCountyOffice);  // the office itself
  Actor who = Citizen(StrCat("c-", 1 + world_.random.Below(40)));
  const uint64_t door = world_.random.Below(100);
  if (door < 30) {
    text += StrCat("channel: NET ",
                   accusation || Chance(0.6) ? "" : Substitute("to_org: '$0' ", AnyOf(departments_)));
  } else if (door < 60) {  // at the desk of the township or of the county; the postmark may be older
    const bool county = accusation || Chance(0.5);
    const std::string area = county ? kCounty : township;
    who = As(kernel::v1::ROLE_PC, area + "-petition", area, "pc-" + area + "-petition");
    text += Substitute("channel: $0 received_at_ms: $1 ", Pick({"LETTER", "VISIT", "PHONE", "FAX"}),
                       world_.clock.NowMs() - static_cast<int64_t>(world_.random.Below(3 * kDayMs)));
  } else if (door < 85 && !accusation) {  // the department itself
    const std::string& org = AnyOf(departments_);
    who = As(kernel::v1::ROLE_PH, org, kCounty, "ph-" + org);
    text += "channel: VISIT ";
  } else if (door < 92 && !accusation) {  // a visit above the next higher level
    who = As(kernel::v1::ROLE_PC, kCityOffice, kCity, "pc-city");
    text += Substitute("channel: VISIT to_org: '$0' competent_org: '$1-gov' ", kCityOffice, township);
  } else {
    who = As(kernel::v1::ROLE_LD, "371403-gov", kCounty, "leader-2");
    text += StrCat("channel: LEADER_MAILBOX ", accusation ? "" : Substitute("to_org: '$0' ", kCountyOffice));
  }
  const bool joint = Chance(0.12);
  text += Petitioner(joint ? "representative: true" : "");
  if (joint)
    text +=
        StrCat(Petitioner("representative: true"), "petitioner_count: ", 6 + world_.random.Below(60), " ");
  if (Chance(0.05)) text += "name_or_address_unclear: true ";
  if (Chance(0.08)) {
    text += Substitute("agent { person { $0 } kind: LAWYER mandate_sha256: '$1' } ", Person(),
                       Scan());
  }
  std::string id;
  if (accusation) {  // so that any trace of it is found by one search
    id = rpc::IdSource(base::Random(world_.random.Next())).NewUlid(world_.clock.NowMs());
    id.replace(id.size() - kSealedIdMark.size(), kSealedIdMark.size(), kSealedIdMark);
  }
  Ask(petition_, id, true, {who, text + "}"});
}

void City::WorkOnPetition() {
  if (!petition_.up()) return;
  const auto page = petition_.Read().List("area", StrCat(kCounty, "/0"), 40, petitions_seen_);
  CHECK(page.ok()) << page.status();
  for (const auto& item : page->items) {
    if (known_petitions_.insert(item.aggregate_id).second) petitions_.push_back(item.aggregate_id);
  }
  petitions_seen_ = page->next_page_token;
  std::vector<std::string>& list =
      !answered_.empty() && (petitions_.empty() || Chance(0.2)) ? answered_ : petitions_;
  if (list.empty()) return;
  size_t which = world_.random.Below(list.size());
  auto stored = petition_.Read().Get(list[which]);
  // What is under review is asked about more often.
  for (int tries = &list == &petitions_ && Chance(0.5) ? 8 : 0; tries > 0; --tries) {
    CHECK(stored.ok()) << stored.status();
    if (*stored && (*stored)->state.stage_size() > 1) break;
    which = world_.random.Below(list.size());
    stored = petition_.Read().Get(list[which]);
  }
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const std::string id = list[which];
  const Petition& state = (*stored)->state;
  if (state.type() == ACCUSATION && std::ranges::find(accusations_, id) == accusations_.end())
    accusations_.push_back(id);
  const bool over = IsOver(state.status());
  if (over != (&list == &answered_)) {
    list[which] = list.back();
    list.pop_back();
    (over ? answered_ : petitions_).push_back(id);
  }
  if (const Maybe step = StepFor(id, state)) Ask(petition_, id, false, *step);
}

City::Maybe City::StepFor(const std::string& id, const Petition& state) {
  if (state.type() == ACCUSATION) return WhileSealed(state);
  if (IsForgotten(state) && !Chance(0.02)) return std::nullopt;
  const bool owes = state.has_execution() && state.execution().executed_at_ms() == 0;
  const bool busy = owes || !state.improvement().empty() || !state.leader().user_id().empty() ||
                    state.backlog().state() == LISTED || state.backlog().state() == WRITE_OFF_PROPOSED;
  if (Chance(busy ? 0.3 : 0.12)) return WorkAround(state);
  const bool mourned = std::ranges::any_of(state.petitioner(), [](const auto& one) { return one.died_at_ms() != 0; });
  if (mourned && IsLonely(state)) return std::nullopt;
  if (!state.petitioner().empty() && Chance(mourned ? 0.3 : 0.02)) return AfterDeath(state);
  if (!state.petitioner().empty() && !IsOver(state.status()) && Chance(state.name_or_address_unclear() ? 0.2 : 0.01))
    return Correct(state);
  // What it accuses somebody of comes to light under way: by the office, or by the unit's own handler.
  const bool under_way = !IsOver(state.status()) && state.status() != REGISTERED && !state.unit_org().empty();
  if (under_way && Chance(0.01))
    return Step{Chance(0.5) ? Office(state) : Handler(state), "retype { type: ACCUSATION reason: '涉嫌违纪' }"};
  // Or when it is over, and of what others have the words of too; a unit that had it may not say so any more.
  if ((IsOver(state.status()) && Chance(0.005)) || (told_of_.contains(id) && Chance(0.2)))
    return Step{Chance(0.8) ? Line(state) : Handler(state), "retype { type: ACCUSATION reason: '涉嫌违纪' }"};
  switch (state.status()) {
    case REGISTERED:
      return WhileRegistered(id, state);
    case FORWARDED:
      return WhileForwarded(state);
    case RECEIVED_BY_UNIT:
      return WhileReceived(id, state);
    case OBJECTED:
      return Step{Office(state), Substitute("decide_objection { agreed: $0 reason: '$1' }",
                                            Pick({"true", "true", "false"}), Words("核实"))};
    case SUGGESTION_HANDLING:
      return Step{Handler(state), Substitute("reply_suggestion { adoption: $0 reply: '$1' }",
                                             Pick({"FULL", "PART", "NONE"}), Words("答复"))};
    case ACCEPTED:
    case OPINION_ISSUED:
      return WhileHandled(id, state);
    case REVIEWING:
    case RECHECKING:
      return WhileReviewed(state);
    default:
      return WhileDelivered(state);
  }
}

// A letter came back, or an agent was found: who petitions, and who acts for them.
City::Step City::Correct(const Petition& state) {
  const Actor desk = Chance(0.8) || state.unit_org().empty() ? Clerk(state) : Handler(state);
  const std::string agent = Substitute("agents_change: true agent { person { $0 } kind: LAWYER mandate_sha256: '$1' }",
                                       Person(), Scan());
  return {desk, Substitute("correct_people { reason: '更正' petitioner { petitioner_id: 'p1' person { $0 } } $1 }",
                           Person(), Chance(0.3) ? agent : std::string())};
}

// People die while their petition is handled. Somebody takes over, or nobody does, or nobody asks in time.
City::Maybe City::AfterDeath(const Petition& state) {
  const auto dead =
      std::ranges::find_if(state.petitioner(), [](const auto& one) { return one.died_at_ms() != 0; });
  const Actor desk = Chance(0.9) || state.unit_org().empty() ? Clerk(state) : Handler(state);
  if (dead == state.petitioner().end() || Chance(0.15)) {
    return Step{desk, Substitute("record_death { petitioner_id: 'p1' died_at_ms: $0 proof_sha256: '$1' }",
                                 world_.clock.NowMs() - static_cast<int64_t>(world_.random.Below(kDayMs)),
                                 Scan())};
  }
  if (Chance(0.4)) {
    return Step{desk, Substitute("record_successor { petitioner_id: '$0' person { $1 } proof_sha256: '$2' }",
                                 dead->petitioner_id(), Person(), Scan())};
  }
  if (Chance(0.4)) return std::nullopt;
  return Step{state.unit_org().empty() || Chance(0.9) ? Office(state) : Handler(state),
              Substitute("terminate { proof_sha256: '$0' }", Scan())};
}

// Sealed: the head of the office hands it over, the discipline organ takes it; whoever else tries learns nothing.
City::Maybe City::WhileSealed(const Petition& state) {
  const std::string organ = StrCat(state.office_level() >= 5 ? kCity : kCounty, "-discipline");
  if (state.status() == REGISTERED) {
    if (Chance(0.3)) return Step{Clerk(state), "retype { type: REQUEST reason: '改类' }"};
    return Step{Office(state), Substitute("transfer_to_discipline { discipline_org: '$0' }", organ)};
  }
  if (state.ended_at_ms() != 0) return std::nullopt;
  return Step{As(kernel::v1::ROLE_DI, organ, AreaOfOrg(organ), "di-" + organ),
              "receive_sealed { external_ref: '纪1' }"};
}

City::Step City::Forward(const Petition& state) {
  std::string unit = AnyOf(departments_);
  if (state.office_level() <= 3) unit = StrCat(state.office_area(), Pick({"-gov", "-justice", "-police"}));
  if (state.office_level() == 4 && Chance(0.3)) unit = StrCat(AnyOf(grids_).substr(0, 9), "-gov");
  const std::string report =
      Chance(0.4)
          ? Substitute("assigned: true letter_no: '交办1号' report_due_at_ms: $0",
                       world_.clock.NowMs() + static_cast<int64_t>(2 + world_.random.Below(40)) * kDayMs)
          : "";
  return {state.direct() ? Handler(state) : Office(state),
          Substitute("forward { to_org: '$0' reason: '$1' $2 $3 }", unit, Words("属地管理"), report,
                     state.direct() ? Notice() : "")};
}

City::Maybe City::WhileRegistered(const std::string& id, const Petition& state) {
  const uint64_t die = world_.random.Below(100);
  if (!state.intake_complete()) {
    const std::string type = Pick({"REQUEST", "REQUEST", "REQUEST", "REQUEST", "SUGGESTION", "ACCUSATION"});
    const std::string content = Chance(0.8) ? "'Q05'" : StrCat("'Q16' ", NoAccusation());
    return Step{Clerk(state), StrCat("complete_intake { content_code: ", content, " type: ", type, " ", Petitioner(),
                                     Content(type == "ACCUSATION"), "}")};
  }
  if (state.in_dispute()) {
    return Step{Chance(0.8) ? CountyHead() : CityHead(),
                Substitute("decide_dispute { to_org: '$0' reason: '$1' by_joint_conference: $2 }",
                           AnyOf(departments_), Words("明确"), Pick({"true", "false"}))};
  }
  if (die < (state.type() == SUGGESTION ? 14u : 6u)) {
    return Step{state.office_level() >= 4 ? Clerk(state) : CountyHead(),
                Substitute("retype { type: $0 reason: '类型有误' }",
                           Pick({state.type() == SUGGESTION ? "REQUEST" : "SUGGESTION", "ACCUSATION"}))};
  }
  if (state.type_unconfirmed() && Chance(state.content_code() == "Q16" ? 0.5 : 0.05))
    return Step{Line(state), StrCat("confirm_type { ", NoAccusation(), "}")};
  if (die < 17) return LinkEarlier(id, state);
  for (int tries = 0; die < 18 && tries < 12 && !petitions_.empty(); ++tries) {
    const std::string& primary_id = AnyOf(petitions_);
    const auto primary = petition_.Read().Get(primary_id);
    CHECK(primary.ok()) << primary.status();
    if (!*primary || primary_id == id || (*primary)->state.office_org() != state.office_org()) continue;
    told_of_.insert(primary_id);
    return Step{Line(state), Substitute("merge_copy { primary_id: '$0' counted_already: $1 }", primary_id,
                                        Chance(0.3) ? 1 : 0)};
  }
  if (die < 20) return Withdraw(state);
  const Actor desk = state.direct() ? Handler(state) : Office(state);
  if (die < 25) {
    return Step{desk, Substitute("raise_dispute { other_org: '$0' reason: '$1' }", AnyOf(departments_),
                                 Words("职责"))};
  }
  if (die < 37 || state.visit_above_level() || state.repeat_class() == SAME_IN_PROCESS ||
      state.repeat_class() == SAME_AFTER_FINAL || (state.repeat_class() == REPEAT && Chance(0.85))) {
    return TurnAway(state);
  }
  if (!state.direct() && die < 85) return Forward(state);
  if (die < 42) return Forward(state);
  return Accept(state);
}

City::Maybe City::WhileForwarded(const Petition& state) {
  if (Chance(0.5)) return std::nullopt;  // it counts as received by itself
  const int64_t earlier = Chance(0.3) ? state.forwarded_at_ms() : 0;
  return Step{Handler(state), Substitute("confirm_receipt { received_at_ms: $0 }", earlier)};
}

City::Maybe City::WhileReceived(const std::string& id, const Petition& state) {
  const uint64_t die = world_.random.Below(100);
  if (state.in_dispute()) return WhileRegistered(id, state);
  if (die < 15) {
    return Step{Head(state), Substitute("object { reason: '$0' suggested_org: '$1' }", Words("不属本单位"),
                                        AnyOf(departments_))};
  }
  if (die < 20) return LinkEarlier(id, state);
  if (die < 25) {
    return Step{Handler(state), Substitute("raise_dispute { other_org: '$0' reason: '$1' }",
                                           AnyOf(departments_), Words("职责"))};
  }
  if (die < 35) return TurnAway(state);
  return Accept(state);
}

City::Maybe City::Accept(const Petition& state) {
  const Actor desk = state.status() == REGISTERED && !state.direct() ? Office(state) : Handler(state);
  if (state.type() == SUGGESTION) return Step{desk, StrCat("study { ", Notice(), " }")};
  if (Chance(0.75)) return Step{desk, StrCat("accept { route: 6 recusal_checked: true ", Notice(), " }")};
  const std::string due =
      Chance(0.5) ? StrCat("procedure_due_at_ms: ", world_.clock.NowMs() + 20 * kDayMs) : std::string();
  return Step{desk, Substitute("accept { route: $0 recusal_checked: true procedure: '行政复议' $1 $2 }",
                               1 + world_.random.Below(5), due, Notice())};
}

City::Maybe City::TurnAway(const Petition& state) {
  const Actor desk = state.status() == REGISTERED && !state.direct() ? Office(state) : Handler(state);
  std::string code = Pick({"NA01", "NA07", "NA09", "NA10"});
  if (state.repeat_class() == SAME_IN_PROCESS) code = "NA01";
  if (state.repeat_class() == SAME_AFTER_FINAL) code = "NA02";
  if (state.repeat_class() == REPEAT && Chance(0.85)) code = "NA09";
  if (state.visit_above_level()) code = "NA08";
  if (Chance(0.6)) return Step{desk, Substitute("refuse_acceptance { code: '$0' $1 }", code, Notice())};
  return Step{desk, Substitute("redirect { code: '$0' procedure: '诉讼' organ: '人民法院' $1 }",
                               Pick({"NA03", "NA04", "NA05"}), Notice())};
}

// A person has looked at the earlier one; the platform never says by itself that two are the same.
City::Maybe City::LinkEarlier(const std::string& id, const Petition& state) {
  const bool still_open = answered_.empty() || Chance(0.25);
  const std::vector<std::string>& list = still_open ? petitions_ : answered_;
  if (list.empty()) return std::nullopt;
  std::string earlier_id;
  auto earlier = petition_.Read().Get(id);
  for (int tries = 0; tries < 40; ++tries) {  // what was decided for the last time is often brought again
    earlier_id = AnyOf(list);
    earlier = petition_.Read().Get(earlier_id);
    CHECK(earlier.ok()) << earlier.status();
    if (!*earlier || earlier_id == id) continue;
    if (still_open || (*earlier)->state.final_guard() || SilenceClosed((*earlier)->state)) break;
  }
  if (!*earlier || earlier_id == id) return std::nullopt;
  std::string how = Pick({"REPEAT", "NEW_FACTS", "DIFFERENT"});
  if ((*earlier)->state.final_guard()) how = "SAME_AFTER_FINAL";
  if (SilenceClosed((*earlier)->state)) how = "REPEAT";
  if (!IsOver((*earlier)->state.status()) && Chance(0.7)) how = "SAME_IN_PROCESS";
  return Step{Line(state), Substitute("link_repeat { earlier_id: '$0' repeat_class: $1 new_facts: '$2' }",
                                      earlier_id, how, Words("新情况"))};
}

}  // namespace sim
