import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type ts from "typescript-6";
import { z } from "zod";
import type { Json, JsonObject } from "@/flow/item";

/**
 * Discord's API as its npm package `discord-api-spec` has it: not as a document, but as what was made from one. TypeScript's `Paths` has
 * the operations, zod schemas have the data; from both the OpenAPI document is made again. `pathsList` says whether it is whole.
 */
export interface DiscordDocument {
  document: JsonObject;
  /** Of `pathsList`: `GET /applications/@me`, … */
  operations: string[];
}

type Compiler = typeof ts;
const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/** @param folder Of the package, unpacked */
export async function discordDocument(folder = "node_modules/discord-api-spec"): Promise<DiscordDocument> {
  const build = path.resolve(folder, "build");
  const compiler = createRequire(import.meta.url)("typescript-6") as Compiler;
  const file = path.join(build, "discord-api-spec.ts");
  const source = compiler.createSourceFile(file, readFileSync(file, "utf8"), compiler.ScriptTarget.ES2022, true);
  const { pathsList } = (await import(pathToFileURL(path.join(build, "discord-api-spec.js")).href)) as {
    pathsList: Record<(typeof METHODS)[number], readonly string[]>;
  };
  const schemas = await schemasOf(path.join(build, "discord-api-spec.zod.js"));
  const paths = pathsOf(compiler, source, new Set(Object.keys(schemas)));
  return {
    document: {
      openapi: "3.1.0",
      info: { title: "Discord HTTP API", version: "10" },
      servers: [{ url: "https://discord.com/api/v10" }],
      paths,
      components: {
        schemas,
        securitySchemes: {
          BotToken: { type: "apiKey", in: "header", name: "Authorization" },
          OAuth2: {
            type: "oauth2",
            flows: {
              authorizationCode: {
                authorizationUrl: "https://discord.com/oauth2/authorize",
                tokenUrl: "https://discord.com/api/oauth2/token",
                scopes: {},
              },
            },
          },
        },
      },
    },
    operations: METHODS.flatMap((method) => pathsList[method].map((each) => `${method.toUpperCase()} ${each}`)),
  };
}

/** The zod schemas as `components.schemas`, each a reference for the others. */
async function schemasOf(file: string): Promise<Record<string, JsonObject>> {
  const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(exported)) {
    if (name.endsWith("Schema")) registry.add(schema as z.ZodType, { id: name.slice(0, -"Schema".length) });
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    unrepresentable: "any",
    io: "input",
  }) as { schemas: Record<string, JsonObject> };
  for (const schema of Object.values(schemas)) {
    delete schema.$id;
    delete schema.$schema;
  }
  return schemas;
}

function pathsOf(compiler: Compiler, source: ts.SourceFile, known: ReadonlySet<string>): JsonObject {
  const found = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration => compiler.isInterfaceDeclaration(statement) && statement.name.text === "Paths",
  );
  if (!found) throw new Error("discord-api-spec has no interface Paths any more");
  const reader = new TypeReader(compiler, known);
  return Object.fromEntries(
    reader.fieldsOf(found).map(({ name, type }) => {
      const methods = reader.fieldsOf(type).map((method) => [method.name, reader.operation(name, method)] as const);
      return [name, Object.fromEntries(methods)];
    }),
  );
}

interface Field {
  name: string;
  optional: boolean;
  type: ts.TypeNode;
  comment: string;
}

/** Reads types as JSON schemas. */
class TypeReader {
  constructor(
    private readonly compiler: Compiler,
    private readonly known: ReadonlySet<string>,
  ) {}

  fieldsOf(node: ts.Node): Field[] {
    const { compiler } = this;
    if (!compiler.isTypeLiteralNode(node) && !compiler.isInterfaceDeclaration(node)) return [];
    return node.members.flatMap((member): Field[] => {
      if (!compiler.isPropertySignature(member) || !member.type) return [];
      const name = compiler.isIdentifier(member.name) || compiler.isStringLiteral(member.name) ? member.name.text : member.name.getText();
      const [range] = compiler.getLeadingCommentRanges(member.getSourceFile().text, member.getFullStart()) ?? [];
      const comment = range ? member.getSourceFile().text.slice(range.pos, range.end) : "";
      return [{ name, optional: member.questionToken !== undefined, type: member.type, comment }];
    });
  }

