"""Sum up what the suites of scripts/test did, and fail on what they did not do.

usage: report.py FOLDER ADDON

FOLDER holds one JUnit file a suite (*.xml), `install.log` with the tests that Odoo ran
while installing, `tours` with a line for each browser tour run, and `steps` with a line
for each other step: its status, a tab, its name.
"""

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

NATIVE = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


@dataclass
class Total:
    passed: int = 0
    failed: int = 0
    problems: list = field(default_factory=list)

    def add(self, name, passed, failed):
        self.passed += passed
        self.failed += failed
        print(f"  {name:<28} {passed:>5} passed {failed:>4} failed")

    def fail(self, problem):
        self.failed += 1
        self.problems.append(problem)


def add_junit(total, path):
    passed = failed = 0
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            failed += 1
        elif "skipped" in outcomes:
            reason = case.find("skipped").get("message")
            # Those ran while installing.
            if "--odoo-skip-at-install" not in reason:
                total.fail(f"skipped: {name}: {reason}")
        else:
            passed += 1
    total.add(path.stem, passed, failed)
    return passed + failed


def add_native(total, log):
    run = failed = 0
    for failures, errors, tests in NATIVE.findall(log.read_text(encoding="utf-8")):
        failed += int(failures) + int(errors)
        run += int(tests)
    total.add("at install", run - failed, failed)
    return run


def written(addon):
    """How many tests and how many tours the addon's test files hold."""
    tests = tours = 0
    for path in Path(addon, "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                tests += 1
            if isinstance(node, ast.Call) and called(node) == "start_tour":
                tours += 1
    return tests, tours


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def main(folder, addon):
    total = Total()
    for line in (folder / "steps").read_text(encoding="utf-8").splitlines():
        status, name = line.split("\t")
        total.add(name, status == "0", status != "0")
    run = add_native(total, folder / "install.log")
    for path in sorted(folder.glob("*.xml")):
        count = add_junit(total, path)
        run += count if path.stem == "addon" else 0
    tours_file = folder / "tours"
    tours = len(tours_file.read_text().splitlines()) if tours_file.exists() else 0
    tests_written, tours_written = written(addon)
    print(f"  {run} tests of the addon run, {tests_written} written")
    print(f"  {tours} tours run in a browser, {tours_written} written")
    if run < tests_written:
        total.fail(f"only {run} of {tests_written} tests ran")
    if tours < max(tours_written, 1):
        total.fail(f"only {tours} of {tours_written} tours ran")
    for problem in total.problems:
        print(f"  FAILED  {problem}")
    print(f"{total.passed} passed, {total.failed} failed")
    return bool(total.failed)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
