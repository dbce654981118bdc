"""What a container engine gives a process, from the kernel's own parts: a root of its own, read-only, no capabilities.

No engine is needed, and none is replaced: there is no image, no network of its own and no limit on memory.
"""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST = ("bin", "etc", "lib", "lib32", "lib64", "sbin", "usr")  # what a base image would bring


PYTHON_HOME = Path(sys.base_prefix)
# The base image's, with whatever holds this machine's Python in the place of /usr/local.
PATH = f"{PYTHON_HOME / 'bin'}:/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Box:
    """`binds`: source by target, writable only where `writable`; `uid` drops every capability for good."""

    root: Path
    binds: Mapping[str, Path] = field(default_factory=dict)
    writable: bool = False
    uid: int | None = None
    tmp: str = "size=2g,mode=1777"

    def command(self, command: Sequence[str], environment: Mapping[str, str], workdir: str = "/") -> list[str]:
        """`environment` is all that the process has, and PATH."""
        pairs = {**environment, "PATH": environment.get("PATH", "$PATH").replace("$PATH", PATH)}
        inside = ["env", "-i", "-C", workdir, *(f"{name}={value}" for name, value in pairs.items()), *command]
        if self.uid is not None:
            identity = [f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]
            inside = ["setpriv", *identity, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", *inside]
        script = "\n".join([*self._mounts(), shlex.join(["exec", "chroot", str(self.root), *inside])])
        return ["unshare", "--mount", "--propagation", "private", "sh", "-euc", script]

    def _mounts(self) -> list[str]:
        root = shlex.quote(str(self.root))
        lines = [
            f"mount -t tmpfs -o mode=0755 root {root}",
            f"mkdir -p {root}/proc {root}/dev {root}/tmp {root}/var/tmp {root}/run",
        ]
        for name in HOST:
            path = Path("/") / name
            if path.is_symlink():
                lines.append(f"ln -s {shlex.quote(str(path.readlink()))} {root}/{name}")
            elif path.is_dir():
                lines += [
                    f"mkdir {root}/{name}",
                    f"mount --rbind /{name} {root}/{name}",
                    f"mount -o remount,bind,ro {root}/{name}",
                ]
        lines += [f"mount -t proc proc {root}/proc", f"mount --rbind /dev {root}/dev"]
        lines.append(f"mount -t tmpfs -o {self.tmp} tmp {root}/tmp")
        if not PYTHON_HOME.is_relative_to("/usr"):
            lines += self._bind(str(PYTHON_HOME), PYTHON_HOME, writable=False)
        for target, source in self.binds.items():
            lines += self._bind(target, source, writable=self.writable)
        return [*lines, *([] if self.writable else [f"mount -o remount,ro {root}"])]

    def _bind(self, target: str, source: Path, *, writable: bool) -> list[str]:
        place = Path(f"{self.root}{target}")
        folder, quoted = (place if source.is_dir() else place.parent), shlex.quote(str(place))
        lines = [f"mkdir -p {shlex.quote(str(folder))}"] + ([] if source.is_dir() else [f"test -e {quoted} || touch {quoted}"])
        lines.append(f"mount --bind {shlex.quote(str(source))} {quoted}")
        return lines if writable else [*lines, f"mount -o remount,bind,ro {quoted}"]


def lacking() -> str:
    """Why boxes can not be made here; empty where they can."""
    for tool in ("unshare", "setpriv", "chroot", "mount"):
        if shutil.which(tool) is None:
            return f"no {tool} here"
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/tmp"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this user may not make mount namespaces"
