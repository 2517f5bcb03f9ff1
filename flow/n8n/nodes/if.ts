import { conditionsOf, legacyConditions } from "../conditions";
import type { Mapped, NodeMapping, Source } from "../source";

/** Version 2 changed the conditions; where the switch for types stands moved later. */
const current = (source: Source): Mapped["parameters"] => ({
  conditions: conditionsOf(
    source.get("conditions"),
    source.fixedFlag("options.ignoreCase"),
    source.fixedFlag("looseTypeValidation") || source.fixedFlag("options.looseTypeValidation"),
  ),
});

/** If 1–2.2. */
export const ifNode: NodeMapping = (source) => ({
  type: "if",
  parameters:
    source.version >= 2
      ? current(source)
      : {
          conditions: legacyConditions(source, "conditions", source.option("combineOperation", { all: "and", any: "or" } as const, "all")),
        },
  outputs: ["true", "false"],
});

/** Filter 1–2.2. */
export const filter: NodeMapping = (source) => ({
  type: "filter",
  parameters:
    source.version >= 2
      ? current(source)
      : {
          conditions: legacyConditions(source, "conditions", source.option("combineConditions", { AND: "and", OR: "or" } as const, "AND")),
        },
});
