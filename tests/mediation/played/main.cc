// Plays recorded mediations through the service's own rules, from the application to the archived file, and prints each
// file as PDF, so that people can look at it page by page.
//
//   mediation_played CASES.jsonl OUT_DIR
//
// A line of CASES: {"event_type", "event_description", "disputing_parties", "dialog": [{"speaker", "text"}]}. It names
// everybody who spoke and tells in speeches what was agreed. Who of them is a party, who was invited, who came for
// whom, what each owes and how it ended stands beside it, read from it by hand: cases.json (README.md). The dialog
// becomes the records of one or two sessions. What the cases do not tell and the forms ask for (numbers, addresses,
// telephones) is made up. Without the file it says so and exits with 2; if a rule refuses a case, or somebody is named
// who does not stand in the source, with 1.
#include <google/protobuf/text_format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "services/mediation/documents.h"
#include "services/press/press.h"
#include "tests/mediation/case_world.h"
#include "tests/support/driven.h"

namespace mediation {
namespace {

using nlohmann::json;

// At most `max` characters.
std::string Cut(const std::string& text, size_t max) {
  size_t at = 0, characters = 0;
  while (at < text.size() && characters < max) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    ++characters;
  }
  return text.substr(0, at);
}

std::string TypeOf(const std::string& event_type) {
  static const std::map<std::string, std::string> kTypes = {
      {"家庭婚姻纠纷", "D01"}, {"遗产继承纠纷", "D01"}, {"社区邻里纠纷", "D02"}, {"房产土地纠纷", "D03"},
      {"经济债务纠纷", "D04"}, {"公司经营纠纷", "D05"}, {"治安刑事纠纷", "D06"}, {"校园教育纠纷", "D06"},
      {"环境污染纠纷", "D09"}, {"劳资劳动纠纷", "D11"}, {"消费旅游纠纷", "D14"}, {"医疗健康纠纷", "D15"},
      {"交通事故纠纷", "D16"}};
  const auto it = kTypes.find(event_type);
  return it == kTypes.end() ? "D18" : it->second;
}

// An identity number with its check digit.
std::string IdNumberOf(const std::string& born, bool female, size_t no) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  std::string number = "371403" + born + "0" + std::to_string(no % 10) + (female ? "2" : "1");
  int sum = 0;
  for (size_t i = 0; i < number.size(); ++i) sum += (number[i] - '0') * kWeights[i];
  return number + "10X98765432"[sum % 11];
}

reference::Reference Named() {
  reference::Reference reference = tests::Learned();
  auto notice = tests::OrgNotice("v-committee", directory::v1::COMMITTEE, "371403001002", "village");
  notice.mutable_org_changed()->set_name("一里社区人民调解委员会");
  CHECK(reference.Learn(notice).ok());
  return reference;
}

// A case as it is told, and what was read from it.
struct Told {
  json source;
  json read;

  // What somebody is called who does not stand in the source; empty: all of them do.
  std::string Unheard() const {
    const std::string all = source.dump();
    const auto stands = [&all](const std::string& name) { return all.find(name) != all.npos; };
    for (const auto& party : read["parties"]) {
      if (!stands(party["name"])) return party["name"];
      if (party.contains("guardian") && !stands(party["guardian"]["name"])) return party["guardian"]["name"];
    }
    for (const auto& guest : read["invited"]) {
      if (!stands(guest["name"])) return guest["name"];
    }
    return "";
  }
};

std::string PartyId(size_t no) { return "p" + std::to_string(no); }

class Player {
 public:
  explicit Player(Told told) : told_(std::move(told)), desk_(kMonday, tests::Learned()), reference_(Named()) {}

  // False, with what was refused on cerr.
  bool Play() {
    if (!Enter() || !Meet()) return false;
    return told_.read.contains("end") ? End() && Close() : Agree() && Keep() && Close();
  }
  absl::StatusOr<press::Printed> Print(press::Printer* printer) {
    auto documents = Documents::Make();
    if (!documents.ok()) return documents.status();
    const auto reader = desk_.Read();
    CaseFacts facts;
    facts.state = (*reader.Get("c1"))->state;
    const auto records = reader.History("c1");
    for (const auto& record : *records) {
      auto& step = facts.steps.emplace_back();
      step.event.ParseFromString(record.event());
      step.at_ms = record.recorded_at_ms();
      step.actor_id = record.actor_id();
    }
    if ((*reader.Get("doc/" + kDigest))->state.has_kept_document()) facts.received.insert(kDigest);
    facts.reference = &reference_;
    facts.staff = {{"md1", "李调解"}, {"mr1", "王登记"}, {"mc1", "赵主任"}};
    return press::Print([&](const auto& page_of) { return documents->File(facts, page_of); }, printer);
  }

