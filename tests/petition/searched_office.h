#pragma once
// A petition office whose petitions can be searched: the real engine, a vault, an index in a temporary folder.

#include <google/protobuf/text_format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/petition/queries.h"
#include "services/petition/searched.h"
#include "services/rpc/id_source.h"
#include "tests/petition/petition_world.h"
#include "tests/support/driven.h"
#include "tests/support/mem_kv.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_sealer.h"

namespace petition {

struct Told {
  std::string request = "请求支付工资";
  std::string facts = "在工地干活至今没有拿到钱";
  std::string name = "张三";
  std::string phone = "13812345678";
  std::string id_number = "";
  std::string respondent = "";
  std::string more = "";  // of the request, in text format
  std::string type = "REQUEST";
  std::string area = "371403001002";
};

class SearchedOffice {
 public:
  SearchedOffice()
      : desk(kMonday, City(), &sealer),
        vault(rpc::CipherProfile::kAesGcm, std::string(32, 'm')),
        terms(std::make_shared<search::Terms>(std::string(32, 'k'))) {
    auto opened = PetitionSearch::Open({folder / "search", terms, &desk.log(), [this] { return desk.Read(); },
                                        Describe(terms, &vault, &kept), nullptr});
    EXPECT_TRUE(opened.ok()) << opened.status();
    search = *std::move(opened);
  }

  void Register(const std::string& id, const Told& told, const Actor& by = Clerk()) {
    v1::Command command;
    const std::string text = "register { area_code: '" + told.area + "' content_code: 'Q05' type: " + told.type +
                             " channel: LETTER " + told.more + " }";
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &command)) << text;
    auto* request = command.mutable_register_();
    auto* content = request->mutable_content();
    content->set_request(told.request);
    content->set_facts(told.facts);
    content->set_respondent(told.respondent);
    auto* person = request->add_petitioner()->mutable_person();
    person->set_name(told.name);
    person->set_phone(told.phone);
    person->set_id_number(told.id_number);
    person->set_address("村里");
    std::vector<storage::Batch::Op> ops;
    ASSERT_TRUE(vault.Seal(kept, id, desk.clock().NowMs(), ids, request, &ops).ok());
    storage::Batch batch;
    for (const auto& op : ops) batch.Put(op.space, op.key, *op.value);
    ASSERT_TRUE(kept.Commit(batch, storage::Durability::kSynced).ok());
    const auto outcome = desk.Do(id, std::move(command), by);
    ASSERT_FALSE(outcome.refusal) << outcome.refusal->reason;
  }
  void Do(const std::string& id, const std::string& command, const Actor& actor) {
    const auto outcome = desk.Do(id, command, actor);
    ASSERT_FALSE(outcome.refusal) << command << outcome.refusal->reason;
  }
  void CatchUp() {
    while (true) {
      const auto more = search->follower().Step();
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) return;
    }
  }
  rpc::Caller As(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = desk.clock().NowMs();
    caller.note = &note;
    return caller;
  }
  Queries Query() {
    return Queries({[this] { return desk.Read(); }, &vault, &kept, nullptr, nullptr, search.get()});
  }
  v1::SearchPetitionsResponse Search(const Actor& who, const std::string& text) {
    v1::SearchPetitionsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    v1::SearchPetitionsResponse response;
    EXPECT_TRUE(Query().SearchPetitions(As(who), request, &response).ok()) << text;
    return response;
  }
  std::vector<std::string> Found(const Actor& who, const std::string& text) {
    std::vector<std::string> found;
    const auto response = Search(who, text);
    for (const auto& line : response.line()) found.push_back(line.id());
    return found;
  }
  v1::FindRepeatsResponse Repeats(const std::string& id, const Actor& who = Clerk()) {
    CatchUp();
    v1::FindRepeatsRequest request;
    request.set_id(id);
    v1::FindRepeatsResponse response;
    EXPECT_TRUE(Query().FindRepeats(As(who), request, &response).ok());
    return response;
  }

  tests::TempDir folder;
  tests::TestSealer sealer;
  tests::Driven<PetitionDomain> desk;
  rpc::Vault vault;
  tests::MemKv kept;
  rpc::IdSource ids{base::Random(7)};
  std::shared_ptr<const search::Terms> terms;
  std::unique_ptr<PetitionSearch> search;
  rpc::AuditNote note;
};

}  // namespace petition
