// The file of a petition that has ended is closed once, and whole: it waits for the papers that acts have named.
#include <string>

#include "tests/petition/document_world.h"

namespace petition {
namespace {

const std::string kOther(64, 'e');

class FileGate : public DocumentsTest {
 protected:
  // The reason it was refused for; empty: it was printed.
  std::string Closing(const std::string& missing_reason = "") {
    v1::PrintDocumentRequest request;
    request.set_id("p1");
    request.set_form("closing");
    request.set_reason("归档打印");
    request.set_missing_reason(missing_reason);
    rpc::NextMessage<google::api::HttpBody> next;
    answer_ = queries_.PrintDocument(As(Clerk()), request, &next);
    if (answer_.ok()) return "";
    return answer_.refusal() ? answer_.refusal()->reason : std::string(answer_.status().message());
  }
  void Upload(const std::string& sha256) {
    ASSERT_FALSE(desk_.Do("doc/" + sha256, kUploaded, Platform()).refusal);
  }

  rpc::Answer answer_;
};

// A file was archived over a withdrawal that nobody had ever scanned.
// spec: P27 M24
TEST_F(FileGate, WaitsForWhatTheEndRestsOn) {
  BringToAcceptance();
  Do("withdraw { statement: '不再反映' proof_sha256: '" + kScan + "' }", Clerk());
  EXPECT_EQ(Closing(), "FILE_PAPER_AWAITED");
  EXPECT_NE(answer_.refusal()->message_zh.find("书面撤回材料"), std::string::npos);
  EXPECT_EQ(answer_.refusal()->field, "missing_reason");
  EXPECT_EQ(Closing("扫描件已经遗失"), "FILE_PAPER_AWAITED") << "without it there was no withdrawal";
  std::string bytes;
  EXPECT_TRUE(Print("p1", Clerk(), &bytes).ok()) << "what was registered is printed all the same";
  Upload(kScan);
  EXPECT_EQ(Closing(), "");
}

// spec: P16 P27 M24
TEST_F(FileGate, TakesAReasonForWhatIsLostForGood) {
  BringToAcceptance();
  Do("refer_to_mediation { bridge_code: 'BR1' both_consent: true consent_proof_sha256: '" + kScan +
         "' dispute_type: 'D10' party_count: 2 }",
     Handler());
  Do("withdraw { statement: '不再反映' proof_sha256: '" + kOther + "' }", Clerk());
  Upload(kOther);
  EXPECT_EQ(Closing(), "FILE_PAPER_AWAITED");
  EXPECT_NE(answer_.refusal()->message_zh.find("双方同意调解"), std::string::npos);
  EXPECT_EQ(Closing("遗失"), "FILE_PAPER_AWAITED") << "that says too little";
  EXPECT_EQ(Closing("平板落水，扫描件已经遗失"), "");
}

// 山东 46: the death was shown before it ended; that nobody takes over is shown by a paper of the end itself.
// spec: 山东46 M24
TEST_F(FileGate, WaitsForWhatShowsADeathAndThatNobodyTakesOver) {
  BringToAcceptance();
  Do("record_death { petitioner_id: 'p1' died_at_ms: " + std::to_string(kMonday) + " proof_sha256: '" + kScan + "' }",
     Clerk());
  Upload(kScan);
  Do("terminate { proof_sha256: '" + kOther + "' }", Office());
  EXPECT_EQ(Closing("原件在公安机关存档"), "FILE_PAPER_AWAITED");
  Upload(kOther);
  EXPECT_EQ(Closing(), "");
}

}  // namespace
}  // namespace petition
