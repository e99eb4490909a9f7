#include "services/petition/domain/refusals.h"

#include <algorithm>

#include "base/check.h"
#include "services/reference/mentions.h"

namespace petition {
namespace {

struct Text {
  std::string_view reason, zh, en;
};

constexpr Text kTexts[] = {
    {"ACCUSATION_NEEDS_OFFICE", "检举控告由县级以上信访部门登记并转送纪检监察机关，请改交该部门。",
     "An accusation is registered by a petition office of a county or city, which hands it to the discipline "
     "organ."},
    {"AGENTS_AT_MOST_TWO", "代理人不得超过两名（山东省信访条例第二十八条）。",
     "There may be at most two agents."},
    {"AGREEMENT_BROKEN", "调解协议没有履行，不能据此办结。",
     "The mediated agreement is not kept; the petition cannot be settled by it."},
    {"ALREADY_ACCEPTED", "该申请已经受理。", "This request has been accepted already."},
    {"ALREADY_EVALUATED", "您已评价过，感谢。", "You have evaluated this already. Thank you."},
    {"ALREADY_EXISTS", "该信访事项已登记。", "This petition is registered already."},
    {"ALREADY_HERE", "信访件已在该单位。", "The petition is with this unit already."},
    {"ALREADY_IN_DISPUTE", "受理单位有争议，须先由共同的上一级决定。",
     "Competence is in dispute; the common superior has to decide first."},
    {"ALREADY_ISSUED", "意见已出具。", "The opinion has been issued already."},
    {"ALREADY_LEADER", "该包案已确定。", "The case leader is settled already."},
    {"ALREADY_LISTED", "已列为积案。", "It is on the backlog list already."},
    {"ALREADY_REPORTED", "没有新的报告对象。", "There is no new report in this."},
    {"ALREADY_RECEIVED", "纪检监察机关已签收。", "The discipline organ has received it already."},
    {"ASKED_TOO_LATE", "已超过收到书面答复之日起30日（信访工作条例第三十五条、第三十六条）。",
     "More than 30 days have passed since the written reply was received."},
    {"BAD_AREA", "地区代码无效。", "This is no area code."},
    {"BAD_DIGEST", "附件须为已上传文件的摘要（64位小写十六进制）。",
     "An attachment is named by the digest of what was uploaded: 64 lower-case hexadecimal digits."},
    {"BAD_TIME",
     "时间有误：已经发生的，不能晚于现在、早于前一步骤或者超过一年；将要发生的，须晚于现在；结束不能早于开始。",
     "The time is wrong: what has happened is not later than now, not before the step before it and not over a year "
     "ago; what is to come is later than now; an end is not before its start."},
    {"CHANNEL_NOT_ONLINE", "网上提出的信访，形式为网上信访；来信、来访、来电等由接待人员登记。",
     "What is raised online is of channel NET; a letter, a visit, a call is registered by whoever receives it."},
    {"COMMITMENT_PAPER_NEEDED", "以息诉罢访承诺提请销案的，须附信访人签名的承诺书扫描件。",
     "A promise to petition no more is shown by the scan of the paper that the petitioners have signed."},
    {"COMPETENT_BODY_NEEDED", "以越级走访为由不予受理的，请指明有权处理的机关、单位（信访工作条例第二十条）。",
     "To refuse a visit because it skipped a level, name the body that may decide."},
    {"CONSENT_MISSING", "须经争议双方同意（信访工作条例第三十三条）。", "Both parties must consent."},
    {"CONTENT_NEEDED", "内容不能为空。", "The content must not be empty."},
    {"COUNTED_ALREADY", "已计入的人数不能为负，也不能多于本件尚未核对的人数。",
     "Those counted already are not fewer than none, and not more than the copy has."},
    {"COUNTY_LISTS", "积案由县级信访部门列入和提出化解；市级登记的，由市级信访部门列入和提出。",
     "The county's petition office lists the backlog and proposes to write it off; the city's does so for what came to "
     "the city."},
    {"DEATH_NOT_RECORDED", "尚未登记该信访人死亡或者终止。",
     "It is not recorded that this petitioner died, or ended as an organisation."},
    {"DEATH_PAPER_AWAITED", "死亡（终止）证明材料尚未上传，不能据此终结。",
     "The paper that shows the death has not come yet; nothing is ended by its digest alone."},
    {"DEATH_RECORDED", "该信访人死亡或者终止已登记。", "That this petitioner died is recorded already."},
    {"DRAFT_NEEDED", "尚未拟写处理意见。", "There is no draft of the opinion yet."},
    {"EARLIER_NOT_FINAL", "先前事项尚未复核终结。", "The earlier petition has not ended with a re-review."},
    {"EARLIER_NOT_OPEN", "先前事项已不在办理中。", "The earlier petition is not open any more."},
    {"EARLIER_REPEATS_THIS", "该事项已关联为本件的重复事项，不能再作为本件的先前事项。",
     "That petition is linked as a repeat of this one; it cannot be the earlier of the two as well."},
    {"EVALUATION_OVER", "评价期已过。", "The time for evaluation is over."},
    {"EXTENSION_EMPTY", "请填写延长的天数，至少1日。", "Say by how many days, at least one."},
    {"EXTENSION_LATE", "办理期限已届满，不能再延长。", "The period is over; an extension must come before."},
    {"EXTENSION_TOO_LONG", "延长期限超过规定。", "The extension is longer than the rules allow."},
    {"EXTENSION_USED", "只能延长一次。", "It can be extended once only."},
    {"FEWER_THAN_NAMED", "总人数少于已列明的信访人数，请核对。", "These are fewer people than are named."},
    {"FILE_PAPER_AWAITED", "尚未收到，卷宗暂不能归档打印；确已遗失的请说明缺失原因（撤回、终结、和解所依据的材料除外）。",
     "A paper that the file names has not come. If it is lost for good, say why, unless the end rests on it."},
    {"FINAL_ALREADY", "该事项已复核终结，以同一事实和理由提出的不再受理（信访工作条例第三十六条）。",
     "The re-review has ended this matter; the same facts and reasons are not accepted again."},
    {"HEARING_AHEAD", "已经通知的听证尚未举行，须先举行听证；改期的，请重新通知。",
     "A hearing that the parties were told of lies ahead and comes first; if it is put off or brought forward, call it "
     "again."},
    {"HEARING_ANOTHER_DAY", "听证须在通知的日期举行；改期的，请重新通知。",
     "A hearing is held on the day that was told; if it is put off, call it again."},
    {"HEARING_LATE", "复核期限已届满，不能再开始听证。",
     "The period of the re-review is over; no hearing can begin."},
    {"HEARING_NOT_CALLED", "听证须先通知时间和地点（在办理中由单位负责人批准并通知）。",
     "A hearing is called with its place and day first; in handling, by the head of the unit."},
    {"HEARING_UNDER_WAY", "听证尚未结束。", "A hearing is under way."},
    {"INTAKE_ALREADY_COMPLETE", "登记已完整。", "The registration is complete already."},
    {"INTAKE_INCOMPLETE", "登记尚未补全信访人和内容。", "Petitioners and content have not been entered yet."},
    {"IN_PROCESS_ELSEWHERE", "该事项正在规定期限内办理，上级机关不予受理（信访工作条例第十九条）。",
     "This matter is being handled within its period; a higher body does not accept it."},
    {"LEAD_NOT_ACCEPTED", "领导尚未同意包案。", "The leader has not accepted the case yet."},
    {"LINK_EARLIER_FIRST", "须先由人员核对并关联先前的信访事项。",
     "A person has to compare and link the earlier petition first."},
    {"MANDATE_NEEDED", "代理人须有授权委托书，监护人须有监护关系证明。",
     "An agent needs a written mandate, a guardian the proof of guardianship."},
    {"MAY_ACCUSE", "内容属于纪检监察类，须先由信访工作人员核对：属于检举控告的改为检举控告，不属于的说明理由。",
     "This is registered under discipline: a clerk seals it as an accusation first, or says why it is none."},
    {"MEDIATION_UNDER_WAY", "该事项正在调解。", "A mediation of this is under way."},
    {"MERGED_GO_THERE", "本件已并入另一信访事项，请在该事项上办理。",
     "This petition was merged into another one: go on there."},
    {"NAMED_TWICE", "同一人不能登记两次。", "The same person is named twice."},
    {"NAME_AND_ADDRESS_NEEDED", "须载明信访人姓名（名称）和住址（信访工作条例第十九条）；确不清楚的请注明。",
     "Name and address of the petitioner are needed; if they are unclear, say so."},
    {"NOTHING_TO_DELIVER", "尚无可送达的意见。", "There is no opinion to deliver yet."},
    {"NOTHING_TO_EXECUTE", "没有待落实的支持意见（信访工作条例第三十二条）。",
     "No opinion in favour waits to be carried out."},
    {"NOTICE_NEEDED", "须书面告知信访人（信访工作条例第二十三条）：内容、联系方式和告知方式。",
     "The petitioner must be told in writing: text, contact and how it was given."},
    {"NOT_ALLOWED", "您无权进行此项操作。", "You may not do this."},
    {"NOT_ACCUSATION_REASON", "内容属于纪检监察类的，请登记为检举控告，或者说明不属于检举控告的理由。",
     "This is registered under discipline: make it an accusation, or say why it is none."},
    {"NOT_AN_ACCUSATION", "该事项不是检举控告。", "This is no accusation."},
    {"NOT_A_VISIT", "该事项不是走访。", "This was no visit."},
    {"NOT_COMMON_SUPERIOR", "须由争议单位共同的上一级决定，或经联席会议协调（信访工作条例第二十四条）。",
     "The common superior decides this, or the joint conference."},
    {"NOT_FOR_MEDIATION", "该事项不适宜调解。", "This is not suitable for mediation."},
    {"NOT_FROM_OUTSIDE", "日期只补录平台外的复查复核机关（如省级）的；本平台内的机关，以操作的时间为准，请不要填写。",
     "A day is entered only of a reviewing body outside the platform, such as the province; what a body here does "
     "happens when it says so: leave the day out."},
    {"NOT_INVESTIGATED", "尚未调查核实（信访工作条例第三十一条）。",
     "The facts have not been investigated yet."},
    {"NOT_IN_DISPUTE", "没有受理争议。", "Competence is not in dispute."},
    {"NOTHING_CHANGES", "请填写需要更正的内容。", "Nothing is changed by this."},
    {"NOT_LISTED", "未列为积案。", "It is not on the backlog list."},
    {"NOT_PROPOSED", "尚未提出化解销号。", "Nobody has proposed to write it off."},
    {"NOT_RECEIVED_YET", "办理单位尚未签收，不能反馈办结报告（信访工作条例第二十二条）。",
     "The unit has not received it yet: it cannot have been done."},
    {"NOT_RUNNING", "没有正在计算的期限。", "No such period is running."},
    {"NO_AGREEMENT_YET", "尚无生效的协议。", "There is no agreement that binds yet."},
    {"NO_HEARING", "没有正在进行的听证。", "No hearing is under way."},
    {"NO_HIGHER_BODY", "组织目录中没有上一级机关。", "The directory knows no higher body."},
    {"NO_OFFICE", "找不到可登记的信访部门。", "No petition office was found for this."},
    {"NO_REPORT_DUE", "没有待反馈的办结报告。", "No report is due."},
    {"NO_SUCH_EARLIER", "没有这个信访事项，或者您无权查看。",
     "There is no such petition, or you may not see it."},
    {"NO_SUCH_PETITION", "没有这个信访事项，或者您无权查看。",
     "There is no such petition, or you may not see it."},
    {"NO_SUCH_PAPER", "该信访事项还没有这项文书。", "This petition has no such paper yet."},
    {"NO_SUGGESTION", "没有待反馈的改进建议。", "No suggestion is open."},
    {"NO_UNIT_YET", "尚无办理单位。", "No unit has it yet."},
    {"OBJECTION_LATE", "提出异议须在收到之日起5个工作日内，且只能提出一次。",
     "An objection comes within five working days of receipt, and once."},
    {"ONLY_OWN_LEVEL_OR_BELOW", "只能转送本级或下级有权处理的单位。",
     "It is forwarded to a unit of the same level or below."},
    {"ONLY_OWN_SYSTEM", "直接收到的信访事项只能转送本系统下级。",
     "What was received directly is forwarded within one's own system only."},
    {"OPINION_NEEDED", "该事项须出具信访处理意见书。", "This one ends with a written opinion."},
    {"ORIGINAL_ANSWERED", "该事项的处理意见已经作出，不能再并入：后并入的信访人未被听取意见，请求复查、复核的期限也不完整。",
     "The opinion on that petition is out: those of a copy were not heard in it and would not have their thirty days."},
    {"OTHERS_ASK_TOO", "还有未登记姓名的其他信访人，已登记的信访人不能替其撤回；全体书面撤回的，由工作人员登记。",
     "Others petition too whom nobody names: those who are named cannot withdraw for them. What all have signed a "
     "clerk enters."},
    {"OTHER_OFFICE", "两件信访事项不在同一信访部门。", "The two petitions are not with the same office."},
    {"OTHER_TYPE", "信访事项的类型与该操作不符。", "The type of the petition does not fit this step."},
    {"PAGE_TOKEN", "分页标记与本次查询不符，请从第一页开始。",
     "The page token does not belong to this query; start from the first page."},
    {"PANEL_TWICE", "主持人不能同时是听证员，同一听证员也不能列两次；确属同名的，请在姓名后注明单位。",
     "Nobody presides and is a member, or is a member twice; of two with one name add the unit to the name."},
    {"PARTIES_NEEDED", "调解须有双方当事人。", "Mediation needs at least two parties."},
    {"PERIOD_SET_BY_REVIEW", "重新办理的期限由复查机关指定，本单位不能自行延长（山东省信访条例第四十五条）。",
     "The reviewing body has set this period; the unit cannot extend it by itself."},
    {"PETITIONERS_REMAIN", "还有其他信访人，应当继续办理（山东省信访条例第四十六条）。",
     "Others who petitioned remain; the petition goes on."},
    {"PETITIONERS_BY_CLERK", "信访人已经明确的，由信访登记人员更正，办理单位不能更正。",
     "Who petitions is known: a clerk corrects it, not the unit that handles it."},
    {"PETITIONER_NEEDED", "请登记信访人。", "The petitioner is needed."},
    {"PETITIONER_NOT_HEARD", "尚未听取信访人陈述事实和理由（信访工作条例第三十一条）。",
     "The petitioner has not been heard yet."},
    {"PETITIONER_OF_COPY", "该信访人随并入的信访件而来，答复作出后由登记的信访部门掌握其身份信息。",
     "This petitioner came with a merged copy: once the answer is out, the petition office has who they are."},
    {"PLAN_NEEDED", "尚未制定化解方案，不能提出结案。", "There is no plan yet; the case cannot be proposed to close."},
    {"PUBLISH_AFTER_HEARING", "经过听证的复核意见才可以公示。",
     "Only a re-review after a hearing may be published."},
    {"RATING", "评分为1至5，至少评价一项。", "Ratings are 1 to 5, at least one of them."},
    {"RECUSAL", "您与该事项有利害关系或曾经办，应当回避。",
     "You are concerned by this, or handled it before: another person has to do it."},
    {"RECUSAL_NOT_CHECKED", "须核查回避情形（信访工作条例第二十八条）。", "Recusal must be checked."},
    {"REDIRECT_INSTEAD", "应导入法定程序的，请使用“导入法定程序”。",
     "This leads into a statutory procedure: redirect it instead."},
    {"REDO_DAYS", "撤销的须指定重新办理的期限（1至60日），其他结果不填。",
     "A revocation sets a period of 1 to 60 days to handle it again; other results do not."},
    {"REPORT_DAY_EARLIER", "新的反馈日期须晚于原定日期。", "The new day must be later than the one set before."},
    {"REPORT_DAY_NEEDED", "交办须指定反馈结果的日期。", "An assignment names the day the report is due."},
    {"REPRESENTATIVES_AT_MOST_FIVE", "代表人数不得超过5人（信访工作条例第二十条）。",
     "There may be at most five representatives."},
    {"REPRESENTATIVES_NEEDED", "多人走访共同的信访事项，应当推选代表。",
     "Those who visit for one matter choose representatives."},
    {"REQUEST_NOT_TAKEN", "须先决定是否受理复查（复核）申请，并书面告知（山东省信访条例第四十三条、第四十四条）。",
     "Decide first whether the request is taken, and tell the petitioner in writing."},
    {"RESULT_NOT_UPHELD", "维持的，结果不能与原意见不同；需要不同结果的，应当变更或者撤销。",
     "What is upheld keeps its result; another result is a change or a revocation."},
    {"ROUTE_NEEDED", "请选择办理途径（信访工作条例第三十一条第一至六项）。",
     "Choose the route: items 1 to 6 of Art. 31."},
    {"ROUTE_SIX_HAS_ITS_PERIOD", "第六项的办理期限由条例规定。", "The period of route 6 is set by the law."},
    {"ROUTE_SIX_ONLY", "只适用于第三十一条第六项的信访事项。", "This is for petitions of Art. 31(6) only."},
    {"SAME_OPINION",
     "被撤销后不得以同一的事实和理由作出相同的意见（山东省信访条例第四十五条）；请写明不同之处。",
     "After a revocation the same opinion must not rest on the same facts and reasons; say what is "
     "different."},
    {"SEALED_GOES_TO_DISCIPLINE", "检举控告只能转送纪检监察机关。",
     "An accusation can only be handed to the discipline organ."},
    {"SEAL_INSTEAD", "属于纪检监察机关受理的，请改为检举控告类并转送。",
     "What belongs to discipline is retyped as an accusation and handed over."},
    {"SETTLE_INSTEAD", "调解协议已经生效，应当据此办结，不再出具处理意见（信访工作条例第三十三条）。",
     "A mediated agreement is in effect: settle the petition by it; no opinion is given over it."},
    {"SETTLEMENT_PAPER_AWAITED",
     "和解协议书原件尚未收到，不能据此办结：请先上传，在办理进展中登记（attachment_sha256），收到后再登记和解。",
     "What both sides signed has not come yet: upload it, name it with a progress (attachment_sha256), and settle by "
     "it once it is here."},
    {"SETTLEMENT_PAPER_NEEDED", "口头调解的，办结须附调解协议书（信访工作条例第三十三条）。",
     "The mediated agreement is an oral one; settling the petition needs its paper."},
    {"SUGGESTION_OPEN", "上一条改进建议尚未反馈。", "The former suggestion has not been answered yet."},
    {"TARGET_DAY", "化解目标日期太远，须在今日起90日以内。", "The target day is too far away: at most 90 days from today."},
    {"TARGET_DAY_NEEDED", "请填写化解目标日期（今日起90日以内）。",
     "Name the day by which it is to be resolved, at most 90 days from today."},
    {"TARGET_DAY_PAST", "化解目标日期已经过去，请填写今日起90日以内的日期。",
     "The target day is over; name one at most 90 days from today."},
    {"TOO_LATE_FOR_MEDIATION", "剩余办理期限不足以调解。",
     "Too little of the handling period is left for mediation."},
    {"TOO_LONG", "内容过多。", "This is more than the limit."},
    {"TOO_MANY_PEOPLE", "人数超过上限（10万人），请核对。", "These are more people than the limit of 100,000."},
    {"TOO_MANY_NAMED", "该事项列明的信访人和代理人超过上限（500人），请另行办理。",
     "More than 500 people would be named in that petition; handle this one by itself."},
    {"TYPE_CONFIRMED", "类型已核对。", "The type has been looked at already."},
    {"UNIT_SEAL_NEEDED", "处理意见书须加盖本单位印章。", "The opinion needs the seal of the unit itself."},
    {"UNKNOWN_AREA", "本平台没有这个地区。", "This area is not known here."},
    {"UNKNOWN_CODE", "代码不在目录中。", "This code is not in the list."},
    {"UNKNOWN_DISPUTE_TYPE", "没有这个纠纷类型。", "There is no such type of dispute."},
    {"UNKNOWN_ORG", "没有这个单位，或该单位不能办理此事。",
     "There is no such organisation, or it cannot do this."},
    {"UNKNOWN_PETITIONER", "本件没有这位信访人。", "The petition has no such petitioner."},
    {"UNNAMED_LEAVE", "随同退出的未登记姓名的人数有误：只由工作人员登记，且不超过未登记姓名的人数。",
     "How many leave whom nobody names: only a clerk enters it, and no more than there are."},
    {"VALUE_NEEDED", "请选择或填写此项。", "This field is needed."},
    {"VISIT_ABOVE_LEVEL", "走访应到有权处理的本级或上一级机关（信访工作条例第二十条），请告知并引导。",
     "A visit goes to the competent level or the next higher one; tell the petitioner where."},
    {"VISIT_IN_ORDER", "该走访到的是有权处理的本级或者上一级机关，不属于越级走访（信访工作条例第二十条），不能以此不予受理。",
     "This visit came to the level that may decide or to the next higher one: it skipped none and is no ground to "
     "refuse."},
    {"WRONG_STATUS", "信访事项当前状态不能进行此项操作。",
     "This is not possible in the petition's present status."},
    {"WITHDRAWAL_IS_THEIRS", "处理意见已经作出，由信访人本人在网上撤回；工作人员不再登记撤回。",
     "The opinion is out: now only the petitioners withdraw, online, and nobody for them."},
    {"WITHDRAWAL_PAPER_NEEDED", "工作人员登记撤回的，须附信访人签名的书面撤回材料。",
     "What a clerk enters needs the paper that the petitioners have signed."},
};

}  // namespace

std::optional<kernel::Refusal> CheckDigest(std::string_view sha256, std::string_view field) {
  if (reference::IsDigest(sha256)) return std::nullopt;
  return Why(kernel::RefusalCode::kInvalid, "BAD_DIGEST", field);
}

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts)) << reason;
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

kernel::Refusal WrongStatus(const v1::State& state) {
  const std::string& primary = state.primary_code();
  const bool elsewhere = state.status() == v1::MERGED && !primary.empty();
  kernel::Refusal refusal = Why(kernel::RefusalCode::kWrongStatus, elsewhere ? "MERGED_GO_THERE" : "WRONG_STATUS",
                                elsewhere ? "id" : "");
  if (elsewhere) {
    refusal.message_zh = "本件已并入信访事项" + primary + "，请在该事项上办理。";
    refusal.message_en = "This petition was merged into " + primary + ": go on there.";
    refusal.metadata["primary_code"] = primary;
    refusal.metadata["primary_id"] = state.primary_id();
  }
  refusal.metadata["status"] = v1::PetitionStatus_Name(state.status());
  return refusal;
}

kernel::Refusal NoSuchMatter() {
  return {kernel::RefusalCode::kNotFound,
          "NO_SUCH_MATTER",
          "id",
          "没有这个事项，或者您无权查看。",
          "There is no such matter, or you may not see it.",
          {}};
}

}  // namespace petition
