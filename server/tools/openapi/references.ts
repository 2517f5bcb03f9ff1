import { isObject, type Obj } from "../imported-tool";

const MAX_CHAIN = 50;

/** Finds what `$ref` points to, in the document alone. */
export class References {
  private readonly known = new Map<string, unknown>();
  /** Pointers that lead nowhere, or out of the document. */
  readonly broken = new Set<string>();

  constructor(private readonly document: Obj) {}

  /** What a value is once its reference is followed; undefined where that leads nowhere. */
  follow(value: unknown): { value: Obj; pointer: string | null } | undefined {
    let current = value;
    let pointer: string | null = null;
    for (let count = 0; count < MAX_CHAIN; count++) {
      if (!isObject(current)) return undefined;
      const reference = Object.hasOwn(current, "$ref") ? current.$ref : undefined;
      if (typeof reference !== "string") return { value: current, pointer };
      pointer = reference;
      current = this.find(reference);
    }
    return undefined;
  }

  /** As `follow`, for callers who do not care where it was. */
  get(value: unknown): Obj | undefined {
    return this.follow(value)?.value;
  }

  private find(pointer: string): unknown {
    if (this.known.has(pointer)) return this.known.get(pointer);
    let found: unknown = pointer === "#" || pointer.startsWith("#/") ? this.document : undefined;
    for (const part of pointer.split("/").slice(1)) {
      const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
      found = (isObject(found) || Array.isArray(found)) && Object.hasOwn(found, key) ? (found as Obj)[key] : undefined;
    }
    if (found === undefined) this.broken.add(pointer);
    this.known.set(pointer, found);
    return found;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
