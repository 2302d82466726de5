// Allure 3 configuration for the results of `pytest --wslgo --alluredir=DIR` (Node 22 or newer for the quality gate).
//
//   python -m pytest_wslgo allure-config > allurerc.mjs
//   WSLGO_ALLURE_RESULTS=DIR npx allure generate -c allurerc.mjs DIR
//   WSLGO_ALLURE_RESULTS=DIR npx allure quality-gate -c allurerc.mjs DIR
//
// Allure's own rules know neither skipped nor missing tests: a run in which every check skipped itself passes them. The
// two rules below hold every claim that the profile requires against what is in the results.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { qualityGateDefaultRules } from "allure/rules";

const results = process.env.WSLGO_ALLURE_RESULTS ?? "allure-results";
const manifest = join(results, "wslgo-required.json");
const required = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).required : null;
const values = (result, name) => result.labels.filter((label) => label.name === name).map((label) => label.value);
const JUDGED = ["passed", "failed", "broken"];

const requiredPresent = {
  rule: "requiredPresent",
  message: ({ actual }) => `claims that the profile requires have no result: ${actual.slice(0, 20).join(", ")}`,
  validate: async ({ trs }) => {
    const seen = new Set(trs.flatMap((tr) => values(tr, "claim").flatMap((claim) => values(tr, "host").map((host) => `${claim} on ${host}`))));
    const wanted = required === null ? [`every claim, for ${manifest} is not there`] : required.map((one) => `${one.claim} on ${one.host}`);
    const actual = wanted.filter((one) => !seen.has(one));
    return { success: actual.length === 0, actual, testResults: [] };
  },
};

const requiredJudged = {
  rule: "requiredJudged",
  message: ({ actual }) => `claims that the profile requires were not judged: ${actual.slice(0, 20).join(", ")}`,
  validate: async ({ trs }) => {
    const bad = trs.filter(
      (tr) => values(tr, "required").includes("true") && !values(tr, "verdict").includes("not-applicable") && !JUDGED.includes(tr.status),
    );
    const actual = bad.map((tr) => `${values(tr, "claim").join(", ")} on ${values(tr, "host")} (${tr.status})`);
    return { success: actual.length === 0, actual, testResults: bad.map((tr) => tr.id) };
  },
};

export default {
  name: "pytest --wslgo",
  plugins: {
    awesome: { options: { singleFile: true, reportName: "pytest --wslgo", groupBy: ["feature", "story"] } },
  },
  qualityGate: {
    use: [...qualityGateDefaultRules, requiredPresent, requiredJudged],
    rules: [
      { id: "required", requiredPresent: true, requiredJudged: true },
      { id: "nothing refuted", maxFailures: 0, filter: (tr) => !values(tr, "severity").includes("minor") },
      { id: "something judged", minTestsCount: 1 },
    ],
  },
};
