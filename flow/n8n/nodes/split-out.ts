import type { NodeMapping } from "../source";

const INCLUDE = { noOtherFields: "noOtherFields", allOtherFields: "allOtherFields", selectedOtherFields: "selectedOtherFields" };

/** Split Out 1. */
export const splitOut: NodeMapping = (source) => ({
  type: "split-out",
  parameters: {
    fieldToSplitOut: source.text("fieldToSplitOut"),
    include: source.option("include", INCLUDE, "noOtherFields"),
    fieldsToInclude: source.text("fieldsToInclude"),
    destinationFieldName: source.text("options.destinationFieldName"),
    dotNotation: !source.fixedFlag("options.disableDotNotation"),
    includeBinary: source.flag("options.includeBinary"),
  },
});
