// The desk's first decisions: accept, reject, merge (I3, I4, I5), and the reporter's own withdrawal (I23).

#include <algorithm>

#include "base/area_code.h"
#include "services/incident/domain/deciding.h"
#include "services/incident/domain/limits.h"

namespace incident {
namespace {

// That an appeal is complex makes its period longer (3.4.2 DA-04): it is said in words, by a step of its own.
std::optional<kernel::Refusal> ComplexityObjection(const v1::AcceptRequest& c, const v1::Incident& m) {
  if (!IsAppeal(m) || c.complexity() != v1::COMPLEX || m.complexity() == v1::COMPLEX) return std::nullopt;
  return Say(RefusalCode::kGuard, "COMPLEX_NEEDS_REASON", "认定企业诉求为复杂事项须说明理由，请使用“认定复杂事项”。",
             "An appeal is classified as complex with a reason: use classifyComplex.", "complexity");
}

// 属地 is the line of the place itself: the grid team, centre or government of the village, township or county it lies in
// (1.2 C8). A department or a police office of the same area is whose competence it is 主管: it leads or stands beside.
std::optional<kernel::Refusal> TerritoryObjection(const Deciding& d, const std::string& id) {
  constexpr char kField[] = "territorial_org";
  const auto* org = d.known.directory().FindOrg(id);
  if (org == nullptr || org->closed()) {
    return Say(RefusalCode::kInvalid, "UNKNOWN_UNIT", "没有这个单位。", "There is no such unit.", kField);
  }
  if (!base::Covers(org->area_code(), d.AreaNow())) {
    return Say(RefusalCode::kInvalid, "UNIT_OF_ANOTHER_AREA", "这个单位不管这个地方。",
               "The unit does not answer for this place.", kField);
  }
  const auto kind = org->kind();
  if (kind != directory::v1::CENTRE && kind != directory::v1::GOV && kind != directory::v1::GRID_TEAM) {
    return Say(RefusalCode::kInvalid, "NOT_OF_THE_TERRITORIAL_LINE",
               "属地单位应是当地的村（社区）、乡镇（街道）或县级综治中心、政府；部门请作为主办或协办单位。",
               "It is a grid team, centre or government of the place; a department leads or co-handles.", kField);
  }
  // Whoever accepts does not hand the responsibility for the place upwards: for that a matter is escalated.
  const int level = std::max(d.acting.level, d.matter().standing().current_level());
  if (org->level() > level && id != d.CentreAt(common::v1::TOWNSHIP)) {
    return Say(RefusalCode::kInvalid, "TERRITORY_ABOVE_DESK", "属地责任不能交给上级单位，需要上级办理请上报。",
               "The responsibility for a place is not given to a higher unit; escalate the matter instead.", kField);
  }
  return std::nullopt;
}

}  // namespace

std::optional<kernel::Refusal> CategoryObjection(const Deciding& d, std::string_view code) {
  const auto* category = d.known.directory().FindCategory(code);
  if (category == nullptr || category->retired()) {
    return Say(RefusalCode::kInvalid, "CATEGORY_NEEDED", "请先确定事项分类。", "Choose the category first.",
               "category");
  }
  const bool appeal = category->lane() == policy::v1::APPEAL;
  if (appeal != IsAppeal(d.matter())) {
    return Say(
        RefusalCode::kGuard, "CATEGORY_OF_ANOTHER_KIND", "企业诉求与其他事项不能互改分类，请重新登记。",
        "Enterprise appeals and other matters cannot change into each other; register anew.", "category");
  }
  return std::nullopt;
}

Decision DecideAccept(const v1::AcceptRequest& c, const Deciding& d) {
  const std::string& code = c.category().empty() ? d.matter().intake().category() : c.category();
  if (auto objection = CategoryObjection(d, code)) return No(*objection);
  const std::string territorial =
      c.territorial_org().empty() ? d.CentreAt(common::v1::TOWNSHIP) : c.territorial_org();
  if (!c.territorial_org().empty()) {
    if (auto objection = TerritoryObjection(d, territorial)) return No(*std::move(objection));
  }
  if (auto objection = ComplexityObjection(c, d.matter())) return No(*objection);
  v1::Intake intake = d.matter().intake();
  intake.set_category(code);
  if (c.urgency() != common::v1::URGENCY_UNSPECIFIED) intake.set_urgency(c.urgency());
  CompleteIntake(d.known, &intake);
  const int level = std::max(d.acting.level, d.matter().standing().current_level());

  Decision decision;
  v1::Event* event = decision.Emit();
  auto* accepted = event->mutable_accepted();
  accepted->set_category(code);
  accepted->set_category_name(intake.category_name());
  const v1::Complexity before = IsAppeal(d.matter()) ? d.matter().complexity() : v1::COMPLEXITY_UNSPECIFIED;
  const v1::Complexity meant = before == v1::COMPLEX ? before : c.complexity();  // which was classified so in words
  accepted->set_complexity(meant == v1::COMPLEXITY_UNSPECIFIED ? v1::ORDINARY : meant);
  accepted->set_scale(c.scale() == common::v1::SCALE_UNSPECIFIED ? intake.scale() : c.scale());
  accepted->set_risk(c.risk() == common::v1::RISK_UNSPECIFIED ? intake.risk() : c.risk());
  accepted->set_urgency(intake.urgency());
  accepted->set_not_in_item_list(c.not_in_item_list());
  accepted->set_policy_revision(d.known.directory().policies().revision());
  *accepted->mutable_need() = intake.need();
  accepted->set_emergency(intake.emergency());  // whoever reported it may have picked the wrong one, either way

  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::ACCEPTED);
  standing->set_current_level(level);
  const std::string centre = d.acting.org.empty() ? d.CentreAt(level) : d.acting.org;
  standing->set_lead_org(centre);
  standing->set_holder_org(centre);
  standing->set_territorial_org(territorial);
  Clocks clocks = d.ClocksFor("accepted");
  clocks.Stop("DI-01");
  clocks.Begin("DI-02", {.holder = centre, .urgent = IsUrgent(intake)});
  clocks.Into(event);
  return decision;
}

