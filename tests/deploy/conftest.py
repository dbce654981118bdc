"""Tools that only these tests need. A test whose tool is absent is skipped, and names what installs it."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from deploy import box, images

TOOLS = images.ROOT / "deploy" / "tools" / "bin"
ELSEWHERE = {"promtool": "Debian's package prometheus has it"}


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    def find(name: str) -> str:
        found = shutil.which(name) or shutil.which(name, path=str(TOOLS))
        if found is None:
            where = ELSEWHERE.get(name, "deploy/tools/install_checks.sh installs it")
            pytest.skip(f"no {name} here: {where}")
        return found

    return find


@pytest.fixture(scope="session")
def built_images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Path]]:
    """/opt/onrecord of every image, built by the Dockerfiles' own lines."""
    if why := box.lacking():
        pytest.skip(f"the images' build can not be run here: {why}")
    folder = tmp_path_factory.mktemp("images")
    lock = images.build_lock(folder)
    built = {name: images.build_image(name, lock, folder) for name in images.MEMBERS}
    yield built
    shutil.rmtree(folder, ignore_errors=True)
