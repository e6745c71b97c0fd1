"""JUnit's XML, as Jenkins and most other servers read it; a finding is a test that failed."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as xml

from trackfix.lint.finding import Finding
from trackfix.lint.report_data import LintError, LintReport
from trackfix.report.lint.words import describe_fix

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: LintReport) -> str:
    """A suite for each file that has findings, or one suite with one test that passed."""
    root = xml.Element("testsuites", name="trackfix")
    for path, found in groupby(report.in_order, key=lambda finding: finding.path):
        _file(root, path, list(found))
    for error in report.errors:
        _error(root, error)
    if not len(root):
        suite = _suite(root, "trackfix", tests=1)
        xml.SubElement(suite, "testcase", name="no findings", classname="trackfix", time="0")
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode")


def _file(root: xml.Element, path: str, found: list[Finding]) -> None:
    suite = _suite(root, path, tests=len(found), failures=len(found))
    for finding in found:
        name = f"{finding.code} {finding.name}:{finding.line}:{finding.column}"
        fix = f"\nfix: {describe_fix(finding.fix)}" if finding.fix is not None else ""
        place = f"{path}:{finding.line}:{finding.column}"
        failure = xml.SubElement(
            _test(suite, name, path),
            "failure",
            type=finding.code,
            message=_clean(finding.message),
        )
        failure.text = _clean(f"{place}: {finding.code} {finding.message}{fix}")


def _error(root: xml.Element, error: LintError) -> None:
    test = _test(_suite(root, error.path, tests=1, errors=1), "readable", error.path)
    failure = xml.SubElement(test, "error", type="error", message=_clean(error.message))
    failure.text = _clean(f"{error.path}:{error.line or 1}: {error.message}")


def _suite(
    root: xml.Element, name: str, *, tests: int, failures: int = 0, errors: int = 0
) -> xml.Element:
    return xml.SubElement(
        root,
        "testsuite",
        name=_clean(name),
        tests=str(tests),
        failures=str(failures),
        errors=str(errors),
        skipped="0",
        time="0",
    )


def _test(suite: xml.Element, name: str, path: str) -> xml.Element:
    # Servers group by what is before the last dot of the class, so a path keeps its slashes.
    classname = _clean(path.removesuffix(".py"))
    return xml.SubElement(suite, "testcase", name=_clean(name), classname=classname, time="0")


def _clean(text: str) -> str:
    """The text without the characters that XML cannot hold in any spelling."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
