import { importCurl, isCurl } from "./curl/import";
import { type ImportedTool, own, unreadable } from "./imported-tool";
import { importOpenApi, isOpenApi, type OpenApiOptions } from "./openapi/import";
import { importPostman, isPostman } from "./postman/import";
import { readDocument } from "./read-document";

/**
 * A tool out of whatever it is: a `curl` command, an OpenAPI document in JSON or YAML, a Postman collection.
 * @throws ServiceError `invalid` that says what it is instead, or what is missing
 */
export async function importTool(text: string, options: OpenApiOptions = {}): Promise<ImportedTool> {
  if (isCurl(text)) return importCurl(text);
  const document = await readDocument(text);
  if (isOpenApi(document)) return importOpenApi(document, options);
  if (isPostman(document)) return importPostman(document);
  // As the API of Postman gives it.
  const inner = own(document, "collection");
  if (typeof inner === "object" && inner !== null && isPostman(inner as Record<string, unknown>))
    return importPostman(inner as Record<string, unknown>);
  throw unreadable('This is neither an OpenAPI document (it has no "openapi"), nor a Postman collection, nor a curl command.');
}
