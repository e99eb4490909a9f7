// What the gateway offers is what the descriptors say; what they do not say stops it.
#include "gateway/catalog.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <gtest/gtest.h>

#include <string>

#include "echo.pb.h"
#include "google/api/annotations.pb.h"

namespace gateway {
namespace {

std::unique_ptr<Catalog> Echo() {
  auto catalog = Catalog::FromFiles({echo::v1::Note::descriptor()->file()});
  EXPECT_TRUE(catalog.ok()) << catalog.status();
  return *std::move(catalog);
}

// The echo interface as a descriptor set, changed by `edit`.
template <class F>
std::string Edited(F edit) {
  google::protobuf::FileDescriptorSet set;
  std::set<std::string> seen;
  const std::function<void(const google::protobuf::FileDescriptor*)> add =
      [&](const google::protobuf::FileDescriptor* file) {
        if (!seen.insert(file->name()).second) return;
        for (int i = 0; i < file->dependency_count(); ++i) add(file->dependency(i));
        file->CopyTo(set.add_file());
      };
  add(echo::v1::Note::descriptor()->file());
  edit(set.mutable_file(set.file_size() - 1)->mutable_service(0));
  return set.SerializeAsString();
}

std::string ErrorOf(const std::string& set) {
  const auto catalog = Catalog::FromDescriptorSet(set);
  return catalog.ok() ? "" : catalog.status().ToString();
}

TEST(Types, AreTheLibrarysTheFirstTimeAndEveryTime) {
  const auto catalog = Echo();
  const std::unique_ptr<google::protobuf::util::TypeResolver> library(
      google::protobuf::util::NewTypeResolverForDescriptorPool("type.googleapis.com", &catalog->pool()));
  const std::string note = "type.googleapis.com/echo.v1.Note";
  google::protobuf::Type expected, first, again;
  ASSERT_TRUE(library->ResolveMessageType(note, &expected).ok());
  ASSERT_TRUE(catalog->types()->ResolveMessageType(note, &first).ok());
  ASSERT_TRUE(catalog->types()->ResolveMessageType(note, &again).ok());
  EXPECT_EQ(first.SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(again.SerializeAsString(), expected.SerializeAsString());
  EXPECT_FALSE(catalog->types()->ResolveMessageType("type.googleapis.com/echo.v1.Nothing", &first).ok());
  EXPECT_FALSE(catalog->types()->ResolveEnumType("type.googleapis.com/echo.v1.Note", nullptr).ok());
}

TEST(Catalog, KnowsEveryMethodOfPeopleWithItsRules) {
  const auto catalog = Echo();
  EXPECT_EQ(catalog->methods().size(), 13u) << "the method of processes is left out";
  EXPECT_EQ(catalog->FindRpc("/echo.v1.Notes/Rebuild"), nullptr);
  const Method* write = catalog->FindRpc("/echo.v1.Notes/WriteNote");
  ASSERT_NE(write, nullptr);
  EXPECT_EQ(write->rate_class, "write");
  EXPECT_EQ(write->access.role_size(), 2);
  EXPECT_NE(write->request_id, nullptr);
  EXPECT_EQ(write->expected_version, nullptr);
  EXPECT_NE(write->version, nullptr);
  const Method* get = catalog->FindRpc("/echo.v1.Notes/GetNote");
  EXPECT_TRUE(get->no_side_effects);
  EXPECT_EQ(get->rate_class, "read");
  EXPECT_EQ(catalog->FindRpc("/echo.v1.Notes/ListNotes")->rate_class, "list");
  EXPECT_TRUE(catalog->HasService("echo.v1.Notes"));
}

TEST(Catalog, CanBeMadeFromADescriptorSet) {
  const auto catalog = Catalog::FromDescriptorSet(Edited([](auto*) {}));
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  const Method* write = (*catalog)->FindRpc("/echo.v1.Notes/WriteNote");
  ASSERT_NE(write, nullptr);
  EXPECT_EQ(write->access.role_size(), 2);
  EXPECT_EQ((*catalog)->RuleOf(write->descriptor->input_type()->FindFieldByName("text"))->max_length(), 20u);
}

TEST(Catalog, RefusesAMethodWithoutAnAccessRule) {
  const std::string error = ErrorOf(Edited([](auto* service) {
    service->mutable_method(1)->mutable_options()->ClearExtension(kernel::v1::access);
  }));
  EXPECT_NE(error.find("echo.v1.Notes.ListNotes"), std::string::npos) << error;
  EXPECT_NE(error.find("access rule"), std::string::npos);
}

TEST(Catalog, RefusesAMethodOfPeopleWithoutABinding) {
  const std::string error = ErrorOf(Edited([](auto* service) {
    service->mutable_method(2)->mutable_options()->ClearExtension(google::api::http);
  }));
  EXPECT_NE(error.find("echo.v1.Notes.WriteNote"), std::string::npos) << error;
  EXPECT_NE(error.find("binding"), std::string::npos);
}

TEST(Catalog, RefusesAnAmbiguousPath) {
  const std::string error = ErrorOf(Edited([](auto* service) {
    service->mutable_method(1)
        ->mutable_options()
        ->MutableExtension(google::api::http)
        ->set_get("/v1/notes/{page_token}");
  }));
  EXPECT_NE(error.find("already bound"), std::string::npos) << error;
}

TEST(Catalog, RefusesBindingsThatDoNotFitTheRequest) {
  const auto with = [](auto set) {
    return ErrorOf(Edited([&](auto* service) {
      set(service->mutable_method(1)->mutable_options()->MutableExtension(google::api::http));
    }));
  };
  EXPECT_NE(with([](auto* http) { http->set_get("/v1/x/{nothing}"); }).find("no field nothing"),
            std::string::npos);
  EXPECT_NE(with([](auto* http) { http->set_get("/v1/x/{window}"); }).find("is a message"),
            std::string::npos);
  EXPECT_NE(with([](auto* http) { http->set_get("/v1/x/{colour}"); }).find("is repeated"), std::string::npos);
  EXPECT_NE(with([](auto* http) { http->set_get("v1"); }).find("slash"), std::string::npos);
  EXPECT_NE(with([](auto* http) { http->set_body("*"); }).find("has no body"), std::string::npos);
  EXPECT_NE(with([](auto* http) { http->set_response_body("next_page_token"); }).find("response_body"),
            std::string::npos);
  EXPECT_NE(with([](auto* http) { http->clear_get(); }).find("names no get"), std::string::npos);
}

TEST(Catalog, RefusesAccessRulesThatLetNobodyInOrNameNoScope) {
  const auto with = [](auto set) {
    return ErrorOf(Edited([&](auto* service) {
      set(service->mutable_method(1)->mutable_options()->MutableExtension(kernel::v1::access));
    }));
  };
  EXPECT_NE(with([](auto* access) { access->clear_signed_in(); }).find("nobody"), std::string::npos);
  EXPECT_NE(with([](auto* access) { access->clear_scope(); }).find("scope"), std::string::npos);
  EXPECT_NE(with([](auto* access) { access->clear_audit(); }).find("audit"), std::string::npos);
}

TEST(Catalog, RefusesRubbish) { EXPECT_FALSE(Catalog::FromDescriptorSet("rubbish").ok()); }

}  // namespace
}  // namespace gateway