 private:
  bool Do(v1::Command command, const Actor& actor) {
    const auto outcome = desk_.Do("c1", command, actor);
    if (outcome.refusal) {
      std::cerr << outcome.refusal->reason << " " << outcome.refusal->field << " " << outcome.refusal->message_zh
                << "\n" << command.ShortDebugString().substr(0, 400) << "\n";
    }
    return !outcome.refusal && outcome.status.ok();
  }
  bool Do(const std::string& text, const Actor& actor) {
    v1::Command command;
    return google::protobuf::TextFormat::ParseFromString(text, &command) && Do(std::move(command), actor);
  }
  const json& Parties() const { return told_.read["parties"]; }
  std::string Source() const { return told_.read.value("source", "ON_APPLICATION"); }

  template <class Request>
  void Describe(Request* request) {
    request->set_area_code("371403001002");
    request->set_dispute_type(TypeOf(told_.source["event_type"]));
    request->set_facts(Cut(told_.source["event_description"], 3900));
    request->set_domestic_violence(told_.read.value("violence", false));
    for (size_t no = 1; no <= Parties().size(); ++no) FillParty(Parties()[no - 1], no, request->add_party());
  }

  void FillParty(const json& read, size_t no, v1::Party* party) {
    auto* person = party->mutable_person();
    common::v1::PartySide side = common::v1::SIDE_THIRD;
    if (read["side"] != "THIRD") side = read["side"] == "A" ? common::v1::SIDE_A : common::v1::SIDE_B;
    person->set_side(side);
    person->set_name(read["name"]);
    person->set_phone("1390000000" + std::to_string(no % 10));
    person->set_address("一里社区" + std::to_string(no) + "号楼");
    party->set_needs_protection(read.value("protected", false));
    party->set_applicant(Source() == "ON_APPLICATION" && read.value("applicant", false));
    if (read.contains("guardian")) {
      party->mutable_guardian()->set_name(read["guardian"]["name"]);
      party->mutable_guardian()->set_relation(read["guardian"]["relation"]);
    }
    if (read.value("organisation", false)) {
      person->set_is_organisation(true);
      person->set_id_number("91371403MA3C00000" + std::to_string(no % 10));
      if (read.contains("head")) {
        party->mutable_head()->set_name(read["head"]["name"]);
        party->mutable_head()->set_post(read["head"]["post"]);
      }
      return;
    }
    if (!read.contains("born")) return;  // a group, or somebody without a number of this kind
    person->set_id_number(IdNumberOf(read["born"], read["sex"] == "女", no));
    party->set_ethnic_group("汉族");
    party->set_occupation(read.value("occupation", ""));
  }

  bool Enter() {
    v1::Command command;
    if (Source() == "ON_APPLICATION") {
      auto* apply = command.mutable_apply();
      apply->set_voluntary(true);
      apply->add_claim("请求调解委员会依法调解，化解纠纷");
      Describe(apply);
    } else {
      auto* referral = command.mutable_receive_referral();
      v1::SourceKind sender = v1::SOURCE_KIND_UNSPECIFIED;
      CHECK(v1::SourceKind_Parse(Source(), &sender)) << Source();
      referral->set_sender(sender);
      if (sender == v1::FROM_COURT) referral->set_sender_org("c-court");
      const bool entrusted = told_.read.value("entrusted", false);
      referral->set_document(entrusted ? "委托调解函" : "移送函");
      referral->set_court_entrusted(entrusted);
      if (entrusted) referral->set_court_case_no("（2026）鲁1403民初12号");
      Describe(referral);
    }
    if (!Do(std::move(command), Registrar())) return false;
    std::string all;
    for (size_t no = 1; no <= Parties().size(); ++no) {
      const std::string id = "party_id: '" + PartyId(no) + "' ";
      all += id;
      if (AgreedByApplying(no)) continue;
      v1::Command consent;
      auto* recorded = consent.mutable_record_consent();
      recorded->set_party_id(PartyId(no));
      recorded->set_answer(v1::AGREED_TO_MEDIATE);
      recorded->set_how("当面征询");
      FillWhoConsents(Parties()[no - 1], recorded);
      if (!Do(std::move(consent), Registrar())) return false;
    }
    const bool road = TypeOf(told_.source["event_type"]) == "D16";
    return Do("serve_rights_notice { " + all + "how: '当面送达' protection_information_given: true }", Registrar()) &&
           Do("accept { jurisdiction_confirmed: true not_accepted_elsewhere: true " +
                  (road ? "damage_fixed_at_ms: " + std::to_string(kMonday) : std::string()) + " }", Registrar()) &&
           Do(kAssign, Chair());
  }

