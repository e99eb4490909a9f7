#include "services/mediation/document_words.h"

namespace mediation {

std::string_view SideWord(common::v1::PartySide side) {
  switch (side) {
    case common::v1::SIDE_A: return "甲方";
    case common::v1::SIDE_B: return "乙方";
    case common::v1::SIDE_THIRD: return "第三方";
    default: return "当事人";
  }
}

std::string_view SourceWord(v1::SourceKind source) {
  switch (source) {
    case v1::ON_APPLICATION: return "当事人申请";
    case v1::EX_OFFICIO: return "人民调解委员会主动调解";
    case v1::FROM_COURT: return "人民法院委托移送";
    case v1::FROM_PROCURATORATE: return "人民检察院委托移送";
    case v1::FROM_POLICE: return "公安机关委托移送";
    case v1::FROM_PETITION_OFFICE: return "信访部门委托移送";
    case v1::FROM_DEPARTMENT: return "其他部门委托移送";
    case v1::FROM_GRID: return "网格移送";
    default: return "";
  }
}

std::string_view RefusalWord(std::string_view code) {
  if (code == "PARTY_REFUSES") return "当事人一方明确拒绝调解";
  if (code == "SPECIAL_ORGAN") return "纠纷依法应当由专门机关管辖处理，或者法律禁止采用民间调解方式";
  if (code == "ACCEPTED_ELSEWHERE") return "人民法院、公安机关或者其他有关部门已经受理或者解决";
  if (code == "NOT_CIVIL") return "该事项不属于民间纠纷";
  if (code == "NO_IDENTIFIABLE_PARTY") return "没有明确的对方当事人";
  return "";
}

std::string_view EndWord(v1::EndReason reason) {
  switch (reason) {
    case v1::E01_WRITTEN_AGREEMENT: return "达成书面调解协议";
    case v1::E02_ORAL_AGREEMENT: return "达成口头调解协议";
    case v1::E03_SETTLED_THEMSELVES: return "当事人自行和解，撤回申请";
    case v1::E04_PARTY_REFUSES: return "当事人一方拒绝调解或者要求终止调解";
    case v1::E05_TOO_FAR_APART: return "双方意见分歧较大，难以达成协议";
    case v1::E06_PERIOD_EXPIRED: return "调解期限届满，双方未同意延长";
    case v1::E07_PARTY_UNREACHABLE: return "无法与当事人取得联系";
    case v1::E08_WILL_NOT_SIGN: return "当事人一方不愿在调解协议上签名";
    case v1::E09_TAKEN_BY_OTHER_AUTHORITY: return "人民法院、仲裁机构或者其他有关部门已经受理";
    case v1::E10_SHAM_OR_HARM: return "发现可能存在虚假调解或者损害国家利益、社会公共利益、他人合法权益的情形";
    case v1::E11_NOT_SUITABLE: return "纠纷不适宜继续以人民调解方式处理";
    case v1::E12_DIED_OR_GONE: return "当事人死亡、终止或者争议标的灭失";
    case v1::E13_HAND_OVER_LAPSED: return "移送失效，移送单位不再等待调解结果";
    default: return "";
  }
}

std::string_view RemedyWord(v1::Remedy remedy) {
  switch (remedy) {
    case v1::ARBITRATION: return "仲裁途径：依法向有管辖权的仲裁机构申请仲裁";
    case v1::ADMINISTRATIVE_WAY: return "行政途径：依法向有关行政机关申请处理";
    case v1::JUDICIAL: return "司法途径：依法向有管辖权的人民法院提起诉讼";
    default: return "";
  }
}

std::string_view SessionWord(v1::SessionResult result) {
  switch (result) {
    case v1::CONTINUES: return "本次未达成协议，双方同意继续调解。";
    case v1::NO_AGREEMENT: return "未达成协议。";
    case v1::AGREEMENT_REACHED: return "双方达成协议。";
    default: return "";
  }
}

std::string_view CapacityWord(v1::Capacity capacity) {
  switch (capacity) {
    case v1::IN_PERSON: return "本人";
    case v1::HEAD_OF_ORGANISATION: return "法定代表人（负责人）";
    case v1::GUARDIAN_OF_PARTY: return "法定代理人";
    case v1::ORDINARY_AGENT: return "委托代理人（一般代理）";
    case v1::SPECIAL_AGENT: return "委托代理人（特别授权）";
    default: return "";
  }
}

std::string_view VisitWord(v1::VisitMode mode) {
  switch (mode) {
    case v1::AT_HOME: return "上门回访";
    case v1::BY_PHONE: return "电话回访";
    case v1::ONLINE_VISIT: return "网络回访";
    default: return "";
  }
}

std::string_view ConfirmationWord(v1::ConfirmationState state) {
  switch (state) {
    case v1::WINDOW_OPEN: return "可以申请";
    case v1::WINDOW_EXPIRED: return "未在三十日内申请";
    case v1::APPLIED: return "已提出申请";
    case v1::FILED: return "已受理";
    case v1::CONFIRMED: return "确认有效";
    case v1::REJECTED: return "驳回申请";
    case v1::WITHDRAWN: return "撤回申请";
    default: return "";
  }
}

// A notary confirms nothing: what comes of the application is a notarial deed.
std::string_view ConfirmationWord(v1::ConfirmationState state, v1::ConfirmationKind kind) {
  return kind == v1::NOTARY && state == v1::CONFIRMED ? "已出具公证书" : ConfirmationWord(state);
}

const ConfirmationWay& WayOf(v1::ConfirmationKind kind) {
  static constexpr ConfirmationWay kCourt = {
      "司法确认申请书", "确认", "有效",
      "《中华人民共和国人民调解法》第三十三条、《中华人民共和国民事诉讼法》第二百零五条", "裁定"};
  static constexpr ConfirmationWay kNotary = {"公证申请书", "对", "办理具有强制执行效力的债权文书公证",
                                              "《山东省多元化解纠纷促进条例》第四十条", "公证"};
  static constexpr ConfirmationWay kArbitration = {"仲裁确认申请书", "确认", "的效力",
                                                   "《山东省多元化解纠纷促进条例》第四十一条第一款", "仲裁"};
  // Of labour and land the second paragraph says what may be asked for; what the paper is called it does not say.
  static constexpr ConfirmationWay kOwnForum = {"调解协议效力确认申请书", "确认", "的效力",
                                                "《山东省多元化解纠纷促进条例》第四十一条第二款", "仲裁机构"};
  switch (kind) {
    case v1::NOTARY: return kNotary;
    case v1::ARBITRATION_CONFIRMED: return kArbitration;
    case v1::LABOUR_ARBITRATION:
    case v1::LAND_ARBITRATION: return kOwnForum;
    default: return kCourt;
  }
}

std::string_view PerformanceWord(v1::PromiseState state) {
  switch (state) {
    case v1::NOT_DUE: return "未到期";
    case v1::DUE: return "已到期";
    case v1::PARTLY: return "部分履行";
    case v1::DONE: return "全部履行";
    case v1::BREACHED: return "未按期履行";
    default: return "";
  }
}

std::string_view OutcomeWord(v1::CompletionOutcome outcome) {
  switch (outcome) {
    case v1::ALL_PERFORMED: return "全部履行完毕";
    case v1::BY_ENFORCEMENT: return "已申请强制执行";
    case v1::BY_LAWSUIT: return "已提起诉讼";
    case v1::DECLARED_SETTLED: return "双方声明了结";
    default: return "";
  }
}

std::string_view RetentionWord(v1::Retention retention) {
  switch (retention) {
    case v1::TEN_YEARS: return "十年";
    case v1::THIRTY_YEARS: return "三十年";
    case v1::PERMANENT: return "永久";
    default: return "";
  }
}

std::string_view FormWord(v1::AgreementForm form) {
  return form == v1::WRITTEN ? "人民调解协议书" : form == v1::ORAL ? "口头调解协议" : "";
}

std::string_view MilestoneWord(v1::Event::BodyCase body) {
  switch (body) {
    case v1::Event::kRegistered: return "登记";
    case v1::Event::kAccepted: return "受理";
    case v1::Event::kRefused: return "不予受理";
    case v1::Event::kAssigned: return "指定人民调解员";
    case v1::Event::kMediatorReplaced: return "调换人民调解员";
    case v1::Event::kSessionHeld: return "调解";
    case v1::Event::kInvestigated: return "调查";
    case v1::Event::kPaused: return "中止";
    case v1::Event::kResumed: return "恢复";
    case v1::Event::kExtended: return "经双方同意延长期限";
    case v1::Event::kTransferred: return "移送上级调委会";
    case v1::Event::kRiskReported: return "报告激化苗头";
    case v1::Event::kAgreed: return "拟定协议";
    case v1::Event::kEffective: return "协议生效";
    case v1::Event::kFollowedUp: return "回访";
    case v1::Event::kBreached: return "发现未履行";
    case v1::Event::kRemediated: return "重新调解";
    case v1::Event::kConfirmationApplied: return "申请确认";
    case v1::Event::kConfirmationRecorded: return "确认结果";
    case v1::Event::kCompleted: return "结案";
    case v1::Event::kEnded: return "终止调解";
    default: return "";
  }
}

}  // namespace mediation