  operation(place: string, { name: method, type }: Field): JsonObject {
    const fields = new Map(this.fieldsOf(type).map((field) => [field.name, field]));
    const responses = this.fieldsOf(fields.get("responses")?.type as ts.TypeNode);
    const id = responses.map(({ comment }) => /response for (\w+)/.exec(comment)?.[1]).find(Boolean);
    const parameters = this.fieldsOf(fields.get("parameters")?.type as ts.TypeNode).flatMap((group) =>
      this.fieldsOf(group.type).map((each) => ({
        name: each.name,
        in: group.name,
        required: group.name === "path" || !each.optional,
        schema: this.schema(each.type),
      })),
    );
    const body = fields.get("requestBody");
    const hasBody = body && body.type.kind !== this.compiler.SyntaxKind.UndefinedKeyword;
    const answers = responses.map(({ name, type: each }): [string, JsonObject] => {
      const schema = this.schema(each);
      return [name, { description: name, ...(Object.keys(schema).length > 0 && { content: { "application/json": { schema } } }) }];
    });
    const security = fields.get("security");
    return {
      operationId: id ?? `${method}_${place}`,
      parameters,
      ...(hasBody && { requestBody: { required: !body.optional, content: { "application/json": { schema: this.schema(body.type) } } } }),
      responses: Object.fromEntries(answers),
      ...(security && { security: this.literal(security.type) as Json[] }),
    };
  }

  /** `[{ OAuth2: ["bot"] }]` as the value that it is the type of. */
  private literal(node: ts.TypeNode): Json {
    const { compiler } = this;
    if (compiler.isTupleTypeNode(node)) return node.elements.map((each) => this.literal(each as ts.TypeNode));
    if (compiler.isTypeLiteralNode(node))
      return Object.fromEntries(this.fieldsOf(node).map(({ name, type }) => [name, this.literal(type)]));
    if (compiler.isLiteralTypeNode(node) && compiler.isStringLiteral(node.literal)) return node.literal.text;
    return null;
  }

  schema(node: ts.TypeNode): JsonObject {
    const { compiler } = this;
    const { SyntaxKind } = compiler;
    switch (node.kind) {
      case SyntaxKind.StringKeyword:
        return { type: "string" };
      case SyntaxKind.NumberKeyword:
        return { type: "number" };
      case SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      default:
    }
    if (compiler.isParenthesizedTypeNode(node)) return this.schema(node.type);
    if (compiler.isArrayTypeNode(node)) return { type: "array", items: this.schema(node.elementType) };
    if (compiler.isUnionTypeNode(node)) return this.union(node);
    if (compiler.isIntersectionTypeNode(node)) return { allOf: node.types.map((each) => this.schema(each)) };
    if (compiler.isTypeLiteralNode(node)) {
      const fields = this.fieldsOf(node);
      const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
      const properties = Object.fromEntries(fields.map(({ name, type }) => [name, this.schema(type)]));
      return { type: "object", properties, ...(required.length > 0 && { required }) };
    }
    if (compiler.isLiteralTypeNode(node)) {
      const { literal } = node;
      if (literal.kind === SyntaxKind.NullKeyword) return { type: "null" };
      if (compiler.isStringLiteral(literal)) return { const: literal.text };
      if (compiler.isNumericLiteral(literal)) return { const: Number(literal.text) };
      return { type: "boolean" };
    }
    if (compiler.isTypeReferenceNode(node) && compiler.isIdentifier(node.typeName)) {
      const [argument] = node.typeArguments ?? [];
      const { text } = node.typeName;
      if (text === "Array" && argument) return { type: "array", items: this.schema(argument) };
      if (text === "Record") return { type: "object" };
      if (this.known.has(text)) return { $ref: `#/components/schemas/${text}` };
    }
    return {};
  }

  private union(node: ts.UnionTypeNode): JsonObject {
    const anyOf = node.types.map((each) => this.schema(each));
    if (anyOf.every((each) => "const" in each)) return { enum: anyOf.map((each) => each.const as Json) };
    return { anyOf };
  }
}