Decision DecideReject(const v1::RejectRequest& c, const Deciding& d) {
  if (!v1::RejectReason_IsValid(c.reason()) || c.reason() == v1::REJECT_REASON_UNSPECIFIED) {
    return NoField("reason", "REASON_NEEDED", "请选择不予受理的理由。", "Choose the reason.");
  }
  const bool elsewhere = c.reason() == v1::EMERGENCY_LINE || c.reason() == v1::STATUTORY_WAY;
  if (elsewhere && c.where_to_go().empty()) {
    return NoField("where_to_go", "WAY_NEEDED", "请告知应该找哪里。", "Say where the person has to go.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* rejection = event->mutable_rejected()->mutable_rejection();
  rejection->set_reason(c.reason());
  rejection->set_explanation(c.explanation());
  rejection->set_where_to_go(c.where_to_go());
  rejection->set_level(std::max(d.acting.level, d.matter().standing().current_level()));
  *event->mutable_standing() = With(d.matter().standing(), v1::REJECTED);
  Clocks clocks = d.ClocksFor("rejected");
  clocks.Stop("DI-01");
  clocks.CancelAll();
  clocks.Into(event);
  return decision;
}

Decision DecideProposeRejection(const v1::ProposeRejectionRequest& c, const Deciding& d) {
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_rejection_proposed()->set_reason(c.reason());
  event->mutable_rejection_proposed()->set_explanation(c.explanation());
  // Only a township or county may reject: the proposal goes to the next desk up, the clock runs on.
  v1::Standing* standing = event->mutable_standing();
  *standing = d.matter().standing();
  standing->set_current_level(std::max<int>(standing->current_level(), common::v1::TOWNSHIP));
  standing->set_holder_org(d.CentreAt(standing->current_level()));
  return decision;
}

Decision DecideAppealRejection(const v1::AppealRejectionRequest& c, const Deciding& d) {
  if (d.matter().rejection_appealed()) {
    return NoGuard("APPEALED_ALREADY", "不予受理的决定只能申诉一次。", "A rejection can be appealed once.");
  }
  const int level = std::min<int>(d.matter().rejection().level() + 1, common::v1::CITY);
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_rejection_appealed()->set_reason(c.reason());
  event->mutable_rejection_appealed()->set_to_level(level);
  v1::Standing* standing = event->mutable_standing();
  *standing = With(d.matter().standing(), v1::REPORTED);
  standing->set_current_level(level);
  standing->set_holder_org(d.CentreAt(level));
  Clocks clocks = d.ClocksFor("rejection_appealed");
  clocks.Begin("DI-01", {.holder = standing->holder_org(), .urgent = IsUrgent(d.matter().intake())});
  // The rejection ended them: whoever rejects first would be rid of all four.
  if (IsAppeal(d.matter())) BeginAppealPeriods(standing->holder_org(), &clocks);
  clocks.Into(event);
  return decision;
}

Decision DecideMerge(const v1::MergeRequest& c, const Deciding& d) {
  const std::string primary_id = c.primary_id();
  const v1::State* found = primary_id == d.ctx.aggregate_id ? nullptr : d.ctx.lookup->Find(primary_id);
  if (found == nullptr || !found->has_incident()) {
    return NoField("primary_id", "NO_SUCH_PRIMARY", "没有可以并入的这件事。",
                   "There is no such matter to merge into.");
  }
  const v1::Incident& primary = found->incident();
  if (primary.standing().status() == v1::MERGED) {
    auto refusal = Say(RefusalCode::kGuard, "PRIMARY_IS_MERGED", "它自己已经并入另一件事，请并到那一件。",
                       "It was itself merged; merge into its primary.", "primary_id");
    refusal.metadata["primary_id"] = primary.primary_id();
    return No(std::move(refusal));
  }
  if (!IsOpen(primary.standing().status())) {
    return NoGuard("PRIMARY_IS_ENDED", "它已经办结，不能再并入。",
                   "It has ended; nothing can be merged into it.");
  }
  if (!AreaCovers(d.known, d.acting.area, primary.intake().area_code())) {
    return NoGuard("PRIMARY_OUTSIDE_AREA", "它不在您的辖区。", "It is outside your area.");
  }
  if (primary.intake().sealed() != d.matter().intake().sealed()) {
    return NoGuard("SEALED_STAYS_APART", "保密事项不能与其他事项合并。",
                   "Sealed matters are not merged with others.");
  }
  if (d.matter().intake().kind() != primary.intake().kind()) {
    return NoGuard("OF_ANOTHER_KIND", "不同种类的事项不能合并。",
                   "Matters of different kinds are not merged.");
  }
  Decision decision;
  v1::Event* event = decision.Emit();
  auto* merged = event->mutable_merged();
  merged->set_primary_id(primary_id);
  merged->set_primary_code(primary.matter_code());
  merged->set_ground(c.ground());
  *event->mutable_standing() = With(d.matter().standing(), v1::MERGED);
  Clocks clocks = d.ClocksFor("merged");
  clocks.CancelAll();
  clocks.Into(event);
  auto* joined = decision.EmitTo(primary_id)->mutable_duplicate_joined();
  joined->set_duplicate_id(std::string(d.ctx.aggregate_id));
  joined->set_duplicate_code(d.matter().matter_code());
  joined->set_report_count(primary.report_count() + d.matter().report_count());
  joined->set_police_calls(primary.police_calls() + d.matter().police_calls());
  return decision;
}

// Those who reported the same thing hear how it ended: in portions, each once.
Decision DecideInformFollowers(const Deciding& d) {
  Decision decision;
  if (!d.matter().inform_followers()) return decision;
  const std::string waiting = std::string(d.ctx.aggregate_id) + "/w";
  const auto followers = d.ctx.lookup->Scan("merged", waiting, kPortion);
  for (const std::string& id : followers) {
    auto* informed = decision.EmitTo(id)->mutable_follower_informed();
    informed->set_closure_type(d.matter().closure_type());
    informed->set_resolved(d.matter().substantively_resolved());
  }
  decision.Emit()->mutable_followers_informed()->set_done(followers.size() < kPortion);
  return decision;
}

Decision DecideCancel(const v1::CancelRequest& c, const Deciding& d) {
  Decision decision;
  v1::Event* event = decision.Emit();
  event->mutable_cancelled()->set_reason(c.reason());
  *event->mutable_standing() = With(d.matter().standing(), v1::CANCELLED);
  Clocks clocks = d.ClocksFor("cancelled");
  clocks.CancelAll();
  clocks.Into(event);
  return decision;
}

}  // namespace incident
