"""The build stages of our Dockerfiles, run as they are written, at the paths they name."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.box import Box
from deploy.dockerfile import Dockerfile, Stage, expand, read

ROOT = Path(__file__).parents[2]
MEMBERS = {
    "feed": "services/feed",
    "scraper": "services/scraper",
    "extractor": "services/extractor",
    "store": "services/store",
    "cli": "libs/cli",
}
BUILD_LIMIT_S = 900.0  # the first download on a slow line
FROM_OUTSIDE = (
    "PIP_INDEX_URL",
    "PIP_CONFIG_FILE",
    "PIP_CERT",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "HTTPS_PROXY",
    "https_proxy",
)


def dockerfile(name: str) -> Dockerfile:
    return read(ROOT / MEMBERS[name] / "Dockerfile")


def build_lock(folder: Path) -> Path:
    """The stage that all images share; returns its /build."""
    build = folder / "lock"
    build.mkdir()
    _run(dockerfile("feed"), "lock", folder, {"/build": build})
    return build


def build_image(name: str, lock: Path, folder: Path) -> Path:
    """What the final stage copies: /opt/onrecord."""
    build, installed = folder / f"{name}-build", folder / f"{name}-onrecord"
    build.mkdir()
    installed.mkdir()
    _run(dockerfile(name), "install", folder, {"/build": build, "/build/lock": lock / "lock", "/opt/onrecord": installed})
    shutil.rmtree(build)
    return installed


def _run(file: Dockerfile, stage_name: str, folder: Path, binds: dict[str, Path]) -> None:
    stage = file.stage(stage_name)
    for inherited in [*(earlier for earlier in file.stages if earlier.name == stage.base), stage]:
        _copy(inherited, binds["/build"])
    root = folder / "root"
    root.mkdir(exist_ok=True)
    home = folder / "home"  # pip's cache, which later images' steps find in the shared stage's layer
    home.mkdir(exist_ok=True)
    environment = {"HOME": "/home/build", **{name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}}
    box = Box(root, {"/home/build": home, **binds}, writable=True)
    for step in (step for step in stage.steps if step.word == "RUN"):
        command = box.command(["sh", "-c", expand(step.rest, file.arguments)], environment, workdir="/build")
        done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_LIMIT_S, check=False)
        assert done.returncode == 0, f"RUN {step.rest}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


def _copy(stage: Stage, build: Path) -> None:
    """Only what git knows, or would know: nothing else is in a clean checkout, which is what gets built."""
    for step in (step for step in stage.steps if step.word == "COPY"):
        *sources, target = step.words
        place = build / target
        for source in sources:
            listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", source]
            for name in subprocess.run(listed, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines():
                if not (ROOT / name).is_file():
                    continue  # removed and not yet committed
                relative = Path(name).relative_to(source) if (ROOT / source).is_dir() else Path(Path(name).name)
                (place / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, place / relative)
