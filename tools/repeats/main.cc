// fengqiao-repeats CASES.jsonl [POLICY_FOLDER]: precision and recall of the policy's figure for petitions that tell of
// the same matter, on labelled pairs out of a file of cases (pairs.h says of what form); and of the figure that one
// half of the cases would choose, measured on the other. For whoever sets that figure.
#include <cstdio>
#include <filesystem>
#include <map>

#include "services/reference/policy_files.h"
#include "tools/repeats/pairs.h"

namespace {

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

void Print(const std::vector<repeats::Pair>& pairs, int figure) {
  std::map<std::string, std::pair<int, int>> kinds;  // shown, of
  for (const auto& pair : pairs) {
    auto& [shown, of] = kinds[pair.kind];
    shown += pair.permille >= figure ? 1 : 0;
    ++of;
  }
  for (const auto& [kind, counts] : kinds) {
    std::printf("%-9s %3d of %3d shown as the same\n", kind.c_str(), counts.first, counts.second);
  }
  std::printf("\npermille  precision  recall\n");
  for (int at = figure / 2; at <= figure * 2; at += std::max(1, figure / 8)) {
    const auto quality = repeats::At(pairs, at);
    std::printf("%8d  %9.3f  %6.3f%s\n", at, quality.precision(), quality.recall(),
                at == figure ? "   <- policy" : "");
  }
}

// What is chosen on one half and measured on the other, both ways.
void PrintHalves(const std::vector<repeats::Pair>& pairs) {
  std::printf("\n%-42s permille  precision  recall  pairs\n", "by halves of the cases");
  for (const int half : {1, 2}) {
    const int figure = repeats::ChooseFigure(repeats::HalfOf(pairs, half));
    for (const int on : {half, 3 - half}) {
      const auto measured = repeats::HalfOf(pairs, on);
      const auto quality = repeats::At(measured, figure);
      std::printf("chosen on half %d, measured on half %d%s %8d  %9.3f  %6.3f  %5zu\n", half, on,
                  on == half ? " (the same)" : "           ", figure, quality.precision(), quality.recall(),
                  measured.size());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: fengqiao-repeats CASES.jsonl [POLICY_FOLDER]\n");
    return 2;
  }
  const auto policies = reference::ReadPolicyFolder(argc > 2 ? argv[2] : "policy");
  if (!policies.ok()) return Complain(policies.status());
  auto cases = repeats::ReadCases(argv[1]);
  if (!cases.ok()) return Complain(cases.status());
  const size_t read = cases->size();
  const auto kept = repeats::WithoutDoubles(*std::move(cases));
  std::string folder = (std::filesystem::temp_directory_path() / "fengqiao-repeats-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return Complain(absl::UnavailableError("cannot make a temporary folder"));
  const auto pairs = repeats::Measure(kept, folder + "/index");
  std::filesystem::remove_all(folder);
  if (!pairs.ok()) return Complain(pairs.status());
  std::printf("%zu cases, %zu of them once; %zu pairs\n", read, kept.size(), pairs->size());
  Print(*pairs, policies->policies.petition().same_matter_permille());
  PrintHalves(*pairs);
  return 0;
}
