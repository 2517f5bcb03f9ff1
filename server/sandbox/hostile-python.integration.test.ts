import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createSandbox } from "./sandbox";

/** Python programs that try to get out, to hang, to eat the machine, or to leave something behind for the next job. */
const sandbox = createSandbox({ size: 1, maxOutputChars: 1_000_000 });
afterAll(() => sandbox.close());

const MARK = "/tmp/tolstoy-python-escape";
const run = (code: string, timeoutMs = 3000) => sandbox.run({ language: "python", code, globals: { items: [41] }, timeoutMs });
const healthy = async (): Promise<void> => expect((await run("return items[0] + 1")).value).toBe(42);

/** Each returns `reached` when it got something of the host, and may throw. */
const ESCAPES: Record<string, string> = {
  "bridges to JavaScript": "try:\n  import js\nexcept ImportError:\n  import pyodide_js\nreturn 'reached'",
  "files of the machine": "return 'reached' if open('/etc/passwd').read() else ''",
  "files above its own": "import os\nreturn 'reached' if os.listdir('/proc') else ''",
  "writing a file": `open('${MARK}', 'w').write('x')\nreturn 'reached'`,
  environment: "import os\nreturn 'reached' if 'PATH' in os.environ else ''",
  programs: "import subprocess\nsubprocess.run(['touch', '/tmp/x'])\nreturn 'reached'",
  "a shell": `import os\nreturn 'reached' if os.system('touch ${MARK}') == 0 else ''`,
  network: "import socket\nsocket.create_connection(('127.0.0.1', 80))\nreturn 'reached'",
  requests: "import urllib.request\nreturn 'reached' if urllib.request.urlopen('http://127.0.0.1') else ''",
  "foreign functions": "import ctypes\nreturn 'reached' if ctypes.CDLL(None) else ''",
  threads: "import threading\nt = threading.Thread(target=print)\nt.start()\nreturn ''",
  "file descriptors beyond its own":
    "import os\nfor fd in range(3, 64):\n  try:\n    if os.read(fd, 1): return 'reached'\n  except OSError: pass\nreturn ''",
  "the machine's processes": "return 'reached' if open('/proc/self/environ').read() else ''",
  "the machine's processes by number": "import os\nreturn 'reached' if os.stat('/proc/1') else ''",
  "WebAssembly and the shim around it": "import wasmtime\nreturn 'reached'",
  "a fork": "import os\nreturn 'reached' if os.fork() >= 0 else ''",
  "other processes": "import multiprocessing\np = multiprocessing.Process(target=print)\np.start()\nreturn 'reached'",
  "workers in threads":
    "from concurrent.futures import ThreadPoolExecutor\nreturn 'reached' if ThreadPoolExecutor(2).submit(lambda: 1).result(1) else ''",
  "import of a package": "import requests\nreturn 'reached'",
  "import over the network":
    "import importlib.util\nspec = importlib.util.spec_from_file_location('x', 'http://127.0.0.1/x.py')\nm = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(m)\nreturn 'reached'",
  "memory of the machine": "import mmap\nmmap.mmap(-1, 1024)\nopen('/dev/mem', 'rb').read(1)\nreturn 'reached'",
  "signals to the parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nreturn 'reached'",
  "directories above": "import os\nreturn 'reached' if 'etc' in os.listdir('/') or 'home' in os.listdir('..') else ''",
  "objects of the runner": "import gc\nreturn 'reached' if any(type(o).__name__ == 'Socket' for o in gc.get_objects()) else ''",
  "frames above its own":
    "import sys\nf = sys._getframe()\nwhile f:\n  if 'environ' in f.f_globals and f.f_globals['environ'].get('PATH'): return 'reached'\n  f = f.f_back\nreturn ''",
  "subclasses of everything":
    "return 'reached' if any(c.__name__ == 'Popen' and c(['id']) for c in ().__class__.__base__.__subclasses__()) else ''",
};

/** Whatever it gets, what never ends and takes nothing but time uses up. */
const BRIEFLY = 500;

