import type { Json } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listed, listing, located, parsedJson, reads, serviceNode, writes } from "./action-node";

const repository = (source: Source) => ({
  owner: located(source, "owner", /github\.com\/([^/?#]+)/),
  repo: located(source, "repository", /github\.com\/[^/]+\/([^/?#]+)/),
});
const issue = (source: Source) => ({ ...repository(source), issue_number: given(source, "issueNumber") });
const workflow = (source: Source) => ({ ...repository(source), workflow_id: located(source, "workflowId") });
const pull = (source: Source) => ({ ...repository(source), pull_number: given(source, "pullRequestNumber") });

/** Lists of objects with one field each, as forms there keep them. */
function named(source: Source, path: string, name: string): Json | undefined {
  const value = source.get(path);
  if (!Array.isArray(value)) return undefined;
  const texts = value.flatMap((entry) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry) ? [entry[name] ?? ""] : [entry],
  );
  return texts.length > 0 ? texts : undefined;
}

const fields = (source: Source, path: string, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, given(source, `${path}.${name}`)]));

const pages = (source: Source) => listing(source, "per_page", 100);

function file(source: Source) {
  for (const each of ["author", "committer"]) {
    if (source.has(`additionalParameters.${each}`)) source.missing(`additionalParameters.${each}`, "the credential's user is named");
  }
  return {
    ...repository(source),
    path: given(source, "filePath"),
    message: given(source, "commitMessage"),
    branch: given(source, "additionalParameters.branch.branch"),
  };
}

const NEEDS_SHA = "changes a file without naming what it replaces, which has no counterpart: get the file first";
const BINARY = "sends a file of the item, which has no counterpart";

/** GitHub 1–1.1. */
export const github: NodeMapping = serviceNode(
  { key: "github", auth: "oauth2" },
  {
    "issue:create": (source) =>
      writes("create-issue", {
        ...repository(source),
        title: given(source, "title"),
        body: given(source, "body"),
        labels: named(source, "labels", "label"),
        assignees: named(source, "assignees", "assignee"),
      }),
    "issue:createComment": (source) => writes("create-comment", { ...issue(source), body: given(source, "body") }),
    "issue:edit": (source) =>
      writes("update-issue", {
        ...issue(source),
        ...fields(source, "editFields", "title", "body", "state", "state_reason"),
        labels: named(source, "editFields.labels", "label"),
        assignees: named(source, "editFields.assignees", "assignee"),
      }),
    "issue:get": (source) => reads("get-issue", issue(source)),
    "issue:lock": (source) => writes("lock-issue", { ...issue(source), lock_reason: source.text("lockReason", "resolved") }),
    "pullRequest:create": (source) =>
      writes("create-pull-request", { ...repository(source), ...source.same("", "base", "head", "title", "body", "draft") }),
    "pullRequest:get": (source) => reads("get-pull-request", pull(source)),
    "pullRequest:createComment": (source) =>
      writes("create-comment", {
        ...repository(source),
        issue_number: given(source, "pullRequestNumber"),
        body: given(source, "body"),
      }),
    "pullRequest:merge": (source) =>
      writes("merge-pull-request", {
        ...pull(source),
        merge_method: source.text("mergeMethod", "merge"),
        commit_title: given(source, "commitTitle"),
        commit_message: given(source, "commitMessage"),
      }),
    "review:getAll": (source) => {
      const { inputs, parameters } = pages(source);
      return reads("list-reviews", { ...pull(source), ...inputs }, parameters);
    },
    "review:create": (source) =>
      writes("create-review", {
        ...pull(source),
        event: source.option("event", { approve: "APPROVE", requestChanges: "REQUEST_CHANGES", comment: "COMMENT" }, "approve"),
        body: given(source, "body"),
        commit_id: given(source, "additionalFields.commitId"),
      }),
    "file:get": (source) => {
      source.ignore("binaryPropertyName");
      if (source.fixedFlag("asBinaryProperty", true))
        source.changed("asBinaryProperty", "the content is base64 in the field content, not a file");
      return reads("get-file", {
        ...repository(source),
        path: given(source, "filePath"),
        ref: given(source, "additionalParameters.reference"),
      });
    },
    "file:list": (source) => {
      const path = given(source, "filePath");
      return path === undefined || path === ""
        ? "lists the root of a repository, which has no counterpart"
        : reads("get-file", { ...repository(source), path });
    },
    "file:create": (source) =>
      source.fixedFlag("binaryData") ? BINARY : writes("create-file", { ...file(source), content: given(source, "fileContent") }),
    "file:edit": () => NEEDS_SHA,
    "file:delete": () => NEEDS_SHA,
    "release:create": (source) =>
      writes("create-release", {
        ...repository(source),
        tag_name: given(source, "releaseTag"),
        ...fields(source, "additionalFields", "name", "body", "draft", "prerelease", "target_commitish"),
      }),
    "release:get": (source) => reads("get-release", { ...repository(source), release_id: given(source, "release_id") }),
    "release:delete": (source) => writes("delete-release", { ...repository(source), release_id: given(source, "release_id") }),
    "release:update": (source) =>
      writes("update-release", {
        ...repository(source),
        release_id: given(source, "release_id"),
        ...fields(source, "additionalFields", "tag_name", "name", "body", "draft", "prerelease", "target_commitish"),
      }),
    "release:getAll": (source) => {
      const { inputs, parameters } = pages(source);
      return reads("list-releases", { ...repository(source), ...inputs }, parameters);
    },
    "repository:get": (source) => reads("get-repository", repository(source)),
    "repository:getIssues": (source) => {
      const { inputs, parameters } = pages(source);
      const path = "getRepositoryIssuesFilters";
      const filters = fields(source, path, "assignee", "creator", "mentioned", "since", "state", "sort", "direction");
      return reads("list-issues", { ...repository(source), ...filters, labels: listed(source, `${path}.labels`), ...inputs }, parameters);
    },
    "repository:getPullRequests": (source) => {
      const { inputs, parameters } = pages(source);
      const filters = fields(source, "getRepositoryPullRequestsFilters", "state", "sort", "direction");
      return reads("list-pull-requests", { ...repository(source), ...filters, ...inputs }, parameters);
    },
    "organization:getRepositories": (source) => {
      const { inputs, parameters } = pages(source);
      return reads("list-organization-repositories", { org: repository(source).owner, ...inputs }, parameters);
    },
    "user:getRepositories": (source) => {
      source.ignore("repository");
      return reads("list-user-repositories", { username: repository(source).owner, per_page: 100 }, { returnAll: true });
    },
    "workflow:list": (source) => {
      const { inputs, parameters } = pages(source);
      return reads("list-workflows", { ...repository(source), ...inputs }, parameters);
    },
    "workflow:get": (source) => reads("get-workflow", workflow(source)),
    "workflow:enable": (source) => writes("enable-workflow", workflow(source)),
    "workflow:disable": (source) => writes("disable-workflow", workflow(source)),
    "workflow:dispatch": (source) =>
      writes("dispatch-workflow", {
        ...repository(source),
        workflow_id: located(source, "workflowId"),
        ref: located(source, "ref") ?? "main",
        inputs: parsedJson(source, "inputs"),
      }),
  },
  {
    resource: "issue",
    operation: {
      issue: "create",
      file: "create",
      organization: "getRepositories",
      pullRequest: "create",
      release: "create",
      repository: "getIssues",
      review: "create",
      user: "getRepositories",
      workflow: "dispatch",
    },
  },
);