  bool AgreedByApplying(size_t no) const {
    const auto reader = desk_.Read();
    const auto stored = reader.Get("c1");
    return (*stored)->state.party(static_cast<int>(no) - 1).consent() == v1::AGREED_TO_MEDIATE;
  }
  // An organisation of which nobody is known by name has sealed the paper.
  static void FillWhoConsents(const json& read, v1::RecordConsentRequest* recorded) {
    const bool organisation = read.value("organisation", false);
    if (read.contains("came") && !read["came"]["name"].get<std::string>().empty()) {
      recorded->set_capacity(CapacityOf(read["came"]));
      recorded->set_by_name(read["came"]["name"]);
      recorded->set_by_relation(read["came"]["post"]);
    } else if (organisation) {
      recorded->set_kind(v1::PARTY_SEAL);
      recorded->set_proof_sha256(kDigest);
    }
  }

  void FillAttendance(v1::Session* session) {
    for (size_t no = 1; no <= Parties().size(); ++no) {
      const json& read = Parties()[no - 1];
      auto* who = session->add_attendance();
      who->set_party_id(PartyId(no));
      who->set_signed_record(true);
      if (!read.contains("came")) {
        who->set_present(true);
        continue;
      }
      const json& came = read["came"];
      who->set_capacity(CapacityOf(came));
      who->set_by_agent(who->capacity() == v1::SPECIAL_AGENT);
      who->set_present(!who->by_agent());
      who->set_came_name(came["name"]);
      who->set_came_post(came["post"]);
    }
    for (const auto& read : told_.read["invited"]) {
      auto* guest = session->add_invited();
      guest->set_name(read["name"]);
      guest->set_standing(read["standing"]);
      guest->set_signed_record(true);
      session->set_invited_agreed(true);
    }
  }
  static v1::Capacity CapacityOf(const json& came) {
    v1::Capacity capacity = v1::CAPACITY_UNSPECIFIED;
    CHECK(v1::Capacity_Parse(came["as"].get<std::string>(), &capacity)) << came;
    return capacity;
  }

