#!/usr/bin/env python3
"""docs/oci-conformance.md against the specification's JSON schema, the tests, and the program.

Each member of the schema has one line, no line is of a member that isn't there, each test that a
line names is there, and the words of mounts are those that the program knows. Commands and options
are those of its help, and tests of an option use it.
"""
import itertools, json, os, re, subprocess, sys

DOCUMENT = "docs/oci-conformance.md"
SCHEMAS = ["/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema", "tests/data/oci-schema"]
OTHER_PLATFORMS = {"solaris", "windows", "vm", "zos", "freebsd", "commandLine", "username"}
STATES = {"done", "host", "refused"}
ABSENT = "absent"  # of a command or an option that only others have: the notes say why


class Schema:
    """The paths of all leaves: "mounts[].uidMappings[].size", "linux.netDevices{}.name"."""

    def __init__(self):
        self.files, self.leaves = {}, set()
        for name in ["config-schema.json", "config-1.3.json"]:
            self.walk(self.load(name), name, "")

    def load(self, name):
        if name not in self.files:
            path = next(p for p in (f"{folder}/{name}" for folder in SCHEMAS) if os.path.exists(p))
            with open(path) as file:
                self.files[name] = json.load(file)
        return self.files[name]

    def follow(self, node, name):
        while "$ref" in node:
            file, pointer = node["$ref"].split("#")
            name = file or name
            node = self.load(name)
            for part in filter(None, pointer.split("/")):
                node = node[part]
        return node, name

    def walk(self, node, name, path):
        node, name = self.follow(node, name)
        if "anyOf" in node:
            return self.walk(node["anyOf"][0], name, path)
        if node.get("type") == "array":
            return self.walk(node["items"], name, path + "[]")
        members = [
            (key, value, file)
            for part, file in [(node, name)] + [self.follow(p, name) for p in node.get("allOf", [])]
            for key, value in part.get("properties", {}).items()
            if key not in OTHER_PLATFORMS
        ]
        for key, value, file in members:
            self.walk(value, file, f"{path}.{key}" if path else key)
        if members:
            return None
        named = node.get("additionalProperties") or next(iter(node.get("patternProperties", {}).values()), None)
        if isinstance(named, dict) and "properties" in self.follow(named, name)[0]:
            return self.walk(named, name, path + "{}")
        return self.leaves.add(path)


def expand(text):
    """"a.{b,c}.d" -> a.b.d, a.c.d; "{}" stays."""
    parts = [p.strip("{}").split(",") if re.fullmatch(r"\{[^}]+\}", p) else [p] for p in re.split(r"(\{[^}]+\})", text)]
    return ["".join(choice) for choice in itertools.product(*parts)]


def members(cell):
    """The paths of a first cell; one that begins with a dot is a sibling of the one before."""
    parents, paths = [], []
    for name in re.findall(r"`([^`]+)`", cell):
        if name.startswith("."):
            paths += [parent + name for parent in parents]
        else:
            paths += expand(name)
            parents = [path.rsplit(".", 1)[0] for path in expand(name)]
    return paths


# Where a check's name stands: a string begins with it, a Criterion test is called so, or it is the
# first word given to a function of the test's own ("limited memory ...").
INTEGRATION = r'(?m)"{0}|^limited {0} '
UNIT = r'"{0}|Test\(\w+, {0}\)'


def test_problem(name, words):
    for path, pattern in [(f"tests/integration/{name}.sh", INTEGRATION), (f"tests/unit/{name}.c", UNIT)]:
        if os.path.exists(path):
            with open(path) as file:
                found = re.search(pattern.format(re.escape(words)), file.read())
            return None if found else f"{path} has no check '{words}'"
    return f"there is no test {name}"


def tests_of(row):
    return re.findall(r'(\w+) "([^"]+)"', row[2])


def check_row(row, complain):
    if len(row) != 4 or row[1] not in STATES:
        return complain(f"not a row: {row}")
    tests = tests_of(row)
    if not tests or "; ".join(f'{name} "{words}"' for name, words in tests) != row[2]:
        complain(f"{row[0]}: names no tests: {row[2]}")
    for problem in (test_problem(*test) for test in tests):
        if problem:
            complain(f"{row[0]}: {problem}")


