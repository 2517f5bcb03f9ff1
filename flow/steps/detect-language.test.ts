import { describe, expect, it } from "vitest";
import { detectLanguage } from "./detect-language";

describe("the language of code", () => {
  it.each([
    ["javascript", "function processData(input) {\n  console.log('Processing:', input);\n  return { processed: true };\n}"],
    ["javascript", "const total = items.reduce((sum, i) => sum + i.json.n, 0);\nreturn { total };"],
    ["javascript", "return context.variables.users.filter(u => u.active);"],
    ["javascript", "// def is no function here\nreturn 'import os'"],
    ["javascript", "switch (x) {\n  case 1:\n    return 1;\n  default:\n    return 2;\n}"],
    ["javascript", "return { label: `fn main() func x()` }"],
    ["javascript", "import { x } from 'y';\nreturn x"],
    ["javascript", ""],
    ["typescript", "interface User { name: string }\nconst user: User = { name: 'x' };\nreturn user;"],
    ["typescript", "const double = (n: number): number => n * 2;\nreturn double(2)"],
    ["typescript", "const f = (x: number) => x; return f(1);"],
    ["javascript", "return f({ a: b, n: number }, x ? y : string)"],
    ["python", 'def process_data(input_data):\n    print(f"Processing: {input_data}")\n    return {"processed": True}'],
    ["python", "import json\nreturn json.dumps({})"],
    ["python", "for item in _items:\n    item.json.seen = True\nreturn _items"],
    ["go", 'func processData(input interface{}) map[string]bool {\n    fmt.Printf("Processing: %v\\n", input)\n    return nil\n}'],
    ["go", "package main\n\nfunc main() {}"],
    ["go", 'name := context["name"]\nreturn name'],
    ["rust", 'fn process_data(input: &str) -> i32 {\n    println!("x {}", input);\n    1\n}'],
    ["rust", "let mut total = 0.0;\ntotal += 1.0;\ntotal.to_json()"],
  ])("is %s", (language, code) => expect(detectLanguage(code)).toBe(language));
});
