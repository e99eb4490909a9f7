// Reports 上报 and settling on the spot 当场处置 (I1, I2). A report is stored, never bounced: what is missing
// becomes a need for the desk (product rule R6). Clocks start at receipt; what the device said is kept
// beside.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/area_code.h"
#include "base/calendar.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/utf8.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

using common::v1::Level;

std::string MatterCode(const Deciding& d, const v1::Intake& intake) {
  std::string county = base::CutTo(intake.area_code(), Level::COUNTY);
  if (county.empty()) county = intake.area_code();
  county.resize(6, '0');  // a place of which only the city is known: 371400
  std::string day = base::DayText(base::LocalDay(d.now()));
  std::erase(day, '-');
  const std::string head = county + day + (intake.kind() == v1::ENTERPRISE_APPEAL ? "A" : "I");
  char serial[24];
  std::snprintf(serial, sizeof(serial), "%06llu",
                static_cast<unsigned long long>(d.ctx.lookup->Next("code/" + head)));
  return head + serial;
}

// Nine characters nobody can guess; drawn again if a matter has them already.
std::string QueryCode(const Deciding& d, base::Random& random) {
  std::string code;
  for (int i = 0; i < kQueryCodeTries; ++i) {
    code = base::NewQueryCode(random);
    if (d.ctx.lookup->Scan("query", code, 1).empty()) break;
  }
  return code;
}

// Follows merged villages, and steps up from places the directory does not know.
void Place(const Knowledge& known, v1::Intake* intake) {
  const std::string given = intake->area_code();
  std::string area = given;
  while (!area.empty() && !known.directory().AreaExists(area)) area = base::ParentOf(area);
  if (base::LevelOf(area) > Level::CITY) area.clear();
  if (const std::string today = known.directory().ResolveSuccessor(area); !area.empty() && today != area)
    area = today;
  if (base::LevelOf(area) == Level::GRID) {
    const std::string village = base::CutTo(area, Level::VILLAGE);
    const std::string today = known.directory().ResolveSuccessor(village);
    if (today != village) area = today;
  }
  if (area.empty()) area = known.root();
  intake->set_area_code(area);
  intake->clear_reported_area_code();
  if (given != area) intake->set_reported_area_code(given);
}

// Where the reporter named no area: the grid of the position, else the reporter's own area. A boundary that nobody
// surveyed makes the grid of somebody who knows his own no more exact, and only guesses anybody else's.
void Locate(const Knowledge& known, const Acting& acting, std::string_view given, v1::Intake* intake) {
  intake->set_area_code(given.empty() ? acting.area : std::string(given));
  if (!given.empty() || !intake->place().has_position()) return;
  const auto grid = known.grid_map().At({intake->place().lon(), intake->place().lat()});
  if (!grid) return;
  const bool knows_own = !acting.area.empty() && base::LevelOf(acting.area) <= Level::VILLAGE;
  if (grid->synthetic && knows_own && !base::Covers(acting.area, grid->code)) return;
  intake->set_area_code(grid->code);
  intake->set_place_guessed(grid->synthetic);
}

bool HasPhoto(const v1::Intake& intake) {
  return std::ranges::any_of(intake.attachment(),
                             [](const auto& a) { return a.mime().starts_with("image/"); });
}

void FindNeeds(const policy::v1::Category* category, v1::Intake* intake) {
  intake->clear_need();
  if (intake->attachment().empty() && base::CodePoints(intake->text()) < kContentCharactersMin) {
    intake->add_need(v1::NEED_CONTENT);
  }
  if (category == nullptr || category->retired()) intake->add_need(v1::NEED_CATEGORY);
  const int level = base::LevelOf(intake->area_code());
  const bool described = intake->place().has_position() || !intake->place().text().empty();
  if (level > Level::TOWNSHIP || (level > Level::VILLAGE && !described) || intake->place_guessed()) {
    intake->add_need(v1::NEED_PLACE);
  }
  if (category == nullptr) return;
  if (category->lane() == policy::v1::MED && intake->party().empty()) intake->add_need(v1::NEED_PARTIES);
  // Only where the policy states its legal or emergency reason (R3).
  if (category->photo() && !category->photo_reason().empty() && !HasPhoto(*intake))
    intake->add_need(v1::NEED_PHOTO);
}

