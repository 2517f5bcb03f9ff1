import { expect, type Locator, type Page } from "@playwright/test";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const label = (name: string, state?: string) => new RegExp(`^${escaped(name)}(, |$)${state ? `.*${state}` : ""}`);

/** The editor as a person uses it: what is on the canvas, and the acts that take several movements. */
export class Editor {
  readonly canvas: Locator;
  readonly palette: Locator;
  readonly run: Locator;
  /** The open node. */
  readonly detail: Locator;
  readonly saved: Locator;

  constructor(readonly page: Page) {
    this.canvas = page.getByRole("region", { name: "Canvas" });
    this.palette = page.getByRole("complementary", { name: "Nodes" });
    this.run = page.getByRole("region", { name: "Run", exact: true });
    this.detail = page.getByRole("dialog");
    this.saved = page.getByRole("status", { name: "Saved", exact: true });
  }

  /** A node's card, by its name and, when given, by what else its label says: `succeeded, 12 items`. */
  node(name: string, state?: string): Locator {
    return this.canvas.getByRole("button", { name: label(name, state) });
  }

  /** Drags a kind of node from the palette to a point of the canvas, in pixels from its corner. */
  async drop(kind: string, at: { x: number; y: number }): Promise<void> {
    await this.palette.getByRole("button", { name: kind, exact: true }).dragTo(this.canvas, { targetPosition: at });
  }

  /** Adds a node with the keyboard alone, after the selected one. */
  async pick(search: string): Promise<void> {
    await this.page.keyboard.press("n");
    const field = this.page.getByRole("combobox", { name: "Nodes" });
    await field.fill(search);
    await this.page.keyboard.press("Enter");
    await expect(field).toBeHidden();
  }

  /** A port of a node: the library draws it, without a role. */
  port(name: string, side: "source" | "target", handle = "main"): Locator {
    return this.canvas
      .locator(".react-flow__node", { has: this.page.getByRole("button", { name: label(name) }) })
      .locator(`.react-flow__handle.${side}[data-handleid="${handle}"]`);
  }

  /** Draws a connection from an output to an input, by dragging. */
  async connect(from: string, to: string, handles: { from?: string; to?: string } = {}): Promise<void> {
    const start = await middle(this.port(from, "source", handles.from));
    const end = await middle(this.port(to, "target", handles.to));
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
    await expect(this.connection(from, to).first()).toBeAttached();
  }

  /** The button that every connection carries; there is one while the connection is there. */
  connection(from: string, to: string): Locator {
    return this.canvas.getByRole("button", { name: `Delete the connection from ${from} to ${to}`, includeHidden: true });
  }

  /** The place of a connection's label: how many items went over it. */
  label(from: string, to: string): Locator {
    const button = this.page.getByRole("button", { name: `Delete the connection from ${from} to ${to}`, includeHidden: true });
    return this.canvas.locator(".react-flow__edgelabel-renderer > div").filter({ has: button });
  }

  async open(name: string): Promise<void> {
    await this.node(name).dblclick();
    await expect(this.detail).toBeVisible();
  }

  async close(): Promise<void> {
    await this.detail.getByRole("button", { name: "Close", exact: true }).click();
    await expect(this.detail).toBeHidden();
  }

  /** Writes into a text editor (code, JSON, expression) in place of what is there. */
  async write(label: string, text: string): Promise<void> {
    const field = this.detail.getByRole("textbox", { name: label, exact: true });
    await field.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    // In one go: typed key by key, the editor would close brackets and braces by itself.
    await this.page.keyboard.insertText(text);
  }

  /** Chooses in a select of the open node. */
  async choose(label: string, option: string): Promise<void> {
    await this.detail.getByRole("combobox", { name: label, exact: true }).click();
    await this.page.getByRole("option", { name: option, exact: true }).click();
  }

  async name(name: string): Promise<void> {
    const field = this.detail.getByRole("textbox", { name: "Node name" });
    await field.fill(name);
    await field.press("Enter");
  }
}

async function middle(target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  if (!box) throw new Error("It is not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
