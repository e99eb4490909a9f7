// Registrars, mediators and parties of the people's mediation: from the application to an agreement that
// binds, or to an end that names the other ways. Some cases are left alone, so that periods run out.

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include <algorithm>
#include <functional>

#include "tests/sim/actors.h"
#include "tests/sim/city.h"

namespace sim {
namespace {

using absl::StrCat;
using absl::Substitute;
using kernel::v1::Actor;
using namespace mediation::v1;  // NOLINT: names of statuses

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

Actor Registrar(const City::Case& state) {
  return As(kernel::v1::ROLE_MR, state.committee_org(), state.committee_area(), "mr");
}
Actor Chair(const City::Case& state) {
  return As(kernel::v1::ROLE_MD, state.committee_org(), state.committee_area(),
            state.chair_user_id().empty() ? "mediator" : state.chair_user_id());
}
Actor Committee(const City::Case& state) {
  return As(kernel::v1::ROLE_MC, state.committee_org(), state.committee_area(), "mc");
}

// As what whoever acts for this party comes.
std::string CapacityOf(const City::Case& state, std::string_view party_id) {
  const auto party = std::ranges::find(state.party(), party_id, &Party::party_id);
  if (party == state.party().end()) return "";
  if (party->has_guardian() || party->person().minor()) return "capacity: GUARDIAN_OF_PARTY";
  return party->has_head() ? "capacity: HEAD_OF_ORGANISATION" : "";
}

// And signs. A guardian whom nobody recorded is named now; nobody remembers each time to ask.
std::string SignsAs(const City::Case& state, const Party& party, bool asked) {
  const std::string capacity = CapacityOf(state, party.party_id());
  if (!party.person().minor() || party.has_guardian() || !asked) return capacity;
  return StrCat(capacity, " signed_name: '张", std::string(kNameMark), "护' signed_relation: '父亲'");
}

// One case in eight is forgotten once it was accepted: its warnings and its end come by themselves.
bool IsForgotten(const City::Case& state) {
  return state.accepted_at_ms() != 0 && std::hash<std::string>()(state.query_code()) % 8 == 0;
}

const Party* PartyWithout(const City::Case& state, const std::function<bool(const Party&)>& has) {
  const auto at = std::ranges::find_if(state.party(), [&](const Party& party) { return !has(party); });
  return at == state.party().end() ? nullptr : &*at;
}

}  // namespace

std::string City::ConsentsAs(const Party& party) {
  if (party.has_guardian()) return "capacity: GUARDIAN_OF_PARTY";
  if (party.has_head()) return "capacity: HEAD_OF_ORGANISATION";
  if (!party.person().minor()) return "";
  return StrCat("capacity: GUARDIAN_OF_PARTY by_name: '张", std::string(kNameMark), "护' by_relation: '父亲'");
}

// Now and then the other side is a child, whom somebody guards, or a company, which has a head.
std::string City::TwoParties(const std::string& user) {
  const uint64_t who = people_ % 9;
  const std::string mark(kNameMark);
  const std::string acts =
      who == 4 && Chance(0.3) ? ""
      : who == 4   ? Substitute("guardian { name: '张$0护' relation: '母亲' } birth_date: '2015-03-09' sex: '女'", mark)
      : who == 6 ? Substitute("head { name: '张$0总' post: '总经理' }", mark)
                 : "";
  return Substitute(
      "party { person { $0 } applicant: true $1 } party { person { $2 } $4 } facts: '$3' ",
      Person(user.empty() ? "side: SIDE_A" : StrCat("side: SIDE_A user_id: '", user, "'")),
      Chance(0.2) ? "wants_writing: true" : "",
      Person(who == 4 ? "side: SIDE_B minor: true" : who == 6 ? "side: SIDE_B is_organisation: true" : "side: SIDE_B"),
      Words("争议经过"), acts);
}

void City::Apply() {
  const std::string village = AnyOf(grids_).substr(0, 12);
  const std::string committee = village + "-committee";
  const std::string head = Substitute("{ area_code: '$0' dispute_type: '$1' scale: S2_2_TO_4 ", village,
                                      Pick({"D02", "D06", "D10", "D11", "D15", "D16"}));
  const std::string user = StrCat("c-", 1 + world_.random.Below(40));
  const Actor registrar = As(kernel::v1::ROLE_MR, committee, village, "mr");
  switch (world_.random.Below(5)) {
    case 0:
      return Ask(mediation_, "", true,
                 {registrar, StrCat("register_ex_officio ", head, TwoParties(""), "why: '主动上门' }")});
    case 1:
      return Ask(
          mediation_, "", true,
          {As(kernel::v1::ROLE_CT, "371403-court", kCounty, "court"),
           StrCat("receive_referral ", head, TwoParties(""),
                  "sender: FROM_COURT document: '（2026）1' court_case_no: '（2026）1' court_entrusted: ",
                  Pick({"true", "false"}), " summary_procedure: ", Pick({"true", "false"}), " }")});
    case 2:
      return Ask(mediation_, "", true,
                 {registrar, StrCat("receive_referral ", head, TwoParties(""),
                                    "sender: FROM_POLICE document: '移送1号' domestic_violence: ",
                                    Pick({"true", "false"}), " }")});
    case 3:
      return Ask(
          mediation_, "", true,
          {Citizen(user), StrCat("apply ", head, TwoParties(user), "voluntary: true claim: '赔偿' }")});
    default:
      return Ask(mediation_, "", true,
                 {registrar, StrCat("apply ", head, TwoParties(user), "voluntary: true amount_fen: 5000 }")});
  }
}

void City::WorkOnCase() {
  if (!mediation_.up()) return;
  // Referred cases are found in the county's list: nobody was told their ids.
  const auto page = mediation_.Read().List("area", StrCat(kCounty, "/0"), 40, cases_seen_);
  CHECK(page.ok()) << page.status();
  for (const auto& item : page->items) {
    if (std::ranges::find(cases_, item.aggregate_id) == cases_.end()) cases_.push_back(item.aggregate_id);
  }
  cases_seen_ = page->next_page_token;
  if (cases_.empty()) return;
  const size_t which = world_.random.Below(cases_.size());
  const std::string id = cases_[which];
  const auto stored = mediation_.Read().Get(id);
  CHECK(stored.ok()) << stored.status();
  if (!*stored) return;
  const CaseStatus status = (*stored)->state.status();
  const bool ended = status == COMPLETED || status == ENDED || status == REFUSED;
  const bool over = status == ARCHIVED || (ended && Chance(0.1));
  if (over) {
    cases_[which] = cases_.back();
    cases_.pop_back();
    return;
  }
  if (const Maybe step = StepFor(id, (*stored)->state)) Ask(mediation_, id, false, *step);
}

City::Maybe City::StepFor(const std::string& id, const Case& state) {
  if (IsForgotten(state)) return std::nullopt;
  switch (state.status()) {
    case REGISTERED:
    case SEEKING_CONSENT:
      return SeekConsent(state);
    case ACCEPTED:
      if (Chance(0.3)) {
        const auto* undecided =
            PartyWithout(state, [](const Party& p) { return !p.chosen_mediator_user_id().empty(); });
        if (undecided != nullptr) {
          return Step{Registrar(state),
                      Substitute("choose_mediator { party_id: '$0' mediator_user_id: '$1' }",
                                 undecided->party_id(), Named({"mediator"}))};
        }
      }
      return Step{Committee(state), Substitute("assign { chair_user_id: '$0' recusal_checked: true difficult: $1 }",
                                               Named({"mediator", "mediator", "mediator-2"}),
                                               Pick({"false", "false", "true"}))};
    case ASSIGNED:
    case MEDIATING:
      return Mediate(state);
    case AGREED:
      return Sign(state);
    case PAUSED:
      return WhilePaused(state);
    case EFFECTIVE:
      return FollowThrough(state);
    case COMPLETED:
    case ENDED:
    case REFUSED:
      return CloseFile(id, state);
    default:
      return std::nullopt;
  }
}

City::Maybe City::SeekConsent(const Case& state) {
  const Actor registrar = Registrar(state);
  if (!state.intake_complete()) return Step{registrar, StrCat("complete_intake { ", TwoParties(""), " }")};
  const uint64_t die = world_.random.Below(100);
  if (die < 3) {
    return Step{
        registrar,
        Substitute("refuse { code: '$0' where_to_go: '法院立案庭' notice_how: '书面' remedy: JUDICIAL $1 }",
                   Pick({"NOT_CIVIL", "SPECIAL_ORGAN"}),
                   state.dispute_type() == "D10" || state.dispute_type() == "D11" ? "remedy: ARBITRATION" : "")};
  }
  if (die < 5) {
    return Step{Committee(state),
                "end { reason: E03_SETTLED_THEMSELVES remedy: JUDICIAL notice_how: '书面' }"};
  }
  const auto* unasked =
      PartyWithout(state, [](const Party& p) { return p.consent() != CONSENT_ANSWER_UNSPECIFIED; });
  if (unasked != nullptr) return Step{registrar, "ask_consent { how: '电话' }"};
  const auto* unsure = PartyWithout(state, [](const Party& p) { return p.consent() == AGREED_TO_MEDIATE; });
  if (unsure != nullptr) {
    return Step{registrar,
                // Now and then the registrar forgets to say who it was.
                Substitute("record_consent { party_id: '$0' answer: $1 how: '电话' $2 }", unsure->party_id(),
                           die < 12 ? "REFUSED_TO_MEDIATE" : "AGREED_TO_MEDIATE",
                           die % 8 == 7 ? "" : ConsentsAs(*unsure))};
  }
  const auto* untold = PartyWithout(state, [](const Party& p) { return p.rights_notice_at_ms() != 0; });
  if (untold != nullptr) {
    return Step{registrar,
                "serve_rights_notice { party_id: 'p1' party_id: 'p2' how: '当面' "
                "protection_information_given: true }"};
  }
  return Step{registrar, "accept { jurisdiction_confirmed: true not_accepted_elsewhere: true }"};
}

City::Maybe City::Mediate(const Case& state) {
  const int64_t now = world_.clock.NowMs();
  const std::string clause = Substitute(
      "clause { obligor_party_id: 'p2' obligee_party_id: 'p1' kind: PAY content: '$0' amount_fen: 5000 "
      "place: '转账' due_at_ms: $1 } ",
      Words("给付"), now + 10 * kDayMs);
  const uint64_t die = world_.random.Below(100);
  if (!state.recusal().empty() || Chance(0.15)) return TakeCourse(state);
  if (state.session().empty() || die < 30) {
    const int64_t ended = std::max(now - kHourMs, state.accepted_at_ms());
    return Step{
        Chair(state),
        Substitute("hold_session { session { started_at_ms: $0 ended_at_ms: $1 place: '村' mode: $6 "
                   "record: '$2' attendance { party_id: 'p1' present: true signed_record: true } "
                   "attendance { party_id: 'p2' present: true signed_record: true $5 } result: $3 $4 } }",
                   std::max(now - 2 * kHourMs, state.accepted_at_ms()), ended, Words("谈过"),
                   Pick({"CONTINUES", "NO_AGREEMENT"}),
                   state.query_code() < "5" ? Substitute("invited { name: '张$0邻' standing: '邻居' } invited_agreed: true",
                                                         std::string(kNameMark))
                                            : "",
                   CapacityOf(state, "p2"),
                   // With violence at home they meet online: nobody here says who is to be protected, so elsewhere
                   // they are not brought together.
                   state.domestic_violence() ? Pick({"ONLINE", "ONLINE", "ONSITE"}) : "ONSITE")};
  }
  if (die < 62) {
    return Step{Chair(state), StrCat("draft_agreement { ", clause, "facts: '", Words("事实"),
                                     "' responsibilities: '责任' "
                                     "manner: '转账' }")};
  }
  if (die < 80) {
    return Step{Chair(state),
                StrCat("record_oral { ", clause, "facts: '事实' manner: '当面' why_oral: '即时履行' }")};
  }
  if (die < 84) {
    return Step{Citizen(state.party_size() > 0 ? state.party(0).person().user_id() : "nobody"),
                "end { reason: E04_PARTY_REFUSES }"};
  }
  return Step{
      Chair(state),
      StrCat("end { reason: ", Pick({"E05_TOO_FAR_APART", "E11_NOT_SUITABLE"}),
             " remedy: JUDICIAL where_to_go: '法院' notice_how: '书面' undisputed_facts: '", Words("无争议"),
             "' undisputed_consent_party_id: 'p1' "
             "undisputed_consent_party_id: 'p2' }")};
}

City::Maybe City::Sign(const Case& state) {
  if (Chance(0.06)) return Step{Chair(state), "reconsider { party_id: 'p2' reason: '再想想' }"};
  if (Chance(0.03)) {
    return Step{Chair(state),
                "end { reason: E08_WILL_NOT_SIGN party_id: 'p2' remedy: ARBITRATION where_to_go: '法院' "
                "notice_how: '书面' }"};
  }
  const auto* unsigned_by =
      PartyWithout(state, [](const Party& p) { return p.signed_() != SIGNATURE_KIND_UNSPECIFIED; });
  const uint64_t die = world_.random.Below(3);
  if (unsigned_by != nullptr && die != 0) {
    return Step{Chair(state), Substitute("sign { party_id: '$0' kind: FINGERPRINT proof_sha256: '$1' $2 }",
                                         unsigned_by->party_id(), Scan(), SignsAs(state, *unsigned_by, Chance(0.8)))};
  }
  if (state.agreement().mediator_signed_at_ms() == 0 && die != 1)
    return Step{Chair(state), "sign { kind: SIGNATURE }"};
  return Step{Committee(state), "seal { copies: 3 }"};
}

}  // namespace sim
