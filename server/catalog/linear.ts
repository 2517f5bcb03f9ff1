import type { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineTool } from "@/flow/tools/define-tool";
import type { actionSchema } from "@/flow/tools/schema";
import { fromInputs, limit, longText, number, object, required, text, texts, url } from "./inputs";

type ActionSource = z.input<typeof actionSchema>;

const ISSUE =
  "id identifier title description priority priorityLabel estimate dueDate url createdAt updatedAt completedAt " +
  "team { id key name } state { id name type } assignee { id name email } creator { id name } project { id name } labels { nodes { id name } }";

/** A GraphQL document with variables, of which those that were not given are left out. */
const graphql = (query: string, variables: NonNullable<ActionSource["body"]> = {}) =>
  ({ method: "POST", endpoint: "/graphql", bodyType: "json", body: { query, variables } }) as const;

const listing = (field: string, { filter, fields }: { filter: string; fields: string }) => ({
  ...graphql(
    `query ($first: Int, $after: String, $filter: ${filter}) { ${field}(first: $first, after: $after, filter: $filter) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
    fromInputs("first", "after", "filter"),
  ),
  effect: "read" as const,
  response: { items: `data.${field}.nodes` },
  pagination: {
    type: "cursor" as const,
    path: `data.${field}.pageInfo.endCursor`,
    more: `data.${field}.pageInfo.hasNextPage`,
    in: "body" as const,
    name: "variables.after",
  },
});
const pages = [limit("first", 250, { default: 50 }), text("after", "After", "endCursor of the answer before.")];
const filter = (example: string) => object("filter", "Filter", `In Linear's own form: ${example}.`);

const issue = required(text("id", "Issue", "Id, or identifier such as ENG-12."));
const fields = [
  longText("description", "Description", "Markdown."),
  text("assigneeId", "Assignee", "Id of a person."),
  text("stateId", "State", "Id of a state of the team's workflow."),
  number("priority", "Priority", { description: "0 none, 1 urgent, 2 high, 3 normal, 4 low.", validation: { min: 0, max: 4 } }),
  texts("labelIds", "Labels", "Ids of labels."),
  text("projectId", "Project", "Id of a project."),
  text("cycleId", "Cycle", "Id of a cycle."),
  text("parentId", "Parent", "Id of the issue of which this is a part."),
  number("estimate", "Estimate"),
  text("dueDate", "Due", { description: "2026-12-24", validation: { pattern: "^\\d{4}-\\d{2}-\\d{2}$" } }),
];
const names = fields.map(({ name }) => name);

const issueSample = {
  id: "9cfb482a-81e3-4154-b5b9-2c805e70a02d",
  identifier: "ENG-123",
  title: "Fix the login page",
  description: "It does not load.",
  priority: 2,
  priorityLabel: "High",
  estimate: null,
  dueDate: null,
  url: "https://linear.app/acme/issue/ENG-123/fix-the-login-page",
  createdAt: "2026-01-08T11:02:14.000Z",
  updatedAt: "2026-01-08T11:02:14.000Z",
  completedAt: null,
  team: { id: "a70bdf0f-530a-4887-857d-46151b52b47c", key: "ENG", name: "Engineering" },
  state: { id: "c02edc9a-3aba-40fc-8b15-2a1d3a1a2c2b", name: "Todo", type: "unstarted" },
  assignee: null,
  creator: { id: "5e84aa1c-b0ff-4c5a-9c2e-2f7b1a8a6d55", name: "Ada" },
  project: null,
  labels: { nodes: [] },
};
const page = (field: string, node: JsonObject) => ({
  data: { [field]: { nodes: [node], pageInfo: { hasNextPage: false, endCursor: null } } },
});
const userSample = { id: "5e84aa1c-b0ff-4c5a-9c2e-2f7b1a8a6d55", name: "Ada", displayName: "ada", email: "ada@example.com", active: true };
const commentSample = {
  id: "1d4b6b0e-7b0c-4e0e-8a9a-0a8c5b8f8e11",
  body: "Done.",
  createdAt: "2026-01-08T11:02:14.000Z",
  url: "https://linear.app/…",
};

export const linear = defineTool({
  key: "linear",
  name: "Linear",
  description: "Issues, comments, projects and teams, with a personal API key.",
  icon: "list-todo",
  baseUrl: "https://api.linear.app",
  auth: { type: "apiKey", in: "header", name: "Authorization" },
  failure: {
    path: "errors",
    message: ["errors.0.extensions.userPresentableMessage", "errors.0.message"],
  },
  test: { action: "get-viewer" },
  actions: [
    {
      key: "create-issue",
      name: "Create an issue",
      group: "Issues",
      inputSchema: [required(text("teamId", "Team", "Id of a team.")), required(text("title", "Title")), ...fields],
      ...graphql(`mutation ($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { ${ISSUE} } } }`, {
        input: fromInputs("teamId", "title", ...names),
      }),
      response: { items: "data.issueCreate.issue" },
      sample: { data: { issueCreate: { success: true, issue: issueSample } } },
    },
    {
      key: "get-issue",
      name: "Get an issue",
      group: "Issues",
      inputSchema: [issue],
      ...graphql(`query ($id: String!) { issue(id: $id) { ${ISSUE} } }`, fromInputs("id")),
      effect: "read",
      response: { items: "data.issue" },
      sample: { data: { issue: issueSample } },
    },
    {
      key: "list-issues",
      name: "List issues",
      group: "Issues",
      inputSchema: [...pages, filter('{"team": {"key": {"eq": "ENG"}}, "state": {"type": {"neq": "completed"}}}')],
      ...listing("issues", { filter: "IssueFilter", fields: ISSUE }),
      sample: page("issues", issueSample),
    },
    {
      key: "search-issues",
      name: "Search issues",
      group: "Issues",
      inputSchema: [required(text("term", "Words")), ...pages],
      ...graphql(
        `query ($term: String!, $first: Int, $after: String) { searchIssues(term: $term, first: $first, after: $after) { nodes { ${ISSUE} } pageInfo { hasNextPage endCursor } } }`,
        fromInputs("term", "first", "after"),
      ),
      effect: "read",
      response: { items: "data.searchIssues.nodes" },
      pagination: {
        type: "cursor",
        path: "data.searchIssues.pageInfo.endCursor",
        more: "data.searchIssues.pageInfo.hasNextPage",
        in: "body",
        name: "variables.after",
      },
      sample: page("searchIssues", issueSample),
    },
    {
      key: "update-issue",
      name: "Update an issue",
      description: "What is not given stays as it is.",
      group: "Issues",
      inputSchema: [issue, text("title", "Title"), text("teamId", "Team", "Id of the team that it moves to."), ...fields],
      ...graphql(
        `mutation ($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success issue { ${ISSUE} } } }`,
        {
          id: "{{inputs.id}}",
          input: fromInputs("title", "teamId", ...names),
        },
      ),
      response: { items: "data.issueUpdate.issue" },
      sample: { data: { issueUpdate: { success: true, issue: issueSample } } },
    },
    {
      key: "archive-issue",
      name: "Archive an issue",
      group: "Issues",
      inputSchema: [issue],
      ...graphql("mutation ($id: String!) { issueArchive(id: $id) { success } }", fromInputs("id")),
      response: { items: "data.issueArchive" },
      sample: { data: { issueArchive: { success: true } } },
    },
    {
      key: "delete-issue",
      name: "Delete an issue",
      description: "It goes to the trash, where it stays for 30 days.",
      group: "Issues",
      inputSchema: [issue],
      ...graphql("mutation ($id: String!) { issueDelete(id: $id) { success } }", fromInputs("id")),
      response: { items: "data.issueDelete" },
      sample: { data: { issueDelete: { success: true } } },
    },
    {
      key: "add-link",
      name: "Link a page to an issue",
      group: "Issues",
      inputSchema: [required(text("issueId", "Issue", "Id of the issue.")), required(url("url", "Address")), text("title", "Title")],
      ...graphql(
        "mutation ($issueId: String!, $url: String!, $title: String) { attachmentLinkURL(issueId: $issueId, url: $url, title: $title) { success attachment { id title url } } }",
        fromInputs("issueId", "url", "title"),
      ),
      response: { items: "data.attachmentLinkURL" },
      sample: {
        data: {
          attachmentLinkURL: {
            success: true,
            attachment: { id: "b63f1b1c-92b8-44e9-9b04-3f1f6c5c6a77", title: "Docs", url: "https://example.com" },
          },
        },
      },
    },
    {
      key: "create-comment",
      name: "Comment on an issue",
      group: "Comments",
      inputSchema: [
        required(text("issueId", "Issue", "Id of the issue.")),
        required(longText("body", "Comment", "Markdown.")),
        text("parentId", "Answer to", "Id of another comment."),
      ],
      ...graphql(
        "mutation ($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id body createdAt url user { id name } } } }",
        { input: fromInputs("issueId", "body", "parentId") },
      ),
      response: { items: "data.commentCreate.comment" },
      sample: { data: { commentCreate: { success: true, comment: commentSample } } },
    },
    {
      key: "list-comments",
      name: "List comments",
      group: "Comments",
      inputSchema: [...pages, filter('{"issue": {"id": {"eq": "…"}}}')],
      ...listing("comments", { filter: "CommentFilter", fields: "id body createdAt url user { id name } issue { id identifier }" }),
      sample: page("comments", commentSample),
    },
    {
      key: "list-teams",
      name: "List teams",
      group: "Workspace",
      inputSchema: [...pages, filter('{"key": {"eq": "ENG"}}')],
      ...listing("teams", { filter: "TeamFilter", fields: "id key name description" }),
      sample: page("teams", { id: "a70bdf0f-530a-4887-857d-46151b52b47c", key: "ENG", name: "Engineering", description: null }),
    },
    {
      key: "list-states",
      name: "List the states of workflows",
      group: "Workspace",
      inputSchema: [...pages, filter('{"team": {"key": {"eq": "ENG"}}}')],
      ...listing("workflowStates", { filter: "WorkflowStateFilter", fields: "id name type position team { id key }" }),
      sample: page("workflowStates", { id: "c02edc9a-3aba-40fc-8b15-2a1d3a1a2c2b", name: "Todo", type: "unstarted", position: 1 }),
    },
    {
      key: "list-labels",
      name: "List labels",
      group: "Workspace",
      inputSchema: [...pages, filter('{"name": {"eq": "Bug"}}')],
      ...listing("issueLabels", { filter: "IssueLabelFilter", fields: "id name color team { id key }" }),
      sample: page("issueLabels", { id: "7a3c1e5d-0000-4a7c-8a9e-5d7f2f0b9c33", name: "Bug", color: "#EB5757", team: null }),
    },
    {
      key: "list-projects",
      name: "List projects",
      group: "Workspace",
      inputSchema: [...pages, filter('{"name": {"contains": "Launch"}}')],
      ...listing("projects", { filter: "ProjectFilter", fields: "id name description url progress targetDate lead { id name }" }),
      sample: page("projects", { id: "0c1f9f7e-1b1b-4f51-8a2d-4d1f8f5d2c10", name: "Launch", progress: 0.4, targetDate: "2026-12-31" }),
    },
    {
      key: "list-users",
      name: "List people",
      group: "Workspace",
      inputSchema: [...pages, filter('{"email": {"eq": "ada@example.com"}}')],
      ...listing("users", { filter: "UserFilter", fields: "id name displayName email active" }),
      sample: page("users", userSample),
    },
    {
      key: "get-viewer",
      name: "Get who the key is of",
      group: "Workspace",
      ...graphql("{ viewer { id name displayName email active organization { id name urlKey } } }"),
      effect: "read",
      response: { items: "data.viewer" },
      sample: { data: { viewer: userSample } },
    },
    {
      key: "run-query",
      name: "Run a GraphQL query",
      description: "For everything else: a query or mutation of one's own.",
      group: "Workspace",
      method: "POST",
      endpoint: "/graphql",
      inputSchema: [required(longText("query", "Query")), object("variables", "Variables", "Values of the query's variables by name.")],
      response: { items: "data" },
      sample: { data: { viewer: { id: "5e84aa1c-b0ff-4c5a-9c2e-2f7b1a8a6d55" } } },
    },
  ],
});
