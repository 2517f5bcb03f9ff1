import { load } from "cheerio";
import { expect, it } from "vitest";
import { readHtml } from "./read-html";

it.each([
  "",
  "<p>One<p>Two &amp; three",
  "<!doctype html><title>A</title><body class=x>Text",
  `<table><tr><td a="1" b='>'>1<td>2</table><!-- <b> --><script>if (a < b) "<p>"</script>`,
  `${"é𝄞\r\n".repeat(2000)}<b>${"<i>x</i>".repeat(1000)}</b>`,
  `<svg><title><p>x</title></svg><template><td>y</template>`,
])("reads %j as the parser does in one go", (source) => {
  expect(readHtml(source).html()).toBe(load(source).html());
});

it.each([
  ["<div>".repeat(100_000), "nests elements more than 512 deep"],
  ["<table><tr><td>".repeat(50_000), "nests elements more than 512 deep"],
  [Array.from({ length: 50_000 }, (_, n) => `<p><b a=${n}>x`).join(""), "nests elements|leaves more than 100 elements open"],
  [`<p ${Array.from({ length: 100_000 }, (_, n) => `a${n}=">"`).join(" ")}>`, "more than 2000 attributes"],
])("refuses what would take it minutes", (source, message) => {
  expect(() => readHtml(source)).toThrow(new RegExp(message));
});

it("takes long pages that are not deep", () => {
  const rows = "<tr><td><font color=red>1<td>2".repeat(50_000);
  expect(readHtml(`<table>${rows}</table>`)("tr").length).toBe(50_000);
  expect(readHtml("<li>x".repeat(100_000))("li").length).toBe(100_000);
});
