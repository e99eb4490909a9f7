#include "services/mediation/domain/refusals.h"

#include <algorithm>

#include "base/check.h"

namespace mediation {
namespace {

struct Text {
  std::string_view reason, zh, en;
};

constexpr Text kTexts[] = {
    {"ALREADY_CHOSEN", "该当事人已选定同一调解员。", "This party has already chosen this mediator."},
    {"ALREADY_EXISTS", "该案件已登记。", "This case is registered already."},
    {"ALREADY_OPEN_HERE", "同一事项已有在办的调解案件。", "A mediation of the same matter is already open."},
    {"ALREADY_SEALED", "协议书已加盖印章。", "The agreement is sealed already."},
    {"ALREADY_SIGNED", "已签名，无需重复签名。", "This signature is there already."},
    {"AMOUNT_NEEDED", "给付条款须写明金额。", "A clause to pay needs an amount above zero."},
    {"APPLICANT_NEEDED", "至少一方当事人须为申请人。", "At least one party must be the applicant."},
    {"BAD_AREA", "地区代码无效。", "This is no area code."},
    {"BAD_TIME", "时间有误：不得晚于现在，也不得早于受理。",
     "The time is wrong: not in the future and not before acceptance."},
    {"BOTH_SIDES_NEEDED", "须有甲乙双方当事人。", "Parties of both sides A and B are needed."},
    {"CLAUSE_PARTIES", "条款的义务人与权利人须为本案不同的当事人。",
     "Obligor and obligee must be two different parties of the case."},
    {"CONSENT_MISSING", "尚有当事人未同意调解。", "Not every party has agreed to mediation."},
    {"CONTENT_NEEDED", "内容不能为空。", "The content must not be empty."},
    {"COPIES_MISSING", "协议书份数不足：当事人各一份，调委会留存一份。",
     "Too few copies: one for each party and one for the committee."},
    {"DUE_NEEDED", "条款须写明履行期限。", "The clause needs a date by which it is performed."},
    {"FACE_TO_FACE_NOT_FREE", "涉家庭暴力：未经受保护人自愿同意，不得安排面对面调解。",
     "Domestic violence: no session face to face without the free consent of the protected person."},
    {"INTAKE_ALREADY_COMPLETE", "受理登记已完整。", "The intake is complete already."},
    {"INTAKE_INCOMPLETE", "受理登记尚未补全当事人和纠纷情况。",
     "Parties and facts have not been entered yet."},
    {"JOINT_SESSION_NEEDED", "尚无双方均到场的调解记录。",
     "There is no session yet at which both sides were present."},
    {"JURISDICTION_NOT_CONFIRMED", "须确认属于本调委会管辖。",
     "Jurisdiction of this committee must be confirmed."},
    {"MEDIATOR_IS_PARTY", "调解员是本案当事人，应当回避。", "A party of the case cannot mediate it."},
    {"MEDIATOR_TWICE", "同一调解员重复填写。", "The same mediator is named twice."},
    {"NOBODY_TO_ASK", "各方当事人均已答复。", "Every party has answered already."},
    {"NOTICE_NEEDED", "须书面告知仲裁、行政、司法等途径（人民调解法第二十六条）。",
     "The notice of arbitration, administrative or judicial ways is mandatory (Art. 26)."},
    {"NOT_ACCEPTED_ELSEWHERE_NOT_CONFIRMED", "须确认法院、公安或其他机关尚未受理或处理。",
     "It must be confirmed that no court, police or other authority has taken or settled it."},
    {"NOT_ALLOWED", "您无权对本案进行此项操作。", "You may not do this to this case."},
    {"NOT_CHAIR", "须由主持调解员签名。", "Only the chairing mediator signs for the mediation."},
    {"NOT_FOUND", "没有这个案件。", "There is no such case."},
    {"NOT_YOUR_PARTY", "只能以本人名义办理。", "You may act for yourself only."},
    {"NO_COMMITTEE", "找不到可受理的人民调解委员会。", "No mediation committee was found for this."},
    {"PAGE_TOKEN", "分页标记与本次查询不符，请从第一页开始。",
     "The page token does not belong to this query; start from the first page."},
    {"PARTIES_CHOSE_ANOTHER", "当事人共同选定了另一位调解员。",
     "The parties have chosen another mediator together."},
    {"PARTY_NAME_NEEDED", "请填写当事人姓名。", "The party's name is needed."},
    {"PARTY_WANTS_WRITING", "有当事人要求书面协议，不能只记录口头协议。",
     "A party asks for a written agreement; an oral one is not enough."},
    {"PERIOD_NOT_OVER", "调解期限尚未届满。", "The period of mediation is not over yet."},
    {"PROOF_NEEDED", "代为登记签名须附签名件。", "A signature recorded for somebody needs its scan."},
    {"PROTECTION_INFORMATION_MISSING", "涉家庭暴力：须先告知报警和人身安全保护令。",
     "Domestic violence: police and protection order must be explained first."},
    {"PUBLIC_NOT_ALLOWED", "当事人不同意或依法不公开，本次调解不得公开。",
     "A party objects, or the law forbids it: this session is not public."},
    {"REASON_NOT_FOR_YOU", "当事人只能撤回申请或拒绝继续调解。",
     "A party can withdraw or refuse to go on, nothing else."},
    {"RECUSAL_NOT_CHECKED", "须核查回避情形。", "Recusal must be checked."},
    {"RIGHTS_NOTICE_MISSING", "尚未向各方送达权利义务告知书。",
     "The notice of rights and duties has not been given to every party."},
    {"SESSION_NEEDED", "尚未进行过调解。", "No session has been held yet."},
    {"SESSION_LIMIT", "调解记录已达上限。", "The case has reached the limit of sessions."},
    {"TOO_LONG", "内容过多。", "This is more than the limit."},
    {"UNDISPUTED_NEEDS_CONSENT", "记载无争议事实须经各方同意。",
     "Undisputed facts are recorded with the consent of every party only."},
    {"UNKNOWN_AREA", "本平台没有这个地区。", "This area is not known here."},
    {"UNKNOWN_CODE", "代码不在目录中。", "This code is not in the list."},
    {"UNKNOWN_COMMITTEE", "没有这个人民调解委员会，或已撤销。",
     "There is no such mediation committee, or it is closed."},
    {"UNKNOWN_DISPUTE_TYPE", "没有这个纠纷类型。", "There is no such type of dispute."},
    {"UNKNOWN_PARTY", "本案没有这个当事人。", "The case has no such party."},
    {"VALUE_NEEDED", "请选择或填写此项。", "This field is needed."},
    {"VOLUNTARY_NEEDED", "须由申请人确认自愿申请。",
     "The applicant must confirm that the application is voluntary."},
    {"WRITTEN_IS_THE_RULE", "涉及民事权利义务，应当制作书面协议；确需口头的，请说明理由。",
     "Civil rights and duties call for a written agreement; say why this one is oral."},
    {"WRONG_STATUS", "案件当前状态不能进行此项操作。", "This is not possible in the case's present status."},
};

}  // namespace

kernel::Refusal Why(kernel::RefusalCode code, std::string_view reason, std::string_view field) {
  const Text* text = std::ranges::find(kTexts, reason, &Text::reason);
  CHECK(text != std::end(kTexts));
  return {code, std::string(reason), std::string(field), std::string(text->zh), std::string(text->en), {}};
}

}  // namespace mediation
