/**
 * What Python code finds around it: n8n's names, with an underscore where JavaScript has `$`. The item that `_json` and its like
 * mean is the first one, or the current one where the code runs for each. `boxed` makes objects whose fields are there by key and
 * by name.
 */
export const PYTHON_PRELUDE = `
class Moment(datetime.datetime):
    """An instant in the flow's time zone, with the names that people know from n8n beside Python's own."""

    def toISO(self):
        return self.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def toMillis(self):
        return int(self.timestamp() * 1000)

    def toJSDate(self):
        return self


def moment(now, offset, at_midnight=False):
    zone = datetime.timezone(datetime.timedelta(minutes=offset)) if offset else datetime.timezone.utc
    instant = Moment.fromtimestamp(now / 1000, zone)
    return instant.replace(hour=0, minute=0, second=0, microsecond=0) if at_midnight else instant


class NodeData:
    def __init__(self, data, state, name):
        self._data, self._state, self._name = data, state, name

    def _node(self):
        node = self._data["nodes"].get(self._name)
        if node is None:
            if self._name in self._data["names"]:
                raise Exception("Node '" + self._name + "' hasn't been executed, or is not in this flow")
            raise Exception("_(...) needs the node's name written out as text: '" + self._name + "' was computed")
        return node

    def all(self, branch=None, run=None):
        return self._node()["items"]

    def first(self, branch=None, run=None):
        return (self.all() or [None])[0]

    def last(self, branch=None, run=None):
        return (self.all() or [None])[-1]

    def itemMatching(self, index):
        self._node()
        entries = self._data["paired"].get(self._name) or []
        if not -1 < index < len(entries):
            raise Exception("_('" + self._name + "') has no item that item " + str(index) + " was made from")
        if entries[index].get("error") is not None:
            raise Exception(entries[index]["error"])
        return entries[index]["item"]

    def pairedItem(self, index=None):
        return self.itemMatching(self._state["current"] if index is None else index)

    @property
    def item(self):
        return self.pairedItem()

    @property
    def params(self):
        return self._node()["parameters"]

    @property
    def isExecuted(self):
        return self._name in self._data["nodes"]


class Input:
    def __init__(self, data, state):
        self._data, self._state = data, state
        self.params = data["parameters"]
        self.context = boxed({})

    def all(self):
        return self._data["items"]

    def first(self):
        return (self._data["items"] or [None])[0]

    def last(self):
        return (self._data["items"] or [None])[-1]

    @property
    def item(self):
        items = self._data["items"]
        return items[self._state["current"]] if items else None


class Nodes:
    def __init__(self, data, state):
        self._data, self._state = data, state

    def __getitem__(self, name):
        node = NodeData(self._data, self._state, name)
        items = node.all()
        current = self._state["current"]
        item = items[current] if current < len(items) else items[0] if items else Box()
        return Box(json=item.get("json"), binary=item.get("binary"), parameter=node.params, runIndex=0)


class Utils:
    def _entry(self, kind, level, message, data):
        text = str(message) if data is None else str(message) + " " + json.dumps(data, default=str)
        # The sandbox's log takes the level from between two record separators.
        mark = chr(30) + level + chr(30)
        print(mark + text.replace(chr(10), chr(10) + mark))
        return Box(type=kind, message=message, data=data, timestamp=datetime.datetime.now(datetime.timezone.utc).isoformat())

    def log(self, message, data=None):
        return self._entry("log", "info", message, data)

    def warn(self, message, data=None):
        return self._entry("warn", "warn", message, data)

    def error(self, message, data=None):
        return self._entry("error", "error", message, data)


def begin(scope, given):
    data = boxed(given["__data"])
    items, state = data["items"], {"current": 0}

    def enter(index):
        state["current"] = index
        item = items[index] if index < len(items) else None
        scope["_item"] = scope["item"] = item
        scope["_json"] = item["json"] if item else None
        scope["_binary"] = (item.get("binary") if item else None) or Box()
        scope["_itemIndex"] = index

    for name, value in data["globals"].items():
        scope["_" + name[1:] if name[0] == "$" else name] = value
    if data["context"]:
        scope["context"] = data["context"]
        scope["context"]["utils"] = Utils()
    scope["_items"] = scope["items"] = items
    scope["_input"] = Input(data, state)
    scope["_"] = lambda name: NodeData(data, state, name)
    scope["_node"] = Nodes(data, state)
    zone = data["zone"]
    scope["_now"] = moment(zone["now"], zone["offset"])
    scope["_today"] = moment(zone["now"], zone["offset"], True)
    enter(0)
    if not data["each"]:
        return lambda work: work()

    def for_each(work):
        results = []
        for index in range(len(items)):
            enter(index)
            try:
                results.append({"value": work(), "missing": False})
            except Exception as error:
                error.args = (str(error) + " [for item " + str(index) + "]",)
                if not data["continueOnFail"]:
                    raise
                results.append({"error": type(error).__name__ + ": " + error.args[0]})
        return results

    return for_each
`;
