"""As much of the Dockerfile language as our own files use."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = re.compile(r"\$\{?([A-Z_]+)\}?")


@dataclass(frozen=True, slots=True)
class Step:
    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The exec form's, or the shell's."""
        return list(json.loads(self.rest)) if self.rest.startswith("[") else shlex.split(self.rest)


@dataclass(slots=True)
class Stage:
    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, word: str) -> Step:
        return [step for step in self.steps if step.word == word][-1]

    def environment(self) -> dict[str, str]:
        pairs = [pair.partition("=") for step in self.steps if step.word == "ENV" for pair in step.words]
        return {name: value for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Dockerfile:
    arguments: dict[str, str]
    stages: list[Stage]

    @property
    def final(self) -> Stage:
        return self.stages[-1]

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)


def read(path: Path) -> Dockerfile:
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(expand(base, arguments), name))
        elif word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name] = value
        elif word:
            stages[-1].steps.append(Step(word, rest))
    return Dockerfile(arguments, stages)


def expand(text: str, arguments: dict[str, str]) -> str:
    return VARIABLE.sub(lambda match: arguments.get(match[1], match[0]), text)