  bool Meet() {
    const auto& dialog = told_.source["dialog"];
    const bool ends = told_.read.contains("end");
    const size_t sessions = dialog.size() > 16 && !ends ? 2 : 1;
    for (size_t no = 0; no < sessions; ++no) {
      desk_.clock().Advance(base::kDayMs + (no == 0 ? 2 * base::kHourMs : 0));
      const int64_t now = desk_.clock().NowMs();
      v1::Command command;
      auto* session = command.mutable_hold_session()->mutable_session();
      session->set_started_at_ms(now - 2 * base::kHourMs);
      session->set_ended_at_ms(now);
      session->set_place("一里社区人民调解室");
      session->set_mode(v1::ONSITE);
      session->set_result(ends ? v1::NO_AGREEMENT : no + 1 < sessions ? v1::CONTINUES : v1::AGREEMENT_REACHED);
      session->set_face_to_face(true);
      for (size_t i = 1; i <= Parties().size(); ++i) {
        if (Parties()[i - 1].value("protected", false)) session->add_face_to_face_consent_party_id(PartyId(i));
      }
      std::string record;
      for (size_t i = no * dialog.size() / sessions; i < (no + 1) * dialog.size() / sessions; ++i) {
        const std::string speaker = dialog[i]["speaker"];
        record += (speaker == "sys" ? "人民调解员" : speaker) + "：" + dialog[i]["text"].get<std::string>() + "\n";
      }
      session->set_record(Cut(record, 19'000));
      FillAttendance(session);
      if (!Do(std::move(command), Mediator())) return false;
    }
    return true;
  }

  bool Agree() {
    v1::Command command;
    auto* draft = command.mutable_draft_agreement();
    std::set<size_t> bound;
    for (const auto& read : told_.read["clauses"]) {
      auto* clause = draft->add_clause();
      v1::ClauseKind kind = v1::CLAUSE_KIND_UNSPECIFIED;
      CHECK(v1::ClauseKind_Parse(read["kind"].get<std::string>(), &kind)) << read;
      clause->set_kind(kind);
      clause->set_obligor_party_id(PartyId(read["by"]));
      clause->set_obligee_party_id(PartyId(read["to"]));
      clause->set_content(read["content"]);
      if (kind == v1::PAY) clause->set_place("转入权利人提供的账户，或者当面给付");
      if (kind == v1::DO) clause->set_place("纠纷发生地");
      if (kind == v1::PAY) clause->set_amount_fen(static_cast<int64_t>(read["yuan"].get<double>() * 100 + 0.5));
      const int64_t days = read.value("days", int64_t{0});
      if (kind != v1::REFRAIN) clause->set_due_at_ms(desk_.clock().NowMs() + days * base::kDayMs);
      bound.insert({read["by"].get<size_t>(), read["to"].get<size_t>()});
    }
    draft->set_facts(Cut(told_.source["event_description"], 3900));
    draft->set_responsibilities("双方对纠纷的事实和各自的责任没有异议。");
    draft->set_manner("按照协议约定的期限当面履行，由人民调解委员会监督。");
    if (!Do(std::move(command), Mediator())) return false;
    for (size_t no = 1; no <= Parties().size(); ++no) {
      const json& read = Parties()[no - 1];
      if (read["side"] == "THIRD" && !bound.contains(no)) continue;
      v1::Command signing;
      auto* sign = signing.mutable_sign();
      sign->set_party_id(PartyId(no));
      sign->set_kind(read.value("organisation", false) ? v1::PARTY_SEAL : v1::FINGERPRINT);
      sign->set_proof_sha256(kDigest);
      if (read.contains("came")) {
        sign->set_capacity(CapacityOf(read["came"]));
        sign->set_signed_name(read["came"]["name"]);
      }
      if (!Do(std::move(signing), Mediator())) return false;
    }
    return Do("sign { }", Mediator()) && Do("seal { copies: " + std::to_string(Parties().size() + 1) + " }", Chair());
  }

  bool Keep() {
    desk_.clock().Advance(3 * base::kDayMs);
    bool fine = true;
    int no = 0;
    for (const auto& read : told_.read["clauses"]) {
      ++no;
      if (read["kind"] == "REFRAIN") continue;
      v1::Command command;
      auto* perform = command.mutable_perform();
      perform->set_clause_no(no);
      perform->set_remark("当面履行");
      perform->set_receipt_sha256(kDigest);
      if (read["kind"] == "PAY") {
        perform->set_amount_fen(static_cast<int64_t>(read["yuan"].get<double>() * 100 + 0.5));
      }
      fine = fine && Do(std::move(command), Mediator());
    }
    return fine &&
           Do("follow_up { visit { mode: AT_HOME party_id: 'p1' reason: '了解履行情况' satisfaction: 5 "
              "finding: '协议已经履行，双方没有新的争议' } }", Mediator()) &&
           Do("complete { outcome: ALL_PERFORMED }", Chair());
  }

  bool End() {
    return Do("end { reason: " + told_.read["end"].get<std::string>() + " party_id: '" +
                  PartyId(told_.read["ended_by"]) + "' remedy: JUDICIAL where_to_go: '有管辖权的人民法院立案庭' "
                  "notice_how: '当面送达' remark: '" + told_.read["why"].get<std::string>() + "' }",
              Chair());
  }

  bool File(const std::string& form, size_t party, const std::string& title) {
    const std::string whose = party == 0 ? "" : " party_id: '" + PartyId(party) + "'";
    const std::string what = "file_document { form: " + form + " title: '" + title + "' pages: 1";
    return Do(what + whose + " sha256: '" + kDigest + "' }", Registrar());
  }

  // The papers of the file, and the file itself.
  bool Close() {
    bool fine = true;
    for (size_t no = 1; no <= Parties().size(); ++no) {
      const json& read = Parties()[no - 1];
      const bool organisation = read.value("organisation", false);
      if (read["side"] != "THIRD") {
        fine = fine && File("F3_IDENTITY", no, organisation ? "营业执照或者登记证书复印件" : "身份证件复印件");
      }
      const bool agent = read.contains("came") && CapacityOf(read["came"]) == v1::SPECIAL_AGENT;
      if (agent) fine = fine && File("F4_AUTHORITY", no, "授权委托书");
    }
    fine = fine && File("F1B_REGISTER", 0, "已签名") && File("F2_RIGHTS_NOTICE", 0, "已签名");
    if (Source() == "ON_APPLICATION") fine = fine && File("F1_APPLICATION_OR_REGISTER", 0, "已签名");
    if (Source() == "FROM_COURT") fine = fine && File("F_COURT_REPORT", 0, "法院已签收");
    // The scans were uploaded, and media says so.
    fine = fine && !desk_.Do("doc/" + kDigest, "hear_kept { kind: PAPER }", Platform()).refusal;
    const std::string title = Parties()[0]["name"].get<std::string>() + "与" + Parties()[1]["name"].get<std::string>();
    return fine && Do("archive { volume_title: '" + title + "纠纷' }", Chair());
  }

  Told told_;
  tests::Driven<MediationDomain> desk_;
  reference::Reference reference_;
};

// What was read from each case, by its place in the file; some were mediated in parts.
absl::StatusOr<std::vector<json>> ReadCases() {
  const char* kFile = "tests/mediation/played/cases.json";
  std::ifstream in(kFile);
  const json all = json::parse(in, nullptr, false);
  if (!all.is_array()) return absl::NotFoundError(std::string("cannot read ") + kFile + " from here");
  return all.get<std::vector<json>>();
}

int Run(const std::string& cases, const std::string& out) {
  std::ifstream in(cases);
  if (!in) {
    std::cerr << "mediation_played: THERE ARE NO CASES at " << cases << "; nothing was played\n";
    return 2;
  }
  std::vector<json> sources;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) sources.push_back(json::parse(line));
  }
  const auto read = ReadCases();
  if (!read.ok()) {
    std::cerr << "mediation_played: " << read.status() << "\n";
    return 2;
  }
  std::filesystem::create_directories(out);
  press::Printer printer(press::Printer::Options{});
  std::set<size_t> seen;
  int played = 0, failed = 0;
  for (const json& one : *read) {
    const size_t no = one["case"];
    const std::string name = (no < 10 ? "0" : "") + std::to_string(no) + one.value("part", "");
    const auto fail = [&](const std::string& why) {
      std::cerr << "case " << name << ": " << why << "\n";
      ++failed;
    };
    ++played;
    if (no < 1 || no > sources.size()) {
      fail("there is no such case");
      continue;
    }
    seen.insert(no);
    const Told told{sources[no - 1], one};
    if (const std::string unheard = told.Unheard(); !unheard.empty()) {
      fail(unheard + " does not stand in the source");
      continue;
    }
    Player player(told);
    if (!player.Play()) {
      fail("was refused");
      continue;
    }
    const auto printed = player.Print(&printer);
    if (!printed.ok()) {
      fail(printed.status().ToString());
      continue;
    }
    const std::string path = out + "/case-" + name + ".pdf";
    std::ofstream(path, std::ios::binary) << printed->bytes;
    std::cout << path << " " << printed->bytes.size() << " bytes " << printed->code.substr(0, 16) << std::endl;
  }
  for (size_t no = 1; no <= sources.size(); ++no) {
    if (seen.contains(no)) continue;
    std::cerr << "case " << no << " was not played: nothing was read from it\n";
    ++failed;
  }
  std::cout << sources.size() << " cases in " << played << " files, " << failed << " failed\n";
  return failed == 0 && played > 0 ? 0 : 1;
}

}  // namespace
}  // namespace mediation

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: mediation_played CASES.jsonl OUT_DIR   (from the root of the repository)\n";
    return 2;
  }
  return mediation::Run(argv[1], argv[2]);
}
