import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout or package that this command belongs to, whatever the working directory is. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export const migrationsDirectory = path.join(projectRoot, "prisma", "migrations");
export const schemaFile = path.join(projectRoot, "prisma", "schema.prisma");