int FirstDesk(const Deciding& d, const v1::Intake& intake) {
  int level = Level::TOWNSHIP;
  switch (intake.source()) {
    case v1::GRID_WORKER:
    case v1::VIDEO_ALERT:
    case v1::IOT:
      level = std::clamp<int>(d.acting.level, Level::GRID, Level::COUNTY);
      break;
    case v1::HOTLINE:
    case v1::SUPERIOR:
    case v1::MEDIA:
      level = Level::COUNTY;
      break;
    default:
      level = std::clamp<int>(d.acting.level, Level::TOWNSHIP, Level::CITY);
      break;
  }
  if (intake.kind() == v1::ENTERPRISE_APPEAL) level = std::max<int>(level, Level::COUNTY);
  if (intake.emergency()) level = std::max<int>(level, Level::TOWNSHIP);
  return std::max(level, base::LevelOf(intake.area_code()));
}

v1::Source SourceBy(const Acting& acting) {
  switch (acting.role) {
    case kernel::v1::ROLE_GW:
    case kernel::v1::ROLE_GH:
      return v1::GRID_WORKER;
    case kernel::v1::ROLE_HA:
      return v1::HOTLINE;
    case kernel::v1::ROLE_DH:
    case kernel::v1::ROLE_VT:
      return v1::DEPARTMENT_REPORT;
    case kernel::v1::ROLE_CC:
      return v1::SUPERIOR;
    default:
      return v1::PUBLIC_REPORT;  // the desk takes down what a resident says
  }
}

std::optional<kernel::Refusal> SelfHandleObjection(const Knowledge& known, const v1::Intake& intake,
                                                   const v1::SelfHandling& handling) {
  const auto* category = known.directory().FindCategory(intake.category());
  if (category == nullptr || !category->self_handle()) {
    return Say(RefusalCode::kGuard, "CATEGORY_NOT_SELF_HANDLED", "这类事项不能当场处置，请上报。",
               "Matters of this category are not settled on the spot; report it.");
  }
  if (IsUrgent(intake) || intake.scale() >= common::v1::S3_5_TO_9) {
    return Say(RefusalCode::kGuard, "TOO_SERIOUS_FOR_SELF_HANDLING",
               "紧急的或者涉及五人以上的事项不能当场处置。",
               "Urgent matters and those of five or more people are not settled on the spot.");
  }
  if (handling.measures().empty() || (handling.note().empty() && handling.attachment().empty())) {
    return Say(RefusalCode::kInvalid, "SELF_HANDLING_UNDOCUMENTED", "请写明怎么处置的，并附照片或者说明。",
               "Say what was done, with photos or a note.", "handling.measures");
  }
  if (category->lane() == policy::v1::MED && !handling.parties_agree()) {
    return Say(RefusalCode::kGuard, "PARTIES_DO_NOT_AGREE", "纠纷当场处置须双方当事人同意。",
               "A dispute is settled on the spot only if the parties agree.", "handling.parties_agree");
  }
  return std::nullopt;
}

// 警情: what the police report in their own name.
bool IsPolice(const Knowledge& known, const std::string& org_id) {
  const auto* org = org_id.empty() ? nullptr : known.directory().FindOrg(org_id);
  return org != nullptr && org->kind() == directory::v1::POLICE;
}

// A random part of what was settled on the spot is looked at again; the writer draws the number.
void EmitSelfHandled(const Deciding& d, const v1::Incident& matter, const v1::SelfHandling& handling,
                     v1::Event* event) {
  base::Random random(d.ctx.chance ^ 0x5e1f);
  auto* handled = event->mutable_self_handled();
  *handled->mutable_handling() = handling;
  handled->set_by_user(d.acting.user);
  const int percent = d.known.directory().policies().incident().self_handle_sample_percent();
  handled->set_sampled(random.Below(100) < static_cast<uint64_t>(std::clamp(percent, 0, 100)));
  handled->set_resolved(handling.resolved() == v1::YES || handling.resolved() == v1::RESOLVED_UNSPECIFIED);
  handled->set_level(d.acting.level);
  handled->set_inform_followers(matter.report_count() > 1);
  Clocks clocks(matter, d.known, d.now(), "self_handled");
  clocks.Stop("DI-01");
  clocks.CancelAll();
  clocks.Begin("DI-07", {});
  clocks.Begin("DI-08", {});
  const std::string centre = CentreFor(d.known, matter.intake().area_code(), Level::TOWNSHIP);
  if (handled->sampled()) clocks.Begin("DI-06", {.holder = centre});
  clocks.Into(event);
  const auto* intake_clock = FindLast(matter, "DI-01");
  handled->set_on_time(intake_clock == nullptr || d.now() <= intake_clock->due_at_ms());
  v1::Standing standing = With(matter.standing(), v1::CLOSED);
  standing.set_lead_org(d.acting.org.empty() ? matter.standing().holder_org() : d.acting.org);
  standing.set_territorial_org(centre);
  standing.set_holder_org(standing.lead_org());
  *event->mutable_standing() = standing;
}

}  // namespace

