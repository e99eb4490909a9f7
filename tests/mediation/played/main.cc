// Plays recorded mediations through the service's own rules, from the application to the archived file, and prints each
// file as PDF, so that people can look at it page by page.
//
//   mediation_played CASES.jsonl OUT_DIR
//
// A line of CASES: {"event_type", "event_description", "disputing_parties": "甲, 乙, …", "dialog": [{"speaker",
// "text", "strategy"}]}. The first two parties are the sides; the dialog becomes the records of one or two sessions;
// what the mediator sums up when agreement is reached becomes the clauses. What the cases do not tell and the forms
// ask for (numbers, addresses, telephones) is made up, so that no field is empty. Without the file it says so and exits
// with 2; if a rule refuses a case, with 1.
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
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

std::vector<std::string> PartiesOf(const std::string& text) {
  std::vector<std::string> names;
  std::stringstream in(text);
  for (std::string name; std::getline(in, name, ',');) {
    name.erase(0, name.find_first_not_of(' '));
    if (!name.empty() && name != "未提及") names.push_back(Cut(name, 60));
  }
  if (names.size() == 1) names.push_back("对方当事人");
  names.resize(std::min<size_t>(names.size(), 8));
  return names;
}

// "1.5万元" -> 1500000 fen; 0: no amount.
int64_t AmountIn(const std::string& text) {
  int64_t largest = 0;
  for (size_t at = text.find("元"); at != std::string::npos; at = text.find("元", at + 1)) {
    size_t end = at;
    double unit = 1;
    const std::string wan = "万";
    if (end >= wan.size() && text.compare(end - wan.size(), wan.size(), wan) == 0) {
      unit = 10'000;
      end -= wan.size();
    }
    const size_t before = end == 0 ? text.npos : text.find_last_not_of("0123456789.,", end - 1);
    const size_t from = before == text.npos ? 0 : before + 1;
    std::string digits = text.substr(from, end - from);
    std::erase(digits, ',');  // "88,318.75元"
    if (digits.empty()) continue;
    const double sum = std::atof(digits.c_str()) * unit;
    largest = std::max(largest, static_cast<int64_t>(sum * 100 + 0.5));
  }
  return largest;
}

bool HasAny(const std::string& text, std::initializer_list<const char*> words) {
  return std::ranges::any_of(words, [&](const char* word) { return text.find(word) != text.npos; });
}
bool IsOrganisation(const std::string& name) {
  return !HasAny(name, {"工作人员", "代表", "主任", "负责人", "代理人", "值班", "干部", "家属", "领导"}) &&
         HasAny(name, {"公司", "厂", "医院", "幼儿园", "供电局", "药房", "家具城", "委员会"});
}

// An identity number with its check digit, of a woman where the name says so.
std::string IdNumberOf(const std::string& name, size_t no) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const bool female = HasAny(name, {"女", "妇", "大妈", "奶奶", "小姐"});
  const char* born = HasAny(name, {"女孩", "小江"}) ? "20120309" : HasAny(name, {"老汉", "大爷"}) ? "19500309" : "19800309";
  std::string number = std::string("371403") + born + "0" + std::to_string(no % 10) + (female ? "2" : "1");
  int sum = 0;
  for (size_t i = 0; i < number.size(); ++i) sum += (number[i] - '0') * kWeights[i];
  return number + "10X98765432"[sum % 11];
}

// What a speaker said, without the marks around all of it.
std::string Unquoted(const std::string& text) {
  const std::string open = "“", close = "”";
  if (!text.starts_with(open) || !text.ends_with(close) || text.size() < open.size() + close.size()) return text;
  return text.substr(open.size(), text.size() - open.size() - close.size());
}

reference::Reference Named() {
  reference::Reference reference = tests::Learned();
  auto notice = tests::OrgNotice("v-committee", directory::v1::COMMITTEE, "371403001002", "village");
  notice.mutable_org_changed()->set_name("一里社区人民调解委员会");
  CHECK(reference.Learn(notice).ok());
  return reference;
}

class Player {
 public:
  Player() : desk_(kMonday, tests::Learned()), reference_(Named()) {}

