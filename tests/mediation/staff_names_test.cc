// Whose names a paper of a case carries, and how the directory is asked for them. spec: M24
#include "services/mediation/staff_names.h"

#include <algorithm>
#include <vector>

#include "common/v1/names.pb.h"
#include "services/rpc/errors.h"
#include "tests/mediation/document_world.h"

namespace mediation {
namespace {

// spec: M7 M8 M24
TEST_F(DocumentsTest, NamesWhoeverMediatedOrDidSomethingInTheCase) {
  BringToSession();
  Do("request_recusal { party_id: 'p2' mediator_user_id: 'md1' ground: KINSHIP }", Resident("ub"));
  Do("replace_mediator { chair_user_id: 'md2' other_user_id: 'md3' recusal_checked: true reason: '当事人申请回避' }",
     Chair());
  const auto staff = StaffIn(Facts());
  for (const char* user : {"md1", "md2", "md3", "mr1", "mc1"}) EXPECT_TRUE(staff.contains(user)) << user;
  EXPECT_FALSE(staff.contains("")) << "what the platform did";
}

class StaffNamesTest : public ::testing::Test {
 protected:
  StaffNamesTest()
      : names_([this](const std::string& service, const std::string& path, const google::protobuf::Message& request,
                      google::protobuf::Message* response, const rpc::CallSettings& settings) {
          EXPECT_EQ(service + path, "directory/directory.v1.Directory/NamesOf");
          EXPECT_EQ(settings.token, "the asker's");
          rpc::CallResult result;
          if (!up_) {
            result.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "down");
            return result;
          }
          const auto& asked = static_cast<const common::v1::NamesOfRequest&>(request);
          asked_.push_back(asked.user_id_size());
          for (const std::string& id : asked.user_id()) {
            if (id.starts_with("resident")) continue;  // whom the directory does not name
            auto* one = static_cast<common::v1::NamesOfResponse*>(response)->add_staff();
            one->set_user_id(id);
            one->set_name("姓名" + id);
          }
          return result;
        }) {
    caller_.token = "the asker's";
  }

  bool up_ = true;
  std::vector<int> asked_;
  rpc::Caller caller_;
  StaffNames names_;
};

TEST_F(StaffNamesTest, AreAskedWithTheAskersOwnTokenInPortions) {
  std::set<std::string> users{"resident-1"};
  for (int i = 0; i < 120; ++i) users.insert("u" + std::to_string(i));
  const auto names = names_.Of(caller_, users);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_EQ(names->size(), 120u);
  EXPECT_EQ(names->at("u7"), "姓名u7");
  EXPECT_EQ(asked_, (std::vector<int>{50, 50, 21}));
}

// A paper without the names it should have is not to be had.
TEST_F(StaffNamesTest, ThatCannotBeAskedAreSaidToBeMissing) {
  up_ = false;
  const auto names = names_.Of(caller_, {"u1"});
  ASSERT_FALSE(names.ok());
  const auto failure = rpc::FailureOf(rpc::Answer(names.status()));
  EXPECT_EQ(failure.detail.reason(), "NAMES_UNAVAILABLE");
  EXPECT_EQ(failure.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(names_.Of(caller_, {}).ok()) << "nobody is named";
}

}  // namespace
}  // namespace mediation