void CompleteIntake(const Knowledge& known, v1::Intake* intake) {
  Place(known, intake);
  const common::v1::Place& where = intake->place();
  if (where.has_position() && !(std::abs(where.lon()) <= 180 && std::abs(where.lat()) <= 90)) {
    intake->mutable_place()->clear_has_position();  // nowhere on earth
    intake->mutable_place()->clear_lon();
    intake->mutable_place()->clear_lat();
  }
  const auto* category = known.directory().FindCategory(intake->category());
  if (category != nullptr) {
    intake->set_category_name(category->name_zh());
    if (intake->kind() == v1::KIND_UNSPECIFIED) {
      intake->set_kind(category->lane() == policy::v1::APPEAL ? v1::ENTERPRISE_APPEAL
                       : category->lane() == policy::v1::SVC  ? v1::SERVICE_REQUEST
                                                              : v1::INCIDENT);
    }
  }
  if (intake->kind() == v1::KIND_UNSPECIFIED) intake->set_kind(v1::INCIDENT);
  if (intake->urgency() == common::v1::URGENCY_UNSPECIFIED) intake->set_urgency(common::v1::NORMAL);
  intake->set_emergency(intake->urgency() == common::v1::CRITICAL ||
                        (category != nullptr && category->lane() == policy::v1::EMG));
  FindNeeds(category, intake);
}

void EmitReported(const Deciding& d, NewMatter matter, uint64_t chance, v1::Event* event) {
  base::Random random(chance);
  v1::Reported* reported = event->mutable_reported();
  if (matter.level == 0) matter.level = FirstDesk(d, matter.intake);
  // A device without a date, or one that runs days ahead, says nothing about when it was.
  if (matter.intake.occurred_at_ms() <= 0 || matter.intake.occurred_at_ms() > d.now() + base::kDayMs) {
    matter.intake.set_occurred_at_ms(d.now());
  }
  reported->set_matter_code(MatterCode(d, matter.intake));
  if (matter.reporter.on_behalf() || matter.reporter.user_id().empty()) {
    matter.reporter.set_query_code(QueryCode(d, random));
  }
  const bool appeal = matter.intake.kind() == v1::ENTERPRISE_APPEAL;
  if (appeal && matter.reporter.contact().phone().empty() && matter.reporter.user_id().empty()) {
    matter.intake.add_need(v1::NEED_ENTERPRISE);
  }
  const std::string holder = CentreFor(d.known, matter.intake.area_code(), matter.level);
  v1::Standing* standing = event->mutable_standing();
  standing->set_status(v1::REPORTED);
  standing->set_current_level(matter.level);
  standing->set_holder_org(holder);
  const v1::Incident fresh;
  Clocks clocks(fresh, d.known, d.now(), "reported");
  clocks.Begin("DI-01", {.holder = holder, .urgent = IsUrgent(matter.intake)});
  if (appeal) {
    BeginAppealPeriods(holder, &clocks);
  }
  clocks.Into(event);
  reported->set_device_at_ms(d.ctx.device_at_ms);
  reported->set_policy_revision(d.known.directory().policies().revision());
  reported->set_by_police(IsPolice(d.known, matter.reporter.org_id()));
  *reported->mutable_intake() = std::move(matter.intake);
  *reported->mutable_reporter() = std::move(matter.reporter);
}