  // False, with what was refused on cerr.
  bool Play(const json& source) {
    return Enter(source) && Meet(source) && Agree(source) && Finish();
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

  bool Enter(const json& source) {
    const std::string story = source["event_description"];
    const std::string type = source["event_type"];
    violence_ = type == "家庭婚姻纠纷" && (story.find("打骂") != story.npos || story.find("动手打") != story.npos);
    const bool road = TypeOf(type) == "D16";
    names_ = PartiesOf(source["disputing_parties"]);
    v1::Command command;
    auto* apply = command.mutable_apply();
    apply->set_voluntary(true);
    apply->set_area_code("371403001002");
    apply->set_dispute_type(TypeOf(type));
    apply->set_facts(Cut(story, 3900));
    apply->add_claim("请求调解委员会依法调解，化解纠纷");
    apply->set_domestic_violence(violence_);
    for (size_t i = 0; i < names_.size(); ++i) {
      auto* party = apply->add_party();
      FillPerson(names_[i], i + 1, party);
      party->mutable_person()->set_side(static_cast<common::v1::PartySide>(
          std::min<int>(static_cast<int>(i) + common::v1::SIDE_A, common::v1::SIDE_THIRD)));
      party->set_applicant(i == 0);
      party->set_needs_protection(violence_ && i == 0);
    }
    if (!Do(std::move(command), Registrar())) return false;
    std::string parties;
    for (size_t i = 1; i <= names_.size(); ++i) {
      const std::string id = "'p" + std::to_string(i) + "' ";
      parties += "party_id: " + id;
      if (i > 1 && !Do("record_consent { party_id: " + id + "answer: AGREED_TO_MEDIATE how: '当面征询' }", Registrar())) {
        return false;
      }
    }
    return Do("serve_rights_notice { " + parties + "how: '当面送达' protection_information_given: true }", Registrar()) &&
           Do("accept { jurisdiction_confirmed: true not_accepted_elsewhere: true " +
                  (road ? "damage_fixed_at_ms: " + std::to_string(kMonday) : std::string()) + " }", Registrar()) &&
           Do(kAssign, Chair());
  }

  static void FillPerson(const std::string& name, size_t no, v1::Party* party) {
    auto* person = party->mutable_person();
    const bool organisation = IsOrganisation(name);
    person->set_name(name);
    person->set_is_organisation(organisation);
    person->set_id_number(organisation ? "91371403MA3C00000" + std::to_string(no % 10) : IdNumberOf(name, no));
    person->set_phone("1390000000" + std::to_string(no % 10));
    person->set_address("一里社区" + std::to_string(no) + "号楼");
    if (organisation) return;
    party->set_ethnic_group("汉族");
    party->set_occupation("居民");
  }

  bool Meet(const json& source) {
    const auto& dialog = source["dialog"];
    const size_t sessions = dialog.size() > 16 ? 2 : 1;
    for (size_t no = 0; no < sessions; ++no) {
      desk_.clock().Advance(base::kDayMs + (no == 0 ? 2 * base::kHourMs : 0));
      const int64_t now = desk_.clock().NowMs();
      v1::Command command;
      auto* session = command.mutable_hold_session()->mutable_session();
      session->set_started_at_ms(now - 2 * base::kHourMs);
      session->set_ended_at_ms(now);
      session->set_place("一里社区人民调解室");
      session->set_mode(v1::ONSITE);
      session->set_result(no + 1 < sessions ? v1::CONTINUES : v1::AGREEMENT_REACHED);
      session->set_face_to_face(true);
      if (violence_) session->add_face_to_face_consent_party_id("p1");
      std::string record;
      for (size_t i = no * dialog.size() / sessions; i < (no + 1) * dialog.size() / sessions; ++i) {
        const std::string speaker = dialog[i]["speaker"];
        record += (speaker == "sys" ? "人民调解员" : speaker) + "：" + dialog[i]["text"].get<std::string>() + "\n";
      }
      session->set_record(Cut(record, 19'000));
      for (size_t i = 1; i <= names_.size(); ++i) {
        auto* who = session->add_attendance();
        who->set_party_id("p" + std::to_string(i));
        who->set_present(true);
        who->set_signed_record(true);
      }
      if (!Do(std::move(command), Mediator())) return false;
    }
    return true;
  }

  // What the mediator said when agreement was reached, else with a sum, else last and at length, is what was agreed;
  // the largest sum in it is the one to be paid.
  bool Agree(const json& source) {
    std::string summary;
    int best = 0;
    for (const auto& line : source["dialog"]) {
      if (line["speaker"] != "sys") continue;
      const std::string text = Unquoted(line["text"]);
      const bool agreed = line.value("strategy", "") == "达成调解协议" && AmountIn(text) > 0;
      const int worth = agreed ? 3 : AmountIn(text) > 0 ? 2 : text.size() > 120 ? 1 : 0;
      if (worth > 0 && worth >= best) summary = text;
      best = std::max(best, worth);
    }
    if (summary.empty()) summary = "双方互谅互让，按照调解中的意见自行履行";
    amount_ = AmountIn(summary);
    v1::Command command;
    auto* draft = command.mutable_draft_agreement();
    auto* clause = draft->add_clause();
    clause->set_obligor_party_id("p2");
    clause->set_obligee_party_id("p1");
    clause->set_kind(amount_ > 0 ? v1::PAY : v1::DO);
    clause->set_content(Cut(summary, 480));
    clause->set_amount_fen(amount_);
    clause->set_due_at_ms(desk_.clock().NowMs() + 7 * base::kDayMs);
    auto* peace = draft->add_clause();
    peace->set_obligor_party_id("p1");
    peace->set_obligee_party_id("p2");
    peace->set_kind(v1::REFRAIN);
    peace->set_content("不再就同一纠纷向对方提出其他要求");
    draft->set_facts(Cut(source["event_description"], 3900));
    draft->set_responsibilities("双方对纠纷的事实和各自的责任没有异议。");
    draft->set_manner("按照协议约定的期限当面履行，由人民调解委员会监督。");
    if (!Do(std::move(command), Mediator())) return false;
    for (size_t i = 1; i <= names_.size() && i <= 2; ++i) {
      if (!Do("sign { party_id: 'p" + std::to_string(i) + "' kind: FINGERPRINT proof_sha256: '" + kDigest + "' }",
              Mediator())) {
        return false;
      }
    }
    return Do("sign { }", Mediator()) && Do("seal { copies: " + std::to_string(names_.size() + 1) + " }", Chair());
  }

  bool Finish() {
    desk_.clock().Advance(3 * base::kDayMs);
    const std::string paid = amount_ > 0 ? "amount_fen: " + std::to_string(amount_) : "";
    const std::string proof = "receipt_sha256: '" + kDigest + "' ";
    bool fine = Do("perform { clause_no: 1 remark: '当面履行' " + proof + paid + " }", Mediator()) &&
                Do("follow_up { visit { mode: AT_HOME party_id: 'p1' reason: '了解履行情况' satisfaction: 5 "
                   "finding: '协议已经履行，双方没有新的争议' } }", Mediator()) &&
                Do("complete { outcome: ALL_PERFORMED }", Chair());
    for (int i = 1; fine && i <= 2; ++i) {
      fine = Do("file_document { form: F3_IDENTITY title: '身份证复印件' pages: 1 party_id: 'p" + std::to_string(i) +
                    "' sha256: '" + kDigest + "' }", Registrar());
    }
    for (const char* form : {"F1_APPLICATION_OR_REGISTER", "F1B_REGISTER"}) {
      fine = fine && Do(std::string("file_document { form: ") + form + " title: '已签名' pages: 1 sha256: '" + kDigest +
                            "' }", Registrar());
    }
    // The scans were uploaded, and media says so.
    fine = fine && !desk_.Do("doc/" + kDigest, "hear_kept { kind: PAPER }", Platform()).refusal;
    return fine && Do("archive { volume_title: '" + names_[0] + "与" + names_[1] + "纠纷' }", Chair());
  }

  tests::Driven<MediationDomain> desk_;
  reference::Reference reference_;
  std::vector<std::string> names_;
  int64_t amount_ = 0;
  bool violence_ = false;
};

int Run(const std::string& cases, const std::string& out) {
  std::ifstream in(cases);
  if (!in) {
    std::cerr << "mediation_played: THERE ARE NO CASES at " << cases << "; nothing was played\n";
    return 2;
  }
  std::filesystem::create_directories(out);
  press::Printer printer(press::Printer::Options{});
  int no = 0, failed = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    ++no;
    Player player;
    const json source = json::parse(line);
    if (!player.Play(source)) {
      std::cerr << "case " << no << " was refused: " << source["disputing_parties"] << "\n";
      ++failed;
      continue;
    }
    const auto printed = player.Print(&printer);
    if (!printed.ok()) {
      std::cerr << "case " << no << ": " << printed.status() << "\n";
      ++failed;
      continue;
    }
    const std::string name = out + "/case-" + (no < 10 ? "0" : "") + std::to_string(no) + ".pdf";
    std::ofstream(name, std::ios::binary) << printed->bytes;
    std::cout << name << " " << printed->bytes.size() << " bytes " << printed->code.substr(0, 16) << std::endl;
  }
  std::cout << no << " cases, " << failed << " failed\n";
  return failed == 0 && no > 0 ? 0 : 1;
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
