import base64
import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import shopify_schema
from dev.command import run
from dev.errors import DevError
from dev.node import accepted
from dev.paths import ROOT
from dev.progress import Progress, Step
from dev.stamp import Stamp, digest
from dev.steps import SetupStep
from dev.tracked import problems


def test_a_digest_follows_content_name_and_facts(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("content")
    before = digest([one, two])
    assert len({before, digest([one]), digest([one], ["fact"])}) == 3
    assert digest([two, one]) == before
    two.write_text("content")
    assert len({before, digest([one, two]), digest([one]), digest([two])}) == 4


class Counted:
    """A step whose input is `state` and which counts how often it worked."""

    def __init__(self, name: str) -> None:
        self.state, self.exists, self.fails, self.times = "a", True, False, 0
        self.step = SetupStep(name, "Counting", lambda: self.state, lambda: self.exists, self._work)

    def _work(self, _step: Step) -> None:
        self.times += 1
        if self.fails:
            raise DevError("it did not work")


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> Iterator[Counted]:
    name = f"test-{request.node.name}"
    yield Counted(name)
    Stamp(name).clear()


def test_a_step_is_skipped_until_its_input_changes(counted: Counted) -> None:
    progress = Progress(io.StringIO())
    assert [counted.step.ensure(progress) for _ in range(3)] == [True, False, False]
    counted.state = "b"
    assert [counted.step.ensure(progress) for _ in range(2)] == [True, False]
    assert counted.times == 2


def test_a_step_is_done_again_when_its_result_is_gone(counted: Counted) -> None:
    progress = Progress(io.StringIO())
    counted.step.ensure(progress)
    counted.exists = False
    assert counted.step.ensure(progress)


def test_a_step_that_failed_is_tried_again_and_said(counted: Counted) -> None:
    out = io.StringIO()
    counted.fails = True
    for _ in range(2):
        with pytest.raises(DevError, match="it did not work"):
            counted.step.ensure(Progress(out))
    assert counted.times == 2
    assert "failed" in out.getvalue()


def test_an_unknown_step_is_named() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "dev" / "setup.py", "nonsense"], capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == 2
    assert done.stderr.startswith("No such step: nonsense. There are: venv, packages,")


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error code ENOTFOUND", "The package registry could not be reached"),
        ("error: Permission denied (os error 13)", "Files here cannot be written"),
    ],
)
def test_a_failed_program_is_explained(output: str, advice: str) -> None:
    code = f"import sys; print({output!r}); sys.exit(1)"
    with pytest.raises(DevError) as failure:
        run([sys.executable, "-c", code], Step("x"), failure="It could not be done.")
    lines = str(failure.value).splitlines()
    assert lines[:2] == ["It could not be done.", f"    {output}"]
    assert lines[2].startswith(advice)


def package(tmp_path: Path, names: list[str]) -> tuple[Path, str]:
    """An npm package with those files, and its sha512."""
    archive = tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as file:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            file.addfile(member, io.BytesIO(name.encode()))
    return archive, base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


SCHEMAS = ["package/dist/data/admin_2026-07.json.gz", "package/dist/data/admin_2026-10.json.gz"]


def test_only_the_schemas_are_taken_out_of_the_package(tmp_path: Path) -> None:
    archive, sha512 = package(tmp_path, [*SCHEMAS, "package/index.js", "package/../../escaped"])
    folder = tmp_path / "cache"
    shopify_schema.unpack(archive, folder, sha512)
    assert sorted(file.name for file in folder.iterdir()) == [
        "admin_2026-07.json.gz",
        "admin_2026-10.json.gz",
    ]
    assert (folder / "admin_2026-10.json.gz").read_text() == SCHEMAS[1]


def test_another_package_is_refused_and_nothing_unpacked(tmp_path: Path) -> None:
    archive, _ = package(tmp_path, SCHEMAS)
    with pytest.raises(DevError, match="is not the package that was expected"):
        shopify_schema.unpack(archive, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_changed_schema_file_is_noticed(tmp_path: Path) -> None:
    assert shopify_schema.is_current()
    archive, sha512 = package(tmp_path, SCHEMAS)
    shopify_schema.unpack(archive, tmp_path / "cache", sha512)
    assert not shopify_schema.is_current(tmp_path / "cache")


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ((18, 20), False),
        ((20, 18), False),
        ((20, 19), True),
        ((21, 7), False),
        ((22, 11), False),
        ((24, 0), True),
    ],
)
def test_the_node_versions_that_vite_takes(version: tuple[int, int], good: bool) -> None:
    assert accepted(version) is good


HOST = "py" + "pi.org"
HOME = "/ho" + "me/ada"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.md", f"line\nsee https://{HOST}/x", f"a.md:2: names a package index: {HOST}"),
        ("a.py", f'PATH = "{HOME}/x"', f"a.py:1: names a folder of one machine: {HOME}"),
        ("frontend/package-lock.json", '{"resolved": 1}', None),
        (
            "requirements/app.txt",
            "--index-url x",
            "requirements/app.txt:1: has an address in a lock file: --index-url",
        ),
    ],
)
def test_what_a_tracked_file_may_not_hold(name: str, text: str, found: str | None) -> None:
    expected = found or 'frontend/package-lock.json:1: has an address in a lock file: "resolved":'
    assert list(problems(name, text)) == [expected]


@pytest.mark.parametrize(
    "text", ["backend/work/x", "the /works/ of", "https://host/root-cause", "WORKDIR /app"]
)
def test_what_only_looks_like_a_machines_folder(text: str) -> None:
    assert list(problems("a.md", text)) == []