Decision DecideReport(const v1::ReportRequest& c, const Deciding& d) {
  NewMatter matter;
  v1::Intake& intake = matter.intake;
  intake.set_kind(c.kind());
  intake.set_source(c.source() == v1::SOURCE_UNSPECIFIED ? SourceBy(d.acting) : c.source());
  intake.set_category(c.category());
  intake.set_title(c.title());
  intake.set_text(c.text());
  intake.set_occurred_at_ms(c.occurred_at_ms());
  *intake.mutable_place() = c.place();
  Locate(d.known, d.acting, c.area_code(), &intake);
  intake.set_scale(c.scale());
  intake.set_urgency(c.urgency());
  intake.set_risk(c.risk());
  *intake.mutable_party() = c.party();
  *intake.mutable_attachment() = c.attachment();
  intake.set_external_no(c.external_no());
  intake.set_sealed(c.sealed());
  CompleteIntake(d.known, &intake);
  matter.reporter.set_user_id(d.acting.user);
  matter.reporter.set_org_id(d.acting.org);
  *matter.reporter.mutable_contact() = c.contact();
  matter.reporter.set_on_behalf(c.on_behalf() || d.acting.role == kernel::v1::ROLE_HA);

  Decision decision;
  EmitReported(d, std::move(matter), d.ctx.chance, decision.Emit());
  if (!c.has_self_handled()) return decision;
  v1::State fresh;
  IncidentDomain::Apply(decision.events.front().event, d.now(), &fresh);
  const bool by_grid = d.acting.role == kernel::v1::ROLE_GW || d.acting.role == kernel::v1::ROLE_GH;
  if (by_grid && !SelfHandleObjection(d.known, fresh.incident().intake(), c.self_handled())) {
    EmitSelfHandled(d, fresh.incident(), c.self_handled(), decision.Emit());
    return decision;
  }
  // It may not be settled on the spot, but what was done must not be lost either: it goes to the desk as a
  // supplement.
  auto* more = decision.Emit()->mutable_supplemented();
  more->set_text(c.self_handled().measures() +
                 (c.self_handled().note().empty() ? "" : "\n" + c.self_handled().note()));
  *more->mutable_attachment() = c.self_handled().attachment();
  *more->mutable_intake() = fresh.incident().intake();
  more->set_by_reporter(true);
  return decision;
}

Decision DecidePublicReport(const v1::PublicReportRequest& c, const Deciding& d) {
  if (c.attachment().empty() && base::CodePoints(c.text()) < kContentCharactersMin) {
    return NoField("text", "CONTENT_NEEDED", "请说一句话、录一段音，或者拍一张照片。",
                   "Say a sentence, record a voice note, or take a photo.");
  }
  NewMatter matter;
  v1::Intake& intake = matter.intake;
  intake.set_kind(c.kind() == v1::SCREENING_FINDING ? v1::INCIDENT : c.kind());
  intake.set_source(v1::PUBLIC_REPORT);
  intake.set_category(c.category());
  intake.set_text(c.text());
  intake.set_occurred_at_ms(c.occurred_at_ms());
  *intake.mutable_place() = c.place();
  Locate(d.known, d.acting, c.area_code(), &intake);
  intake.set_urgency(c.urgency());
  *intake.mutable_attachment() = c.attachment();
  CompleteIntake(d.known, &intake);
  matter.reporter.set_user_id(d.acting.user);
  *matter.reporter.mutable_contact() = c.contact();
  Decision decision;
  EmitReported(d, std::move(matter), d.ctx.chance, decision.Emit());
  return decision;
}

namespace {

// What another service asks for: of the matter it is about the code is known, and nobody's words.
Decision ReportDerived(NewMatter matter, const std::string& service, const std::string& area_code,
                       const std::string& matter_code, const Deciding& d) {
  matter.intake.set_area_code(area_code);
  matter.intake.set_derived_from(matter_code);
  matter.intake.set_derived_service(service);
  CompleteIntake(d.known, &matter.intake);
  matter.reporter.set_org_id("service:" + service);
  matter.reporter.set_user_id("service:" + service);
  Decision decision;
  EmitReported(d, std::move(matter), d.ctx.chance, decision.Emit());
  return decision;
}

}  // namespace

Decision DecideReportForPetition(const v1::ReportForPetition& c, const Deciding& d) {
  // Builds of before named the task after its petition; what they made is not made again.
  if (d.ctx.lookup->Find("pe-" + c.subject_id() + "-" + std::to_string(c.version())) != nullptr) return {};
  NewMatter matter;
  matter.intake.set_kind(v1::SERVICE_REQUEST);
  matter.intake.set_source(v1::PETITION);
  matter.intake.set_title(c.care() ? "终结信访人帮扶" : "信访意见落实");
  matter.intake.set_text(c.care() ? "信访事项已经复核终结，做好信访人的疏导教育、矛盾化解、帮扶救助（信访工作条例第三十七条）。"
                                  : "落实信访事项处理意见，内容见原信访事项。");
  return ReportDerived(std::move(matter), "petition", c.area_code(), c.matter_code(), d);
}