def read_sections():
    sections, rows = {}, None
    with open(DOCUMENT) as file:
        for line in file:
            if line.startswith("## "):
                rows = sections.setdefault(line[3:].strip(), [])
            elif line.startswith("| `"):
                rows.append([cell.strip() for cell in re.split(r" \|(?= |$)", line.strip()[1:])[:-1]])
    return sections


def compare(what, wanted, listed, complain):
    for name in sorted(set(wanted) - set(listed)):
        complain(f"{what} {name}: has no line")
    for name in sorted(set(listed) - set(wanted)):
        complain(f"{what} {name}: is none")
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        complain(f"{what} {name}: has more than one line")


class Help:
    """What the program's help says: "run", "--root", "run --keep", with the letters of options."""

    def __init__(self, program):
        self.program, self.letters = program, {}
        self.commands = [line.split()[0] for line in self.rows("Commands")]
        for command in ["", *self.commands]:
            for line in self.rows("Options", command) if command != "help" else []:
                letter, name = re.match(r" *(?:-(\w), )?(--[\w-]+)", line).groups()
                self.letters[f"{command} {name}".strip()] = letter

    def rows(self, heading, *command):
        text = subprocess.run([self.program, "help", *filter(None, command)], stdout=subprocess.PIPE, text=True, check=True).stdout
        part = re.search(rf"^{heading}:\n((?: .*\n)+)", text, re.M)
        return part.group(1).splitlines() if part else []


def options(cell):
    """The commands and options of a first cell; an option alone is one of the command before it."""
    command, names = "", []
    for name in re.findall(r"`([^`]+)`", cell):
        for whole in expand(name if not name.startswith("--") else f"{command} {name}".strip()):
            names.append(whole)
        command = name.split()[0] if not name.startswith("--") else command
    return names


def check_options(row, help, complain):
    """Each option stands in one of the tests that its line names, by its name or its letter."""
    texts = [open(path).read() for path in (f"tests/integration/{test}.sh" for test, _ in tests_of(row)) if os.path.exists(path)]
    for name in options(row[0]):
        option, letter = name.split()[-1], help.letters.get(name)
        used = rf"(?<![\w-])-?{option}\b" + (rf"|(?<![\w-])-\w*{letter}\b" if letter else "")
        if option.startswith("--") and not any(re.search(used, text) for text in texts):
            complain(f"{name}: no test of its line uses it")


def check_commands(rows, program, complain):
    help, listed = Help(program), []
    for row in rows:
        if len(row) == 4 and row[1] == ABSENT:
            if row[2] or not row[3] or set(options(row[0])) & {*help.commands, *help.letters}:
                complain(f"{row[0]}: absent is what the program has not, with the reason")
            continue
        check_row(row, complain)
        check_options(row, help, complain)
        listed += options(row[0])
    compare("command", [*help.commands, *help.letters], listed, complain)


def main():
    if not os.path.exists(SCHEMAS[0]):
        print("conformance: skipped: golang-github-opencontainers-specs-dev is not installed")
        return 0
    problems = []
    sections = read_sections()
    listed = []
    for name in ["config.json", "process", "linux", "Mount options"]:
        for row in sections[name]:
            check_row(row, problems.append)
            listed += members(row[0]) if name != "Mount options" else []
    compare("member", Schema().leaves, listed, problems.append)
    features = json.loads(subprocess.run([f"{sys.argv[1]}/pctrun", "features"], stdout=subprocess.PIPE, check=True).stdout)
    words = [word for row in sections["Mount options"] for word in re.findall(r"`([^`]+)`", row[0])]
    compare("mount option", features["mountOptions"], words, problems.append)
    for row in next(rows for name, rows in sections.items() if name.startswith("Environment")):
        check_row(row, problems.append)
    check_commands(sections["Commands"], f"{sys.argv[1]}/pctrun", problems.append)
    for problem in problems:
        print(f"conformance: {problem}")
    return 1 if problems else 0


sys.exit(main())