const GREEDY: Record<string, { code: string; says: RegExp; timeoutMs?: number }> = {
  "endless loop": { code: "while True: pass", says: /longer than 0\.5 s/, timeoutMs: BRIEFLY },
  "endless loop that catches everything": {
    code: "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    says: /longer than 0\.5 s/,
    timeoutMs: BRIEFLY,
  },
  "endless builtin": { code: "return sum(iter(int, 1))", says: /longer than 0\.5 s/, timeoutMs: BRIEFLY },
  "huge number": { code: "return len(str(9 ** (9 ** 9)))", says: /longer than|memory/ },
  "catastrophic regular expression": {
    code: "import re\nreturn re.match('(a+)+$', 'a' * 40 + '!')",
    says: /longer than/,
    timeoutMs: BRIEFLY,
  },
  sleep: { code: "import time\ntime.sleep(3600)", says: /longer than/, timeoutMs: BRIEFLY },
  "memory bomb": { code: "a = []\nwhile True: a.append(bytearray(10_000_000))", says: /memory/ },
  "memory bomb that catches": {
    code: "a = []\nwhile True:\n  try: a.append(bytearray(10_000_000))\n  except MemoryError: pass",
    says: /memory|longer than/,
  },
  "memory bomb of dictionaries": { code: "a = {}\nn = 0\nwhile True:\n  a[n] = {'n': n}\n  n += 1", says: /memory|longer than/ },
  "memory bomb of numbers": { code: "n = 7\nwhile True: n = n * n", says: /memory|longer than/ },
  "memory bomb of generators": { code: "import itertools\nreturn list(itertools.count())", says: /memory|longer than/ },
  "endless await": { code: "class F:\n  def __await__(self):\n    while True: yield\nreturn await F()", says: /never comes|longer than/ },
  "endless tasks": {
    code: "async def f():\n  while True: await g()\nasync def g(): pass\nawait f()",
    says: /longer than/,
    timeoutMs: BRIEFLY,
  },
  "endless property while it is turned into JSON": {
    code: "class A(dict):\n  def items(self):\n    while True: yield ('a', 1)\nreturn A()",
    says: /longer than|memory/,
  },
  "text bomb": { code: "return 'x' * 10 ** 9", says: /memory/i },
  "endless recursion": { code: "def f(n): return f(n + 1)\nreturn f(0)", says: /RecursionError/ },
  "recursion without Python's limit": {
    code: "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(n): return f(n + 1)\nreturn f(0)",
    says: /./,
  },
  "deep nesting": { code: "a = []\nfor _ in range(10 ** 5): a = [a]\nreturn a", says: /nested too deeply/ },
  "result that contains itself": { code: "a = []\na.append(a)\nreturn a", says: /nested too deeply/ },
  "giant output": { code: "return 'x' * 5_000_000", says: /larger than 1 MB/ },
  "giant error": { code: "raise ValueError('x' * 50_000_000)", says: /^ValueError: x{1000,5000}/ },
  "giant log": { code: "for i in range(10 ** 4): print('x' * 10 ** 4)\nraise ValueError('logged')", says: /logged|longer than/ },
  "early exit": { code: "import os\nos._exit(0)", says: /./ },
  "answer of its own": { code: "import os\nos.write(1, b'\\0not json')\nos._exit(0)", says: /./ },
  "closed streams": { code: "import os\nos.close(0)\nos.close(1)\nreturn 1", says: /./ },
};

describe("escapes find nothing", () => {
  it.each(Object.entries(ESCAPES))("%s", async (_, code) => {
    const found = await run(code)
      .then(({ value }) => value)
      .catch((error: Error) => {
        expect(error.name).toBe("FatalError");
        return null;
      });
    expect([null, ""]).toContain(found);
    await healthy();
  });

  it("writes no file", () => {
    expect(existsSync(MARK)).toBe(false);
  });
});

describe("greed ends", () => {
  it.each(Object.entries(GREEDY))("%s", async (_, { code, says, timeoutMs = 1500 }) => {
    const error = await run(code, timeoutMs).catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "FatalError", message: expect.stringMatching(says) });
    await healthy();
  });

  it("keeps this process small", () => {
    expect(process.memoryUsage().rss).toBeLessThan(700 * 1024 * 1024);
  });
});

describe("a job leaves nothing behind", () => {
  it("whatever it changed", async () => {
    await run(
      "import builtins, json, sys\nbuiltins.len = lambda x: 666\njson.dumps = lambda *a: '666'\nsys.modules['math'] = None\nglobals()['leak'] = 1\nreturn 1",
    ).catch(() => null);
    expect((await run("import math\nreturn [len(items), 'leak' in globals(), math.floor(1.5)]")).value).toEqual([1, false, 1]);
  });

  it("not even itself when the process that asked for it is gone", async () => {
    const script = `
      import { createSandbox } from "./server/sandbox/sandbox";
      const sandbox = createSandbox({ size: 1 });
      await sandbox.run({ language: "python", code: "return 1", globals: {} });
      const job = sandbox.run({ language: "python", code: "while True: pass", globals: {}, timeoutMs: 60000 });
      setTimeout(() => process.stdout.write(sandbox.pids().join() + "\\n"), 50);
      await job;`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", (data: Buffer) => resolve(data.toString()))));
    const isAlive = (): boolean => {
      try {
        process.kill(pid, 0);
        return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch {
        return false;
      }
    };
    expect(isAlive()).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(isAlive()).toBe(false), { timeout: 8000, interval: 50 });
  });
});