// 3.7: a crowd (0407) or a brawl (0301) may come of it. Who quarrels with whom stays with the mediators: the desk asks
// them.
Decision DecideReportForMediation(const v1::ReportForMediation& c, const Deciding& d) {
  NewMatter matter;
  const bool crowd = c.public_order() == mediation::v1::ORDER_CROWD;
  matter.intake.set_kind(v1::INCIDENT);
  matter.intake.set_source(v1::MEDIATION);
  matter.intake.set_category(crowd ? "0407" : "0301");
  matter.intake.set_title(crowd ? "调解中发现群体聚集苗头" : "调解中发现打架斗殴苗头");
  matter.intake.set_text("调解组织报告纠纷可能激化，危及公共秩序，请立即与该调解组织、派出所联系，采取预防措施。");
  matter.intake.set_urgency(common::v1::URGENT);
  matter.intake.set_risk(common::v1::HIGH);
  return ReportDerived(std::move(matter), "mediation", c.area_code(), c.matter_code(), d);
}

Decision DecideSelfHandle(const v1::SelfHandleRequest& c, const Deciding& d) {
  if (auto objection = SelfHandleObjection(d.known, d.matter().intake(), c.handling())) return No(*objection);
  Decision decision;
  EmitSelfHandled(d, d.matter(), c.handling(), decision.Emit());
  return decision;
}

// Whose a matter is follows from its place. A place may become more exact, and whoever has the matter may find it
// anywhere in the own area; were it moved out of that, the desk that answers for the matter would neither see it nor
// be rid of its period, and the other would never hear of it.
bool StaysWithItsDesk(const Deciding& d, std::string_view now) {
  const std::string& before = d.matter().intake().area_code();
  const std::string township = base::CutTo(before, common::v1::TOWNSHIP);
  const auto* holder = d.known.directory().FindOrg(d.matter().standing().holder_org());
  return now.starts_with(township.empty() ? before : township) ||
         (holder != nullptr && base::Covers(holder->area_code(), now));
}

Decision DecideSupplement(const v1::SupplementRequest& c, const Deciding& d) {
  v1::Intake intake = d.matter().intake();
  if (intake.attachment_size() + c.attachment_size() > kAttachmentsMax ||
      intake.party_size() + c.party_size() > kPartiesMax) {
    return No(Say(RefusalCode::kLimit, "TOO_MANY_ATTACHMENTS", "这件事的附件或当事人已经太多，请交给经办人。",
                  "This matter has too many attachments or parties; hand it to the desk.", "attachment"));
  }
  // The desk decides what it is once it is accepted; before that everybody may complete it.
  const bool reported = d.matter().standing().status() == v1::REPORTED;
  if (reported && !c.category().empty()) intake.set_category(c.category());
  if (reported && !c.area_code().empty()) {
    intake.set_area_code(c.area_code());
    intake.set_place_guessed(false);
  }
  if (c.has_place()) *intake.mutable_place() = c.place();
  intake.mutable_party()->MergeFrom(c.party());
  intake.mutable_attachment()->MergeFrom(c.attachment());
  if (intake.text().empty()) intake.set_text(c.text());
  CompleteIntake(d.known, &intake);
  if (reported && !c.category().empty()) {
    if (auto objection = CategoryObjection(d, intake.category())) return No(*objection);
  }
  if (!StaysWithItsDesk(d, intake.area_code())) {
    return No(Say(RefusalCode::kGuard, "PLACE_OF_ANOTHER_DESK", "这个地点不归现在的承办单位管，请经办人上报上一级，由上一级更正地点。",
                  "The place is not of the unit that has it now: it is escalated, and corrected by the level above.",
                  "area_code"));
  }
  if (IsAppeal(d.matter()) && d.matter().reporter().contact().phone().empty() && intake.party().empty()) {
    intake.add_need(v1::NEED_ENTERPRISE);
  }
  Decision decision;
  auto* more = decision.Emit()->mutable_supplemented();
  more->set_text(c.text());
  *more->mutable_attachment() = c.attachment();
  *more->mutable_intake() = std::move(intake);
  more->set_by_reporter(d.acting.as_reporter);
  return decision;
}

}  // namespace incident
