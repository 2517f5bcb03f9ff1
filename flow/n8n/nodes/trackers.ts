import type { Json, JsonObject } from "../../item";
import type { Source } from "../source";
import { type Call, chosen, given, listed, read, serviceMapping, write } from "./actions";

/** Jira's own fields from those of n8n's form. */
function jiraFields(source: Source, prefix: string): JsonObject {
  const at = (name: string): string => `${prefix}.${name}`;
  const id = (name: string): JsonObject | undefined => {
    const value = chosen(source, at(name));
    return value === "" ? undefined : { id: value };
  };
  const [assignee, reporter, priority] = [id("assignee"), id("reporter"), id("priority")];
  const components = source.get(at("componentIds"));
  const parent = source.text(at("parentIssueKey"));
  const custom = source
    .list(at("customFieldsUi.customFieldsValues"))
    .map(({ fieldId, fieldValue }): [string, Json] => [customId(fieldId), fieldValue ?? ""]);
  return {
    ...given(source, { [at("description")]: "description", [at("labels")]: "labels", [at("serverLabels")]: "labels" }),
    ...(assignee && { assignee }),
    ...(reporter && { reporter }),
    ...(priority && { priority }),
    ...(Array.isArray(components) && components.length > 0 && { components: components.map((each): JsonObject => ({ id: each })) }),
    ...(parent !== "" && { parent: { key: parent } }),
    ...Object.fromEntries(custom.filter(([name]) => name !== "")),
  };
}

const customId = (value: Json | undefined): string =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? customId(value.value) : String(value ?? "");

const issue = { issueKey: "issue" };

const jiraCalls: Record<string, (source: Source) => Call | string> = {
  "issue:create": (source) =>
    write("create-issue-with-fields", {
      fields: {
        project: { id: chosen(source, "project") },
        issuetype: { id: chosen(source, "issueType") },
        summary: source.text("summary"),
        ...jiraFields(source, "additionalFields"),
      },
    }),
  "issue:update": (source) => {
    const type = source.text("updateFields.issueType");
    const fields = {
      ...given(source, { "updateFields.summary": "summary" }),
      ...(type !== "" && { issuetype: { id: type } }),
      ...jiraFields(source, "updateFields"),
    };
    return write("update-issue-fields", { ...given(source, issue), fields });
  },
  "issue:get": (source) => {
    if (source.fixedFlag("simplifyOutput")) source.missing("simplifyOutput", "the fields keep their own names");
    const options = given(source, { "additionalFields.fields": "fields", "additionalFields.expand": "expand" });
    return read("get-issue", { ...given(source, issue), ...options });
  },
  "issue:getAll": (source) => {
    const expand = source.get("options.expand");
    const jql = source.text("options.jql") || 'created >= "1970-01-01"';
    const fields = source.text("options.fields", "*navigable");
    const more = Array.isArray(expand) ? { expand: expand.join(",") } : given(source, { "options.expand": "expand" });
    return listed(source, "search-issues", { name: "maxResults", most: 100, inputs: { jql, fields, ...more } });
  },
  "issue:delete": (source) => write("delete-issue", given(source, { ...issue, deleteSubtasks: "deleteSubtasks" })),
  "issue:changelog": (source) => listed(source, "get-changelog", { name: "maxResults", most: 100, inputs: given(source, issue) }),
  "issue:transitions": (source) =>
    read(
      "list-transitions",
      given(source, { ...issue, "additionalFields.expand": "expand", "additionalFields.transitionId": "transitionId" }),
    ),
  "issueAttachment:add": (source) => write("add-attachment", { ...given(source, issue), file: source.text("binaryPropertyName", "data") }),
  "issueComment:add": (source) => comment(source, "add-comment", issue),
  "issueComment:update": (source) => comment(source, "update-comment", { ...issue, commentId: "id" }),
  "issueComment:get": (source) => read("get-comment", given(source, { ...issue, commentId: "id", "options.expand": "expand" })),
  "issueComment:getAll": (source) =>
    listed(source, "list-comments", {
      name: "maxResults",
      most: 100,
      inputs: given(source, { ...issue, "options.expand": "expand", "options.orderBy": "orderBy" }),
    }),
  "issueComment:remove": (source) => write("delete-comment", given(source, { ...issue, commentId: "id" })),
  "user:get": (source) => read("get-user", given(source, { accountId: "accountId" })),
};

function comment(source: Source, action: string, names: Record<string, string>): Call | string {
  source.ignore("options.wikiMarkup", "options.expand");
  if (source.fixedFlag("jsonParameters")) return "comments with a document, which has no counterpart";
  return write(action, { ...given(source, names), body: source.text("comment") });
}

const jiraService = serviceMapping({
  tool: "jira",
  auth: "basic",
  resource: "issue",
  operation: { issue: "create", issueAttachment: "add", issueComment: "add", user: "create" },
  calls: jiraCalls,
});

/** Jira Cloud; servers of one's own have another API for searches. */
export const jira: typeof jiraService = (source) => {
  const version = source.text("jiraVersion", "cloud");
  if (version === "cloud") return jiraService(source);
  return { type: "no-op", parameters: {}, placeholder: `is for another kind of Jira (${version}) than the cloud with an API token` };
};

const linearFields = (source: Source, prefix: string): JsonObject =>
  given(
    source,
    Object.fromEntries(
      [
        ["assigneeId", "assigneeId"],
        ["description", "description"],
        ["priorityId", "priority"],
        ["stateId", "stateId"],
        ["teamId", "teamId"],
        ["title", "title"],
      ].map(([theirs, ours]) => [`${prefix}.${theirs}`, ours ?? ""]),
    ),
  );

export const linear = serviceMapping({
  tool: "linear",
  auth: "apiKey",
  resource: "issue",
  operation: { issue: "create", comment: "addComment" },
  calls: {
    "comment:addComment": (source) =>
      write("create-comment", given(source, { issueId: "issueId", comment: "body", "additionalFields.parentId": "parentId" })),
    "issue:addLink": (source) => write("add-link", given(source, { issueId: "issueId", link: "url" })),
    "issue:create": (source) =>
      write("create-issue", { ...given(source, { teamId: "teamId", title: "title" }), ...linearFields(source, "additionalFields") }),
    "issue:delete": (source) => write("delete-issue", given(source, { issueId: "id" })),
    "issue:get": (source) => read("get-issue", given(source, { issueId: "id" })),
    "issue:getAll": (source) => listed(source, "list-issues", { name: "first", most: 250 }),
    "issue:update": (source) => write("update-issue", { ...given(source, { issueId: "id" }), ...linearFields(source, "updateFields") }),
  },
});
