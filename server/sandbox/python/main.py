"""
Runs one job: code for a Code node, between a line of JSON that comes in and one that goes out.

The interpreter starts before its job is there and ends after it: nothing of one job is left for another. It has no way out of its
WebAssembly: no network, no programs, and no files but the library it is packed with. What it answers is data that the other side checks.
"""
import ast
import collections.abc
import datetime
import itertools
import json
import math
import os
import random
import re
import statistics
import sys
import traceback

OUTPUT = 1
MAX_LOGS = 200
MAX_LOG_CHARS = 4000


def read_job():
    chunks = []
    while True:
        chunk = os.read(0, 1 << 20)
        if not chunk:
            return None
        chunks.append(chunk)
        if chunk.endswith(b"\n"):
            return json.loads(b"".join(chunks))


# What utilities say has its level between two record separators.
MARK = "\x1e"
LEVELS = ("info", "warn", "error")


class Logs:
    """Stands in for standard output and error: a line is an entry."""

    def __init__(self, level, entries):
        self.level, self.entries, self.rest = level, entries, ""

    def write(self, text):
        text = str(text)
        if len(self.entries) < MAX_LOGS:
            *lines, self.rest = (self.rest + text).split("\n")
            for line in lines:
                self.add(line)
            self.rest = self.rest[:MAX_LOG_CHARS]
        return len(text)

    def add(self, line):
        if len(self.entries) >= MAX_LOGS:
            return
        level = self.level
        if line.startswith(MARK):
            said, _, rest = line[1:].partition(MARK)
            if said in LEVELS:
                level, line = said, rest
        self.entries.append({"level": level, "message": line[:MAX_LOG_CHARS]})

    def flush(self):
        pass

    def isatty(self):
        return False

    def end(self):
        if self.rest:
            self.add(self.rest)
            self.rest = ""


def plain(value, depth=0):
    """JSON of what code returned: dates as ISO 8601, tuples and sets as lists, numbers that JSON has none for as nothing."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if depth > 200:
        raise ValueError("The result is nested too deeply, or contains itself")
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(plain(key)): plain(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) or isinstance(value, collections.abc.Iterator):
        return [plain(entry, depth + 1) for entry in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "__float__"):
        return plain(float(value))
    raise TypeError(f"a value of type {type(value).__name__} can't be turned into JSON")


class Box(dict):
    """An object of JSON: fields by key, as in Python, and by name, as people know it from n8n."""

    __slots__ = ()

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value

    def to_py(self):
        return self


class Row(list):
    __slots__ = ()

    def to_py(self):
        return self


def boxed(value):
    if isinstance(value, dict):
        return Box((key, boxed(entry)) for key, entry in value.items())
    if isinstance(value, list):
        return Row(boxed(entry) for entry in value)
    return value


def has_await(tree):
    stack = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(node))
    return False


def compiled(code):
    """The code as the body of a function, with its own line numbers."""
    tree = ast.parse(code, "code.py")
    arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    kind = ast.AsyncFunctionDef if has_await(tree) else ast.FunctionDef
    main = kind(name="__main", args=arguments, body=tree.body or [ast.Pass()], decorator_list=[], type_params=[])
    return compile(ast.fix_missing_locations(ast.Module(body=[main], type_ignores=[])), "code.py", "exec")


def called(function):
    result = function()
    if not hasattr(result, "send"):
        return result
    try:
        result.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("The code waits for something that never comes: there is nothing to await here")


def described(error):
    line = None
    if isinstance(error, SyntaxError) and error.filename == "code.py":
        line = error.lineno
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == "code.py":
            line = frame.lineno
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return {"name": type(error).__name__, "message": str(text)[:4000], "line": line}


def run(job, answer):
    logs = []
    out, err = Logs("info", logs), Logs("error", logs)
    sys.stdout, sys.stderr = out, err
    random.seed()
    try:
        scope = {"__name__": "__main__", "__builtins__": __builtins__}
        helpers = {"boxed": boxed, "Box": Box, "datetime": datetime, "json": json, "re": re, "sys": sys}
        if job["prelude"]:
            exec(compile(job["prelude"], "prelude.py", "exec"), helpers)
            work = helpers["begin"](scope, json.loads(job["globals"]))
        else:
            scope.update(boxed(json.loads(job["globals"])))
            work = lambda function: function()
        exec(compiled(job["code"]), scope)
        main = scope.pop("__main")
        answer["value"] = json.dumps(plain(work(lambda: called(main))), ensure_ascii=False, allow_nan=False)
    except MemoryError:
        answer["error"] = {"kind": "memory"}
    except BaseException as error:
        answer["error"] = {"kind": "guest", **described(error)}
    out.end()
    err.end()
    answer["logs"] = logs


def write(text):
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(OUTPUT, data[: 1 << 20]) :]


# Kept from here on: code may replace any name of any module.
dumps = json.dumps
job = read_job()
if job is not None:
    answer = {}
    run(job, answer)
    # What stands before the mark is what code wrote past its logs.
    write("\0" + dumps(answer))
